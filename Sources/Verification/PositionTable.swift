/// Positions found by a hash: four bytes a place, at most 60 % full, open addressing with linear
/// probing.
///
/// A place holds a fingerprint of 8 bits and how far the position is from the table's first, in 24.
/// A table that is full stays as it is.
struct PositionTable {
  /// Where a key is sought, and what marks it there.
  struct Mark {
    fileprivate let hash: UInt64
    /// From 1: a vacant place is 0.
    fileprivate let fingerprint: UInt32

    init(hash: UInt64, fingerprints: Int) {
      self.hash = hash
      // Of the low bits, where the place is of the high ones.
      fingerprint = UInt32(hash % UInt64(fingerprints)) + 1
    }
  }

  let capacity: Int
  private let first: Int
  private var places: [UInt32]
  private var count = 0

  static let fingerprintsMax = 255
  /// Positions from the first on that a table can hold.
  static let span = 1 << offsetBits
  private static let offsetBits = 24

  init(from first: Int, capacity: Int) {
    self.first = first
    self.capacity = capacity
    places = Array(repeating: 0, count: capacity * 5 / 3 + 1)
  }

  func takes(_ position: Int) -> Bool {
    count < capacity && (0..<PositionTable.span).contains(position - first)
  }

  /// - Precondition: ``takes(_:)`` says so.
  mutating func insert(_ mark: Mark, at position: Int) {
    precondition(takes(position), "a table from \(first) does not take \(position)")
    var place = start(of: mark)
    while places[place] != 0 { place = next(place) }
    places[place] = mark.fingerprint << PositionTable.offsetBits | UInt32(position - first)
    count += 1
  }

  /// The position that `isWanted`, of those with the fingerprint; nil if there is none.
  func position(
    _ mark: Mark, _ isWanted: (_ position: Int) throws(LedgerReadError) -> Bool
  ) throws(LedgerReadError) -> Int? {
    var place = start(of: mark)
    while places[place] != 0 {
      let (fingerprint, offset) = (
        places[place] >> PositionTable.offsetBits, Int(places[place]) & (PositionTable.span - 1)
      )
      if fingerprint == mark.fingerprint, try isWanted(first + offset) { return first + offset }
      place = next(place)
    }
    return nil
  }

  private func start(of mark: Mark) -> Int {
    Int(mark.hash.multipliedFullWidth(by: UInt64(places.count)).high)
  }

  private func next(_ place: Int) -> Int { place + 1 == places.count ? 0 : place + 1 }
}
