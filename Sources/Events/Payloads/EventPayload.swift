import CanonicalJSON

/// What one kind of event says, typed: fields of ours, each known, none spare.
package protocol EventPayload: ObjectValue {
  /// The name on disk; it stays the same when the Swift type is renamed.
  static var kind: EventKind { get }
}
