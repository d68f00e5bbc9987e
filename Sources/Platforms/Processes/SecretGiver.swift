import Cryptography
import Events

/// What opens replicas' secrets, at the moment that they start.
package protocol SecretGiver: Sendable {
  /// The values of a replica's secrets, by variable.
  ///
  /// - Throws: Why one cannot be had, in words for people; no value is in them.
  func values(for spec: ReplicaSpec) async throws -> [String: SecretBytes]
}

/// Opens nothing: for replicas that need nothing opened.
package struct NoSecrets: SecretGiver {
  package init() {}

  package func values(for spec: ReplicaSpec) throws -> [String: SecretBytes] {
    guard let first = spec.secrets.first else { return [:] }
    throw SecretNotGiven(origin: first.origin)
  }
}

/// Nobody is there who opens secrets.
struct SecretNotGiven: Error, CustomStringConvertible {
  let origin: SecretOrigin
  var description: String { "nothing here opens its secret \(origin.dataText)" }
}
