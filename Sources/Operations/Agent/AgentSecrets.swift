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
      let value: SecretBytes
      switch secret.origin {
      case .reference(let reference): value = try await sources.value(of: reference)
      case .stored(let name):
        let known = if let open { open } else { try await session.openSecrets(of: place) }
        open = known
        let version = try secrets.version(secret.version, of: name, in: place)
        value = try known.value(name, version, place)
      }
      guard secret.isFile || !value.hasZeroByte else {
        throw SecretsLacking(zeroByteIn: secret.origin.dataText, secret.variable)
      }
      values[secret.variable] = value
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
  /// A version as it was recorded: an older file of the place may open, and hold another value.
  func value(
    _ name: SecretName, _ version: Secrets.Version, _ place: Place
  ) throws(SecretStoreError) -> SecretBytes {
    guard let box = sealed.box(name, version: version.number) else {
      throw .missing(name, version: version.number, path: "\(place).json")
    }
    let value = try key.open(box, as: name, version: version.number)
    guard codes.code(of: value) == version.hmac else {
      throw .damaged(
        path: "\(place).json",
        "version \(version.number) of \(name) in it is not the value that was recorded")
    }
    return value
  }
}

extension SecretBytes {
  /// Nothing behind it reaches a process in a variable.
  var hasZeroByte: Bool { read { $0.contains(0) } }
}

extension Secrets {
  /// What a replica is given: the version of its release, or the newest where that was retired.
  ///
  /// - Throws: ``SecretError/unknown(_:_:)`` where there is none.
  func version(
    _ wanted: Int?, of name: SecretName, in place: Place
  ) throws(SecretError) -> Version {
    guard let secret = secret(name, in: place), let newest = secret.newest else {
      throw .unknown(name, place.environment)
    }
    guard let wanted = wanted.flatMap(secret.version), !wanted.isRetired else { return newest }
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
