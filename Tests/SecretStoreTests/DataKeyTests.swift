import CanonicalJSON
import Cryptography
import Events
import Foundation
import Projections
import TestKit
import Testing

@testable import SecretStore

/// What opens an environment's secrets, and what does not.
@Suite struct DataKeyTests {
  private let random = SystemRandom()
  private let origin: Origin

  init() throws {
    origin = try Origin(parsing: "shop/04040404-0404-4404-8404-040404040404/1")
  }

  private var codes: SecretCodes { SecretCodes(vaultKey: Self.repeated(7), origin) }
  private var staging: SecretContext { SecretContext(origin, Place("shop", "staging")) }
  private var production: SecretContext { SecretContext(origin, Place("shop", "production")) }

  private static func repeated(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

  private func secret(_ text: String) -> SecretBytes { SecretBytes(Array(text.utf8)) }

  private func text(_ secret: SecretBytes) -> String {
    secret.read { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `a value opens under its own name and version, and under no other`() throws {
    let key = DataKey(staging, random: random)
    let box = key.seal(secret("hunter22"), as: "token", version: 3, random: random)

    #expect(try text(key.open(box, as: "token", version: 3)) == "hunter22")
    for (name, version) in [("token", 2), ("tokens", 3)] as [(SecretName, Int)] {
      #expect(
        throws: SecretStoreError.notAuthentic(name, version: version, staging.place)
      ) { try key.open(box, as: name, version: version) }
    }
  }

  @Test func `what is wrapped in one place opens in no other, and not in another ledger`() throws {
    let key = DataKey(staging, random: random)
    let file = SecretBytes(Self.repeated(9))
    let wrapped = key.wrapped(forKeyFile: file, codes, random: random)
    let other = try Origin(parsing: "shop/05050505-0505-4505-8505-050505050505/1")
    let later = try Origin(parsing: "shop/04040404-0404-4404-8404-040404040404/2")

    #expect(DataKey(wrapped, keyFile: file, staging)?.check == key.check)
    #expect(DataKey(wrapped, keyFile: file, production) == nil)
    #expect(DataKey(wrapped, keyFile: file, SecretContext(other, staging.place)) == nil)
    #expect(DataKey(wrapped, keyFile: file, SecretContext(later, staging.place)) != nil)
    #expect(DataKey(wrapped, keyFile: SecretBytes(Self.repeated(8)), staging) == nil)
  }

  @Test func `a passphrase opens what was wrapped for it`() {
    let key = DataKey(staging, random: random)
    let wrapped = key.wrapped(
      forPassphrase: secret("correct horse battery"), codes, random: random)

    #expect(
      DataKey(wrapped, passphrase: secret("correct horse battery"), codes, staging)?.check
        == key.check)
    #expect(DataKey(wrapped, passphrase: secret("correct horse"), codes, staging) == nil)
  }

  @Test func `a recipient is the same in two places, and so is a value`() {
    let file = SecretBytes(Self.repeated(9))
    let wrapped = [staging, production].map {
      DataKey($0, random: random).wrapped(forKeyFile: file, codes, random: random)
    }

    #expect(wrapped[0].recipient == wrapped[1].recipient)
    #expect(wrapped[0].wrapped != wrapped[1].wrapped)
    #expect(codes.code(of: secret("a")) == codes.code(of: secret("a")))
    #expect(codes.code(of: secret("a")) != codes.code(of: secret("b")))
  }

  @Test func `a key of age opens what was wrapped for it, and another does not`() async throws {
    let directory = try TemporaryDirectory()
    let keys = ["one", "two"].map { directory.file($0) }
    for path in keys { _ = try await TestProgram("age-keygen", "-o", path) }
    let said = try await TestProgram("age-keygen", "-y", keys[0])
    let recipient = try #require(
      AgeRecipient(said.text.trimmingCharacters(in: .whitespacesAndNewlines)))
    let key = DataKey(staging, random: random)

    let wrapped = try await key.wrapped(for: recipient, codes)

    let opened = try await DataKey(wrapped, ageIdentity: keys[0], staging)
    #expect(opened.check == key.check)
    await #expect(throws: SecretStoreError.self) {
      try await DataKey(wrapped, ageIdentity: keys[1], staging)
    }
  }

  @Test(arguments: [
    "age1", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8P",
    "ageql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p1",
    "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8pq", "--help",
  ])
  func `what is no recipient of age is not given to it`(text: String) {
    #expect(AgeRecipient(text) == nil)
  }

  @Test func `a secret is printed by nothing`() {
    let key = secret("hunter22")
    var dumped = ""
    dump(DataKey(staging, random: random), to: &dumped)
    dump(key, to: &dumped)

    #expect("\(key) \(String(reflecting: key))" == "a secret a secret")
    #expect(!dumped.contains("104"), "'h' is 104: \(dumped)")
  }

  /// Python, with a cryptographic library of its own, from what the doc comments say alone.
  @Test func `a second implementation opens the file`() async throws {
    let directory = try TemporaryDirectory()
    let key = DataKey(staging, random: random)
    let passphrase = secret("correct horse battery")
    var sealed = SealedSecrets(
      staging.place, check: key.check,
      recipients: [
        key.wrapped(forKeyFile: SecretBytes(Self.repeated(9)), codes, random: random),
        key.wrapped(forPassphrase: passphrase, codes, random: random),
      ])
    sealed.put(
      key.seal(secret("hunter22"), as: "token", version: 3, random: random), as: "token",
      version: 3)
    let path = directory.file("secrets.json")
    try sealed.json.canonicalText().write(toFile: path, atomically: true, encoding: .utf8)
    let script = try #require(
      Bundle.module.path(forResource: "open_secrets", ofType: "py", inDirectory: "Fixtures"))

    let said = try await TestProgram.python([
      script, path, "04040404-0404-4404-8404-040404040404", "07", "09", "correct horse battery",
    ])

    #expect(
      said.text == """
        keyFile token 3 hunter22
        passphrase token 3 hunter22
        \(codes.code(of: secret("hunter22")).hex)

        """)
  }
}
