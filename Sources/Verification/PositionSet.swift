/// Positions of entries, a bit for each entry up to the greatest.
struct PositionSet {
  private var words: [UInt64] = []
  private(set) var count = 0

  /// Adds `position`, which must not be in it.
  mutating func insert(_ position: Int) {
    let missing = position / 64 + 1 - words.count
    if missing > 0 { words.append(contentsOf: repeatElement(0, count: missing)) }
    words[position / 64] |= 1 << UInt64(position % 64)
    count += 1
  }

  /// Takes `positions` out, none of which is negative.
  ///
  /// - Returns: how many of them it had.
  mutating func remove(_ positions: ClosedRange<Int>) -> Int {
    let before = count
    var index = positions.lowerBound / 64
    while index <= positions.upperBound / 64, index < words.count, count > 0 {
      let gone = words[index] & PositionSet.mask(positions, index)
      words[index] &= ~gone
      count -= gone.nonzeroBitCount
      index += 1
    }
    return before - count
  }

  /// The bits of a word that stand for positions of `range`, which begins in it or before.
  private static func mask(_ range: ClosedRange<Int>, _ index: Int) -> UInt64 {
    let low = max(range.lowerBound - index * 64, 0)
    let high = min(range.upperBound - index * 64, 63)
    return UInt64.max << UInt64(low) & UInt64.max >> UInt64(63 - high)
  }

  /// The first `number` of them, ascending.
  func first(_ number: Int) -> [Int] {
    var positions: [Int] = []
    for (index, bits) in words.enumerated() where positions.count < number {
      var bits = bits
      while bits != 0 {
        positions.append(index * 64 + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
    }
    return Array(positions.prefix(number))
  }
}
