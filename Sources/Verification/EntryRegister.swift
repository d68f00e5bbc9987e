/// The ids of all entries so far and where each stands: a table of 20 bytes a place, so that a
/// million entries take about 40 MB at most.
///
/// Open addressing with linear probing, at most 70 % full. Ids are random enough to be their own
/// hash in honest ledgers; a dishonest one could choose ids that collide, so they are mixed with a
/// seed drawn per process.
struct EntryRegister {
  private var ids: [Identifier]
  private var positions: [UInt32]
  private(set) var count = 0
  private var mask: Int

  /// What no id is: version and variant are wrong.
  private static let vacant = Identifier(high: 0, low: 0)

  /// - Parameter expected: about how many ids will come.
  init(expecting expected: Int = 0) {
    var places = 64
    while places * 7 / 10 < min(expected, 1 << 24) { places *= 2 }
    ids = Array(repeating: EntryRegister.vacant, count: places)
    positions = Array(repeating: 0, count: places)
    mask = places - 1
  }

  /// Where `id` stands; nil if it is not known.
  func position(of id: Identifier) -> Int? {
    let place = self.place(of: id)
    return ids[place] == EntryRegister.vacant ? nil : Int(positions[place])
  }

  /// Remembers `id`, which must be new.
  mutating func insert(_ id: Identifier, at position: Int) {
    if (count + 1) * 10 > ids.count * 7 { grow() }
    let place = self.place(of: id)
    ids[place] = id
    positions[place] = UInt32(truncatingIfNeeded: position)
    count += 1
  }

  private func place(of id: Identifier) -> Int {
    var place = Int(truncatingIfNeeded: EntryRegister.mix(id)) & mask
    while ids[place] != EntryRegister.vacant, ids[place] != id { place = (place + 1) & mask }
    return place
  }

  private static let seed = UInt64.random(in: .min ... .max) | 1

  private static func mix(_ id: Identifier) -> UInt64 {
    let (high, low) = (id.high ^ id.low &* 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: seed)
    return high ^ low
  }

  private mutating func grow() {
    var larger = EntryRegister(expecting: ids.count)
    for (id, position) in zip(ids, positions) where id != EntryRegister.vacant {
      larger.insert(id, at: Int(position))
    }
    self = larger
  }
}
