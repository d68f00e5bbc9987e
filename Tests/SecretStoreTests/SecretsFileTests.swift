import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Projections
import TestKit
import Testing

@testable import SecretStore

/// A place's file: its own, whole, and nobody else's.
@Suite struct SecretsFileTests {
  private let directory: TemporaryDirectory
  private let file: SecretsFile
  private let place = Place("shop", "staging")

  init() throws {
    directory = try TemporaryDirectory()
    file = SecretsFile(place, in: directory.path)
  }

  private func sealed(_ place: Place? = nil) -> SealedSecrets {
    let digest = Digest(bytes: [UInt8](repeating: 1, count: 32))
    return SealedSecrets(
      place ?? self.place, check: digest,
      recipients: [
        WrappedKey(
          recipient: SecretRecipient(.keyFile, hmac: digest), age: nil, wrapped: SealedBytes([1]))
      ])
  }

  private func write(_ text: String, mode: Int = 0o600) throws {
    _ = try file.changing { try $0.replace(with: sealed()) }
    try text.write(toFile: file.path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
  }

  @Test func `what was written is read again, and nobody else may read it`() throws {
    var sealed = sealed()
    for version in [2, 1] { sealed.put(SealedBytes([3]), as: "b", version: version) }
    sealed.put(SealedBytes([2]), as: "a", version: 7)

    try file.changing { try $0.replace(with: sealed) }

    #expect(try file.read() == sealed)
    var status = stat()
    #expect(stat(file.path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
    #expect(stat(directory.file("secrets"), &status) == 0 && status.st_mode & 0o7777 == 0o700)
  }

  @Test func `a version that was never recorded gives way to the one that is`() throws {
    var sealed = sealed()
    for version in 1...3 { sealed.put(SealedBytes([UInt8(version)]), as: "a", version: version) }

    sealed.put(SealedBytes([9]), as: "a", version: 2)

    #expect(sealed.values.map(\.version) == [1, 2])
    #expect(sealed.box("a", version: 2) == SealedBytes([9]))
  }

  @Test func `where nothing was set there is no file`() throws {
    #expect(try file.read() == nil)
  }

  @Test(arguments: [
    ("{", "at byte"), ("{}", "check"),
    (#"{"check":"00","place":"shop.staging","recipients":[],"secrets":[],"v":1}"#, "check"),
  ])
  func `a damaged file is named, and what is wrong with it`(text: String, words: String) throws {
    try write(text)

    let error = #expect(throws: SecretStoreError.self) { try file.read() }

    #expect("\(try #require(error))".contains(words))
    #expect("\(try #require(error))".contains(file.path))
  }

  @Test func `another place's file is none of this one`() throws {
    try write(sealed(Place("shop", "production")).json.canonicalText())

    #expect(throws: SecretStoreError.damaged(path: file.path, "it is shop.production's")) {
      try file.read()
    }
  }

  @Test func `a file that others can read is refused`() throws {
    try write(sealed().json.canonicalText(), mode: 0o644)

    #expect(throws: LedgerError.modeTooOpen(path: file.path, mode: 0o644)) { try file.read() }
  }
}
