import CanonicalJSON

/// Events of one kind in one stream, next to each other in an entry and numbered without a gap.
package struct EventRun: Hashable, Sendable {
  package let scope: Scope
  /// How many events; at least 1.
  package let count: Int
  package let kind: EventKind
  package let stream: StreamName
  /// The first event's version in the stream, from 1.
  package let version: Int

  package init(scope: Scope, count: Int, kind: EventKind, stream: StreamName, version: Int) {
    self.scope = scope
    self.count = count
    self.kind = kind
    self.stream = stream
    self.version = version
  }

  package var application: ApplicationName? { scope.application }
  package var environment: EnvironmentName? { scope.environment }
  package var lastVersion: Int { version + count - 1 }
}

/// A caller without a key, for whom the signer attests.
///
/// Shown as "attested by", never "signed by".
package struct Behalf: Hashable, Sendable {
  package let actor: ActorID
  /// Digest of what the caller showed, such as an OIDC token.
  package let evidence: Digest

  package init(actor: ActorID, evidence: Digest) {
    self.actor = actor
    self.evidence = evidence
  }
}

/// The tree that a signer had verified before signing.
///
/// Rewriting the first `size` entries therefore needs every later signer's key.
package struct Seen: Hashable, Sendable {
  package let root: Digest
  /// Entries in that tree; 0 only in genesis.
  package let size: Int

  package init(root: Digest, size: Int) {
    self.root = root
    self.size = size
  }
}
