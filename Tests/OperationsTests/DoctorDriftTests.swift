import Environments
import Operations
import TestKit
import Testing

/// A comparison that is older than a day counts as none.
@Suite struct DoctorDriftTests {
  @Test func `a scan counts for a day`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await DriftWork(shop.session, runtimes: shop.runtimes).scan(
      Shop.staging, files: .seen(shop.configuration().recorded), by: shop.person)
    func verdict() async throws -> DoctorFinding.Verdict {
      let findings = await DoctorWork(
        shop.workspace, variables: shop.variables, version: "stele test", time: shop.time
      ).examine()
      return try #require(findings.first { $0.area == .drift }).verdict
    }

    #expect(try await verdict() == .ok)
    shop.time.advance(milliseconds: 24 * 3_600_000 + 1)
    #expect(try await verdict() == .warning)
  }
}
