/// What the format demands of one kind of event.
package struct KindRule: Hashable, Sendable {
  package let kind: EventKind
  /// The part of the stream's name before the slash.
  package let streamPrefix: String
  package let streamShape: StreamShape
  package let retention: RetentionClass
  /// Roles of which the actor's own signature must be.
  package let signers: Set<KeyRole>
  /// Imported after the fact: `at` may be any time before `recorded`.
  package let isLate: Bool
  /// Changes what an application is in an environment, so it takes a release number.
  package let altersEnvironment: Bool
  /// Prefixes of streams that the entry must expect, unless it writes them itself.
  package let requiredExpectations: [String]

  init(
    _ kind: EventKind, _ streamPrefix: String, _ streamShape: StreamShape,
    _ retention: RetentionClass, by signers: Set<KeyRole>, isLate: Bool = false,
    altersEnvironment: Bool = false, expecting requiredExpectations: [String] = []
  ) {
    self.kind = kind
    self.streamPrefix = streamPrefix
    self.streamShape = streamShape
    self.retention = retention
    self.signers = signers
    self.isLate = isLate
    self.altersEnvironment = altersEnvironment
    self.requiredExpectations = requiredExpectations
  }
}
