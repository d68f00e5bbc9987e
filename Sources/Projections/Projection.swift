import CanonicalJSON
import Events

/// An answer that is folded from events and from nothing else.
///
/// The same events in the same order give the same value, and the same snapshot byte for byte, on
/// any machine: a projection is never the only copy of anything, and what is lost is folded again.
/// Law: a value read back from its ``ObjectValue/data`` and folded on equals one folded at once.
package protocol Projection: ObjectValue {
  static var name: String { get }
  /// Raise when ``apply(_:)`` changes its meaning; snapshots of older revisions are discarded.
  static var revision: Int { get }

  init()
  mutating func apply(_ recorded: Recorded)
}

extension Projection {
  package var snapshot: JSONValue { json }
  package init(snapshot: JSONValue) throws(FormFault) { try self.init(json: snapshot) }
}
