import CFaults
import Foundation
import LedgerStore
import TestKit
import Testing

@testable import Operations

/// `stele doctor`: what appending writes, and this user cannot.
@Suite struct DoctorWritingTests {
  private let shop: Shop
  private var state: String { KeyRing.stateDirectory(variables: shop.variables) }

  init() async throws {
    shop = try await Shop()
    try "[]".write(
      toFile: shop.workspace.ledger + "/denials", atomically: false, encoding: .utf8)
    let root = shop.directory.path
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root).map { root + "/" + $0 }
    for path in [root] + paths { try chmod(path, 0o777) }
  }

  private func chmod(_ path: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  /// Root may write everything, so its tests look at files as nobody does.
  private func findings() -> [DoctorFinding] {
    let previous = cfaults_reach_files_as(65_534)
    defer { _ = cfaults_reach_files_as(previous) }
    return DoctorWriting(shop.workspace, stateDirectory: state).findings()
  }

  @Test func `what can be written is not complained of`() {
    #expect(findings().map(\.verdict) == [.ok])
  }

  @Test(arguments: [
    ("ledger.sqlite", 0o444), ("ledger.sqlite-wal", 0o444), ("ledger.sqlite-shm", 0o444),
    ("vault.sqlite", 0o444), ("vault-keys.sqlite", 0o444), ("anchor", 0o444), ("lock", 0),
    ("denials", 0),
  ])
  func `a file that cannot be written failed, with the command that mends it`(
    name: String, mode: Int
  ) throws {
    let path = shop.workspace.ledger + "/" + name
    try chmod(path, mode)

    let findings = findings()

    #expect(findings.map(\.verdict) == [.failed], "\(name)")
    #expect(findings.first?.value == "\(path) cannot be written: Permission denied (13)")
    #expect(findings.first?.next == "chmod u+rw \(path)")
  }

  @Test func `a folder in which nothing can be made failed`() throws {
    try chmod(shop.workspace.ledger, 0o555)
    try chmod(state, 0o555)

    let findings = findings()

    #expect(findings.map(\.verdict) == [.failed, .failed])
    #expect(
      findings.map(\.next) == ["chmod u+rwx \(shop.workspace.ledger)", "chmod u+rwx \(state)"])
  }
}
