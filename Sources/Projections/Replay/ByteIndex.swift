/// Dense numbers for byte strings that come in two parts, found without making a `String` or an
/// array.
///
/// An open-addressing table over one arena of bytes: a hit costs one hash and one comparison.
struct ByteIndex: Sendable {
  private struct Entry: Sendable {
    let hash: UInt64
    let start: Int
    let count: Int
  }

  private var entries: [Entry] = []
  private var arena: [UInt8] = []
  /// Indices into ``entries``, or -1; a power of two, at most half full.
  private var buckets: [Int32] = Array(repeating: -1, count: 64)

  /// How many strings have a number.
  var count: Int { entries.count }

  /// FNV-1a, 64 bits, going on from `seed`.
  static func hash(_ bytes: UnsafeRawBufferPointer, from seed: UInt64 = 0xcbf2_9ce4_8422_2325)
    -> UInt64
  {
    var hash = seed
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }

  /// The number of `first` followed by `second`, or nil.
  ///
  /// - Parameter hash: Of both parts, one going on from the other.
  func find(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, hash: UInt64
  ) -> Int? {
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while buckets[bucket] >= 0 {
      let number = Int(buckets[bucket])
      if entries[number].hash == hash, holds(first, second, at: entries[number]) { return number }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  /// Gives the next number to a string that has none yet.
  mutating func insert(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, hash: UInt64
  ) -> Int {
    let entry = Entry(hash: hash, start: arena.count, count: first.count + second.count)
    arena.append(contentsOf: first)
    arena.append(contentsOf: second)
    entries.append(entry)
    if entries.count * 2 > buckets.count { grow() } else { place(entries.count - 1) }
    return entries.count - 1
  }

  private func holds(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, at entry: Entry
  ) -> Bool {
    guard entry.count == first.count + second.count else { return false }
    return arena.withUnsafeBytes { arena in
      let key = UnsafeRawBufferPointer(rebasing: arena[entry.start..<entry.start + entry.count])
      return key.prefix(first.count).elementsEqual(first)
        && key.dropFirst(first.count).elementsEqual(second)
    }
  }

  private mutating func grow() {
    buckets = Array(repeating: -1, count: buckets.count * 2)
    for number in entries.indices { place(number) }
  }

  private mutating func place(_ number: Int) {
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: entries[number].hash) & mask
    while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
    buckets[bucket] = Int32(number)
  }
}
