/// Integers within ±(2⁵³−1), in digits without a leading zero.
enum JSONNumber {
  /// The integer that starts at `start`, and the offset after it.
  ///
  /// - Throws: `endOfText`, `unexpectedByte` where neither minus nor digit stands, `numberForm`,
  ///   `numberRange`.
  @inline(__always)
  static func scan(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) throws(JSONFormError) -> (value: Int64, end: Int) {
    guard start < bytes.count else { throw JSONFormError(.endOfText, at: start) }
    let isNegative = bytes[start] == ASCII.minus
    let first = isNegative ? start + 1 : start
    let (magnitude, end) = digits(in: bytes, from: first)
    guard end > first else { throw noDigits(in: bytes, from: start, isNegative: isNegative) }
    let hasLeadingZero = bytes[first] == ASCII.zero && (isNegative || end - first > 1)
    guard !hasLeadingZero, !isFractionOrExponent(in: bytes, at: end) else {
      throw JSONFormError(.numberForm, at: start)
    }
    guard end - first <= 16, magnitude <= JSONLimits.integerMagnitude else {
      throw JSONFormError(.numberRange, at: start)
    }
    return (isNegative ? -magnitude : magnitude, end)
  }

  static func append(_ value: Int64, to text: inout [UInt8]) {
    var digits: UInt64 = 0  // Sixteen decimal digits, four bits each, the last one lowest.
    var count: UInt64 = 0
    var rest = value.magnitude
    repeat {
      digits |= (rest % 10) << (4 * count)
      rest /= 10
      count += 1
    } while rest != 0
    if value < 0 { text.append(ASCII.minus) }
    while count > 0 {
      count -= 1
      text.append(ASCII.zero + UInt8(digits >> (4 * count) & 0xF))
    }
  }

  /// The value of the digits from `first`, meaningless over sixteen, and the offset after them.
  @inline(__always)
  private static func digits(
    in bytes: UnsafeRawBufferPointer, from first: Int
  ) -> (magnitude: Int64, end: Int) {
    var magnitude: Int64 = 0
    var end = first
    while end < bytes.count, bytes[end] >= ASCII.zero, bytes[end] <= ASCII.nine {
      magnitude = magnitude &* 10 &+ Int64(bytes[end] - ASCII.zero)
      end += 1
    }
    return (magnitude, end)
  }

  private static func noDigits(
    in bytes: UnsafeRawBufferPointer, from start: Int, isNegative: Bool
  ) -> JSONFormError {
    guard isNegative else { return JSONFormError(.unexpectedByte, at: start) }
    let isCutShort = start + 1 == bytes.count
    return isCutShort
      ? JSONFormError(.endOfText, at: start + 1) : JSONFormError(.numberForm, at: start)
  }

  private static func isFractionOrExponent(
    in bytes: UnsafeRawBufferPointer, at end: Int
  ) -> Bool {
    guard end < bytes.count else { return false }
    return bytes[end] == ASCII.dot || bytes[end] == ASCII.lowerE || bytes[end] == ASCII.upperE
  }
}
