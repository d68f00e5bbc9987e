import Cryptography
import Events
import Foundation
import LedgerStore

/// Gives the values of one scheme's references.
protocol SecretSource: Sendable {
  func value(of reference: SecretReference) async throws(SecretSourceError) -> SecretBytes
}

/// Gives the value of any reference, by its scheme.
///
/// What comes over HTTP is text to Swift, and its copies are not overwritten.
package struct SecretSources: Sendable {
  private let variables: [String: String]
  private let time: any TimeSource

  /// - Parameter variables: Of the process: `env:` names one of them; `VAULT_ADDR` and
  ///   `VAULT_TOKEN` say where Vault is, `AWS_REGION`, `AWS_ACCESS_KEY_ID` and so on who asks AWS.
  package init(variables: [String: String], time: any TimeSource = SystemTime()) {
    self.variables = variables
    self.time = time
  }

  /// - Throws: ``SecretSourceError``; also for a value that is empty or longer than one may be.
  package func value(
    of reference: SecretReference
  ) async throws(SecretSourceError) -> SecretBytes {
    let value = try await source(of: reference.scheme).value(of: reference)
    guard (1...SecretLimits.valueBytes).contains(value.count) else {
      throw SecretSourceError(
        reference,
        "its value has \(value.count) bytes, and one has 1 to "
          + "\(SecretLimits.valueBytes)")
    }
    return value
  }

  private func source(of scheme: SecretReference.Scheme) -> any SecretSource {
    switch scheme {
    case .env: VariableSource(variables: variables)
    case .file: FileSource()
    case .vault: VaultSource(variables: variables)
    case .awsSecretsManager: AWSSource(variables: variables, time: time)
    }
  }
}

/// A variable of this process.
private struct VariableSource: SecretSource {
  let variables: [String: String]

  func value(of reference: SecretReference) throws(SecretSourceError) -> SecretBytes {
    guard !reference.isOfStele else {
      throw SecretSourceError(reference, "variables of STELE_ are this program's own")
    }
    guard let value = variables[reference.path] else {
      throw SecretSourceError(reference, "the agent's process has no such variable")
    }
    return SecretBytes(Array(value.utf8))
  }
}

/// A file of this user, that nobody else can read; a line end after the value is left out.
private struct FileSource: SecretSource {
  func value(of reference: SecretReference) throws(SecretSourceError) -> SecretBytes {
    do throws(LedgerError) { try SecretFile.check(reference.path) } catch {
      throw SecretSourceError(reference, "\(error)")
    }
    guard var bytes = FileManager.default.contents(atPath: reference.path).map({ [UInt8]($0) })
    else { throw SecretSourceError(reference, "it cannot be read") }
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return SecretBytes(bytes)
  }
}

/// Why a reference gave no value; none is in it.
package struct SecretSourceError: Error, Hashable, Sendable {
  package let reference: SecretReference
  /// As a clause.
  package let clause: String

  init(_ reference: SecretReference, _ clause: String) {
    self.reference = reference
    self.clause = clause
  }
}

extension SecretSourceError: CustomStringConvertible {
  package var description: String {
    "No secret was had from \(reference.text): \(clause). See config/application.yaml."
  }
}
