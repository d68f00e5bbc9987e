import Cryptography
import Foundation
import Subprocess

/// The program age (https://age-encryption.org), Debian's package of that name: what it is given
/// and what it gives goes through pipes, never through arguments or files.
enum AgeProgram {
  /// A wrapped key has about 250 bytes.
  private static let outputLimitBytes = 65_536

  static func encrypt(
    _ key: SecretBytes, for recipient: AgeRecipient
  ) async throws(SecretStoreError) -> [UInt8] {
    try await output(of: ["--encrypt", "--recipient", recipient.text], given: key)
  }

  /// - Returns: 32 bytes.
  static func decrypt(
    _ wrapped: [UInt8], with identity: String
  ) async throws(SecretStoreError) -> SecretBytes {
    let key = SecretBytes(
      try await output(
        of: ["--decrypt", "--identity", identity], given: SecretBytes(wrapped)))
    guard key.count == SealedBox.keyByteCount else {
      throw .ageFailed("it gave \(key.count) bytes, and a key has \(SealedBox.keyByteCount)")
    }
    return key
  }

  /// What it needs to be found and to find a plugin: no token that somebody has for another.
  private static var surroundings: Environment {
    let own = ProcessInfo.processInfo.environment
    var few: [Environment.Key: String] = [:]
    for name in ["PATH", "HOME", "TERM"] { few[.init(stringLiteral: name)] = own[name] }
    return .custom(few)
  }

  private static func output(
    of arguments: [String], given input: SecretBytes
  ) async throws(SecretStoreError) -> [UInt8] {
    do {
      let result = try await run(
        .name("age"), arguments: Arguments(arguments), environment: surroundings,
        input: .array(input.read { $0 }),
        output: .bytes(limit: outputLimitBytes), error: .string(limit: 4_096))
      guard result.terminationStatus.isSuccess else {
        throw SecretStoreError.ageFailed(firstLine(of: result.standardError))
      }
      return result.standardOutput
    } catch let error as SecretStoreError {
      throw error
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw .ageMissing
    } catch {
      throw .ageFailed("it could not be run")
    }
  }

  /// `age: error: no identity matched any of the recipients`; the rest is advice of its own.
  private static func firstLine(of text: String) -> String {
    String(text.split(separator: "\n").first ?? "it gave no reason")
  }
}
