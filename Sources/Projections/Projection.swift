import Events

/// An answer folded from events.
///
/// The same events in the same order give the same value on any machine, so it is never the only
/// copy of anything.
package protocol Projection: Hashable, Sendable {
  /// Before any event.
  init()
  /// Takes in the next event. Events come by position and, within an entry, by index.
  mutating func apply(_ recorded: Recorded)
}
