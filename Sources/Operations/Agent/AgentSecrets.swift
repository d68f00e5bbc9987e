import Cryptography
import Events
import Platforms
import Projections
import SecretStore

/// Opens replicas' secrets for an agent, with the key file alone: nobody can be asked. What others
/// keep is asked for anew at every start.
///
/// What a replica gets is what its release says. A version that was retired since is replaced by
/// the newest, whoever starts the replica and whenever.
package struct AgentSecrets: SecretGiver {
  private let session: Session
  private let sources: SecretSources

  package init(_ session: Session, from sources: SecretSources) {
    self.session = session
    self.sources = sources
  }

  package func values(for spec: ReplicaSpec) async throws -> [String: SecretBytes] {
    guard let first = spec.secrets.first else { return [:] }
    let place = Place(first.application, spec.environment)
    let secrets = try await session.state().secrets
    var open: OpenSecrets?
    var values: [String: SecretBytes] = [:]
    for secret in spec.secrets {
      switch secret.origin {
      case .reference(let reference):
        values[secret.variable] = try await sources.value(of: reference)
      case .stored(let name):
        let known = if let open { open } else { try await session.openSecrets(of: place) }
        open = known
        let version = try secrets.version(secret.version, of: name, in: place)
        values[secret.variable] = try known.value(name, version: version, place)
      }
    }
    return values
  }
}

extension Session {
  /// What opens with the key file alone.
  ///
  /// - Throws: ``SecretError``, `SecretStoreError`, `LedgerError`.
  func openSecrets(of place: Place) async throws -> OpenSecrets {
    let door = try SecretDoor(self, place)
    guard let sealed = try door.file.read() else {
      throw SecretStoreError.damaged(path: door.file.path, "it is not there")
    }
    return try await door.open(sealed, .keyFile)
  }
}

extension OpenSecrets {
  func value(
    _ name: SecretName, version: Int, _ place: Place
  ) throws(SecretStoreError) -> SecretBytes {
    guard let box = sealed.box(name, version: version) else {
      throw .missing(name, version: version, path: "\(place).json")
    }
    return try key.open(box, as: name, version: version)
  }
}

extension Secrets {
  /// What a replica is given: the version of its release, or the newest where that was retired.
  ///
  /// - Throws: ``SecretError/unknown(_:_:)`` where there is none.
  func version(
    _ wanted: Int?, of name: SecretName, in place: Place
  ) throws(SecretError) -> Int {
    guard let secret = secret(name, in: place), let newest = secret.newest else {
      throw .unknown(name, place.environment)
    }
    guard let wanted, secret.version(wanted)?.isRetired == false else { return newest.number }
    return wanted
  }

  /// The newest version of each, as a deployment made now would give them.
  func newest(in place: Place) -> [SecretName: Int] {
    Dictionary(
      uniqueKeysWithValues: all(in: place).compactMap { secret in
        secret.newest.map { (secret.name, $0.number) }
      })
  }
}
