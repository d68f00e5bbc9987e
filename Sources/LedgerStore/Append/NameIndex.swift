import CanonicalJSON
import Events

/// Kinds and actors, interned: the ids that stand for them in `run`.
final class NameIndex {
  private let insertKind: Statement
  private let selectKind: Statement
  private let insertActor: Statement
  private let selectActor: Statement
  private var kinds: [String: Int] = [:]
  private var actors: [ActorID: Int] = [:]

  /// About 1 MB at most.
  private static let actorsKept = 16_384

  init(_ connection: Connection) throws(LedgerError) {
    insertKind = try Statement(
      "INSERT INTO kind (name, class) VALUES (?, ?) RETURNING id", on: connection)
    selectKind = try Statement("SELECT id FROM kind WHERE name = ?", on: connection)
    insertActor = try Statement(
      "INSERT INTO actor (actor) VALUES (?) RETURNING id", on: connection)
    selectActor = try Statement("SELECT id FROM actor WHERE actor = ?", on: connection)
  }

  func forget() {
    kinds.removeAll(keepingCapacity: true)
    actors.removeAll(keepingCapacity: true)
  }

  func id(of kind: EventKind, _ retention: RetentionClass) throws(LedgerError) -> Int {
    if let id = kinds[kind.text] { return id }
    selectKind.bindText(1, kind.text)
    insertKind.bindText(1, kind.text).bindText(2, retention.rawValue)
    let id = try Self.id(from: selectKind, or: insertKind)
    kinds[kind.text] = id
    return id
  }

  func id(of actor: ActorID) throws(LedgerError) -> Int {
    if let id = actors[actor] { return id }
    if actors.count >= Self.actorsKept { actors.removeAll() }
    selectActor.bindBlob(1, actor.bits.bytes)
    insertActor.bindBlob(1, actor.bits.bytes)
    let id = try Self.id(from: selectActor, or: insertActor)
    actors[actor] = id
    return id
  }

  private static func id(
    from select: Statement, or insert: Statement
  ) throws(LedgerError) -> Int {
    defer {
      select.reset()
      insert.reset()
    }
    if try select.step() { return select.integer(0) }
    return try insert.step() ? insert.integer(0) : 0
  }
}
