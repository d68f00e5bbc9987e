/// The ids of all entries so far and where each stands, in about 7 bytes an entry.
///
/// Of an id only a fingerprint of 8 bits is kept beside its position. Where one matches, the entry
/// there is read again before anything is said of it (``PastLeaves/isEntry(_:at:of:)``): about one
/// new id in 300 costs that, and every cause that is older than the last 16,384 entries,
/// whose ids are kept whole.
///
/// Whoever writes a ledger chooses its ids. He cannot choose which of them meet: they are hashed
/// with SipHash under a key drawn per process. Each id that he repeats costs one line and one tile
/// of leaves, which is about what checking its signature costs.
struct EntryRegister {
  private var tables: [PositionTable] = []
  private let expected: Int
  /// How many fingerprints there are; fewer only so that tests see them meet.
  private let fingerprints: Int
  private let recentMax: Int
  /// The id at position p at p % ``recentMax``.
  private var recent: [Identifier] = []
  private var newest = -1

  private static let capacityMin = 64

  /// - Parameter expected: about how many ids will come.
  init(
    expecting expected: Int = 0, fingerprints: Int = PositionTable.fingerprintsMax,
    recentMax: Int = 16_384
  ) {
    self.expected = expected
    self.fingerprints = fingerprints
    self.recentMax = recentMax
  }

  /// Where `id` stands; nil if it is not known.
  ///
  /// - Parameter isEntry: Whether it stands at a position, which is not one of the last.
  func position(
    of id: Identifier, _ isEntry: (_ position: Int) throws(LedgerReadError) -> Bool
  ) throws(LedgerReadError) -> Int? {
    let mark = mark(of: id)
    for table in tables {
      let position = try table.position(mark) { position throws(LedgerReadError) in
        position > newest - recentMax
          ? recent[position % recentMax] == id : try isEntry(position)
      }
      if let position { return position }
    }
    return nil
  }

  /// Remembers `id`, which must be new, at a position after all others.
  mutating func insert(_ id: Identifier, at position: Int) {
    precondition(position > newest, "\(position) does not follow \(newest)")
    if !(tables.last?.takes(position) ?? false) { grow(from: position) }
    tables[tables.count - 1].insert(mark(of: id), at: position)
    recent[position % recentMax] = id
    newest = position
  }

  /// By half. What is there stays where it is: moving it would take the ids.
  private mutating func grow(from position: Int) {
    if tables.isEmpty {
      recent = Array(repeating: Identifier(high: 0, low: 0), count: recentMax)
    }
    let capacity = tables.isEmpty ? expected : tables.reduce(0) { $0 + $1.capacity } / 2
    tables.append(
      PositionTable(
        from: position,
        capacity: min(max(capacity, EntryRegister.capacityMin), PositionTable.span)))
  }

  private func mark(of id: Identifier) -> PositionTable.Mark {
    PositionTable.Mark(
      hash: UInt64(bitPattern: Int64(id.hashValue)), fingerprints: fingerprints)
  }
}
