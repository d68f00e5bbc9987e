import Events
import Projections

extension Costs {
  /// The event alone matters to them.
  mutating func apply(_ event: LedgerEvent) {
    let entry = EntryID.make(at: .earliest, random: [UInt8](repeating: 1, count: 10))
    apply(
      Recorded(
        position: 0, index: 0, recorded: .earliest, entry: entry,
        actor: .make(at: .earliest, random: [UInt8](repeating: 2, count: 10)), behalf: nil,
        scope: Scope(application: "tamma", environment: "staging"),
        stream: .cost("tamma", "staging"), version: 1, event: event))
  }
}
