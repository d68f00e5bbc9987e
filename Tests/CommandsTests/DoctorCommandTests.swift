import CanonicalJSON
import Foundation
import Testing

/// `stele doctor`, as a command line.
@Suite struct DoctorCommandTests {
  @Test func `what is found is said with what it should be and what to type`() async throws {
    let project = try await Project()

    let ran = await project.run("doctor")

    #expect(ran.results.contains("ok       ledger: opens: 2 entries of tamma/"), "\(ran.results)")
    #expect(ran.results.contains("warning  keys: recovery.pem: at "))
    #expect(ran.results.contains("         should be: on another machine\n"))
    #expect(ran.results.contains("         next: scp "))
    #expect(ran.notices == "")
  }

  @Test func `one failure is enough for exit 1, and JSON names it`() async throws {
    let project = try await Project()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: project.file(".stele/ledger.sqlite"))

    let ran = await project.run("doctor --output json")

    #expect(ran.status == 1)
    let json = try ran.json()
    #expect(json["schema"] == "stele.doctor")
    let findings = try #require(json["findings"]?.arrayValue).compactMap(\.objectValue)
    let failed = findings.filter { $0["verdict"] == "failed" }
    #expect(failed.map { $0["check"] } == ["ledger.sqlite"], "\(failed)")
    #expect(failed.first?["next"] == .string("chmod 600 " + project.file(".stele/ledger.sqlite")))
    #expect(json["failed"] == 1)
  }

  @Test func `there is nothing to examine without a ledger`() async throws {
    let project = try await Project(isInitialized: false)

    #expect(await project.run("doctor").status == 78)
  }
}
