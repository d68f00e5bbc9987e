import CanonicalJSON
import Events

/// Who may do what at each position: origins, keys and the recovery quorum, as the governing events
/// have left them.
///
/// A fold over those events alone; the same events give the same custody anywhere.
package struct LedgerCustody: Hashable, Sendable {
  package private(set) var keys: [KeyID: RegisteredKey] = [:]
  /// How many recovery keys together replace what is lost.
  package private(set) var recoveryThreshold = 0
  /// Each origin with the first position that bears it, oldest first.
  private var incarnations: [Incarnation] = []
  /// In the order of their registration.
  private(set) var logKeys: [KeyID] = []

  package init() {}

  /// Of the newest incarnation; nil before genesis.
  package var origin: Origin? { incarnations.last?.origin }

  /// Of every incarnation, oldest first.
  package var origins: [Origin] { incarnations.map(\.origin) }

  /// The positions that bear `origin`; nil for another ledger's.
  package func positions(of origin: Origin) -> Range<Int>? {
    guard let index = incarnations.firstIndex(where: { $0.origin == origin }) else { return nil }
    let end = index + 1 < incarnations.count ? incarnations[index + 1].first : Int.max
    return incarnations[index].first..<end
  }

  /// The origin that the header at `position` bears.
  package func origin(at position: Int) -> Origin? {
    incarnations.last { $0.first <= position }?.origin
  }

  /// The key that signs the checkpoint of the first `size` entries: the log key valid at the last
  /// of them.
  package func logKey(forSize size: Int) -> RegisteredKey? {
    logKeys.lazy.compactMap { keys[$0] }.last { $0.isValid(at: size - 1) }
  }

  /// Takes the governing events of the entry at `position`, which the rules have let through.
  mutating func apply(_ events: [GoverningEvent], ledger: Origin, at position: Int) {
    for event in events {
      switch event.event {
      case .ledger(.created(let created)):
        recoveryThreshold = created.recoveryThreshold
        incarnations.append(Incarnation(first: position, origin: ledger))
      case .ledger(.incarnationStarted):
        incarnations.append(Incarnation(first: position, origin: ledger))
      case .key(.revoked(let revoked)): revoke(event.stream, revoked, at: position)
      default: break  // Registrations follow below; the others change nobody's authority.
      }
    }
    for key in NewKey.all(in: events).compactMap({ $0.registered(at: position) }) {
      keys[key.keyid] = key
      if key.role == .log { logKeys.append(key.keyid) }
    }
  }

  private mutating func revoke(_ stream: StreamName, _ revoked: KeyRevoked, at position: Int) {
    let keyid = KeyID(of: stream)
    keys[keyid]?.revoked = position
    keys[keyid]?.suspectFrom = revoked.suspectFrom
  }

  private struct Incarnation: Hashable {
    let first: Int
    let origin: Origin
  }
}

extension KeyID {
  /// The key that a key's stream is about.
  ///
  /// - Precondition: `stream` is one that the catalogue has accepted for a `key` kind.
  init(of stream: StreamName) {
    guard let keyid = KeyID(hex: String(stream.name)) else {
      preconditionFailure("\(stream) is not the stream of a key")
    }
    self = keyid
  }
}
