import CanonicalJSON
import Testing

import enum Crypto.AES
import struct Crypto.SymmetricKey

@testable import Verification

/// The vault's values against their commitments.
@Suite struct VaultTests {
  private static let vaultKey = [UInt8](repeating: 7, count: 32)
  let file: LedgerFile

  init() throws {
    file = try LedgerFile(.goldenWithCheckpoint)
    try file.create("vault.sqlite", from: "0001_vault.sql")
    try file.create("vault-keys.sqlite", from: "0001_vault_keys.sql")
    for sealed in GoldenFile.shared.sealed { try store(sealed) }
  }

  private func store(_ sealed: GoldenFile.Sealed) throws {
    let entry = try #require(Identifier(parsing: sealed.entry))
    let subject = try #require(Identifier(parsing: sealed.subject))
    try file.execute(
      """
      INSERT INTO sealed VALUES (\(LedgerFile.blob(entry.bytes)), \(sealed.event),
        \(LedgerFile.text(sealed.pointer)), \(LedgerFile.blob(subject.bytes)), 1,
        x'\(sealed.nonce)\(sealed.ciphertextAndTag)')
      """, in: "vault.sqlite")
    let box = try AES.GCM.seal(
      #require(Hex.decode(sealed.key)), using: SymmetricKey(data: VaultTests.vaultKey),
      authenticating: VaultFiles.wrapping(subject))
    let wrapped = LedgerFile.blob(Array(try #require(box.combined)))
    try file.execute(
      "INSERT OR IGNORE INTO person VALUES (\(LedgerFile.blob(subject.bytes)), \(wrapped))",
      in: "vault-keys.sqlite")
  }

  private func verify(_ key: [UInt8]? = vaultKey) async throws -> VerificationReport {
    try await LedgerVerifier().verify(file.source(vaultKey: key))
  }

  @Test func `golden ciphertexts open to the values that were committed to`() async throws {
    let report = try await verify()
    #expect(report.findings == [])
    #expect(report.counts.sealedValues == 3)
    #expect(report.counts.sealedNotReadable == 0)
  }

  @Test func `without the vault's key, or with another, nothing is said of the values`()
    async throws
  {
    for key in [nil, [UInt8](repeating: 8, count: 32)] {
      let report = try await verify(key)
      #expect(report.findings == [])
      #expect(report.counts.sealedNotReadable == 3)
    }
  }

  @Test(arguments: [
    "DELETE FROM sealed", "UPDATE sealed SET ciphertext = zeroblob(64)",
    "UPDATE sealed SET pointer = pointer || 'x'",
  ])
  func `a value that is gone or does not open is a finding`(sql: String) async throws {
    try file.execute("DROP TRIGGER sealed_changes_only_by_settling", in: "vault.sqlite")
    try file.execute(sql, in: "vault.sqlite")

    let findings = try await verify().findings

    #expect(findings.map(\.error.name) == ["sealedMissing", "sealedMissing", "sealedMissing"])
    #expect(findings.map(\.position) == [4, 4, 5])
  }

  @Test func `a person whose key is gone looks erased, and was not`() async throws {
    let subject = try #require(Identifier(parsing: GoldenFile.shared.sealed[2].subject))
    try file.execute(
      "DELETE FROM person WHERE subject = \(LedgerFile.blob(subject.bytes))",
      in: "vault-keys.sqlite")
    #expect(
      try await verify().findings == [
        .init(
          position: 5,
          error: .sealedMissing(event: 0, pointer: "/comment", subject: subject))
      ])
  }

  @Test func `a vault that cannot be read ends the verification`() async throws {
    try file.execute("DROP TABLE sealed", in: "vault.sqlite")
    let error = await #expect(throws: LedgerReadError.self) { try await verify() }
    #expect(error?.file.hasSuffix("vault.sqlite") == true)
  }

  @Test func `an erased person's values are neither valid nor broken`() async throws {
    var forge = try LedgerForge.staffed()
    let subject = GoldenFile.shared.key("deployer").owner
    let reason =
      #"{"reason":{"$sealed":{"commitment":"\#(Hashing.emptyRoot)","subject":"\#(subject)"}}}"#
    forge.append(
      .init(runs: [.init("build.recorded", "build/tamma", 1, [reason], application: "tamma")]))
    forge.append(
      .init(
        actor: "administrator",
        runs: [.init("privacy.erased", "privacy/\(subject)", 1, [#"{"basis":"request"}"#])]))
    let erased = try await LedgerVerifier().verify(forge.ledger)
    #expect(erased.findings == [])
    #expect(erased.erased == 1)

    forge.append(
      .init(runs: [.init("build.recorded", "build/tamma", 2, [reason], application: "tamma")]))
    let after = try await LedgerVerifier().verify(forge.ledger)
    #expect(after.findings.map(\.error.name) == ["sealedMissing"])
    #expect(after.findings.map(\.position) == [4])
  }
}
