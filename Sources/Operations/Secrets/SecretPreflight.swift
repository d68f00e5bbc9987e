import Cryptography
import Environments
import Events
import Platforms
import Projections
import SecretStore

extension Session {
  /// Opens every secret that a release needs, as its agent will, before anything is changed.
  ///
  /// - Throws: ``SecretsLacking``.
  func checkSecrets(
    of configuration: ResolvedConfiguration, _ sources: SecretSources
  ) async throws {
    let place = configuration.place
    let secrets = try state().secrets
    let missing = configuration.storedSecrets.map(\.name).filter {
      secrets.secret($0, in: place)?.newest == nil
    }
    guard missing.isEmpty else {
      throw SecretsLacking(
        reasons: missing.map { "`stele secret set \(place.environment) \($0)`: there is no \($0)" })
    }
    do {
      let open = configuration.storedSecrets.isEmpty ? nil : try await openSecrets(of: place)
      for use in configuration.secretUses {
        let value: SecretBytes
        switch use.origin {
        case .reference(let reference): value = try await sources.value(of: reference)
        case .stored(let name):
          guard let open else { preconditionFailure("\(name) is no stored secret of \(place)") }
          let version = try secrets.version(use.version, of: name, in: place)
          value = try open.value(name, version, place)
        }
        guard use.form == .file || !value.hasZeroByte else {
          throw SecretsLacking(zeroByteIn: use.origin.dataText, use.variable)
        }
      }
    } catch let error as SecretStoreError {
      throw SecretsLacking(reasons: [Self.words(error, place)])
    } catch let error as SecretSourceError {
      throw SecretsLacking(reasons: ["\(error)"])
    }
  }

  private static func words(_ error: SecretStoreError, _ place: Place) -> String {
    guard case .locked(_, let kinds) = error, !kinds.contains(.keyFile) else { return "\(error)" }
    return "an agent opens secrets with a key file alone, and \(place.environment) has none: "
      + "`stele secret recipient add \(place.environment) keyFile`"
  }
}

extension ResolvedConfiguration {
  /// Secrets of a release that was recorded whose versions are retired by now, and what is given in
  /// their place.
  func retired(in secrets: Secrets) -> [RollbackWork.RetiredSecret] {
    storedSecrets.compactMap { name, version in
      guard let version, let secret = secrets.secret(name, in: place), let newest = secret.newest,
        secret.version(version)?.isRetired != false
      else { return nil }
      return .init(name: name, version: version, newest: newest.number)
    }
  }
}

/// A release needs secrets that cannot be had; nothing was changed.
package struct SecretsLacking: ExitingError, Equatable {
  /// One sentence each, with the command that helps.
  package let reasons: [String]

  init(reasons: [String]) { self.reasons = reasons }

  init(zeroByteIn origin: String, _ variable: String) {
    reasons = [
      "\(origin) has a zero byte, which \(variable) cannot have: give it by secretFiles"
    ]
  }

  package var exitStatus: ExitStatus { .configuration }

  package var description: String {
    """
    Nothing was deployed, because the release's secrets cannot be had:
    \(reasons.map { "  " + $0 }.joined(separator: "\n"))
    """
  }
}
