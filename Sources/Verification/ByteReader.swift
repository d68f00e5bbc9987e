/// Where bytes stop following the format, and what should have stood there.
package struct FormFault: Error, Hashable, Sendable {
  /// Index of the first byte that does not fit, from 0.
  package let offset: Int
  /// What FORMAT.md demands at that place, in a few words.
  package let expected: String

  package init(offset: Int, expected: String) {
    self.offset = offset
    self.expected = expected
  }
}

/// Reads text of a fixed shape from left to right, without copying: each call either takes exactly
/// what FORMAT.md allows next or throws where the bytes differ.
///
/// Lines and headers have one spelling only, so they are read against that spelling instead of
/// being parsed as JSON first. The bytes are borrowed: a reader never outlives the closure that
/// handed them out.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }

  /// The next byte, or 0, which the format has nowhere.
  var next: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  func fault(_ expected: String) -> FormFault { FormFault(offset: offset, expected: expected) }

  mutating func advance(by count: Int) { offset += count }

  /// Takes `text` if it stands here.
  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset + count <= bytes.count else { return false }
    for index in 0..<count where bytes[offset + index] != text.utf8Start[index] { return false }
    offset += count
    return true
  }

  mutating func demand(_ text: StaticString) throws(FormFault) {
    guard take(text) else { throw fault("\(text)") }
  }

  func demandEnd() throws(FormFault) {
    guard isAtEnd else { throw fault("the end") }
  }

  /// A borrowed slice of `count` bytes.
  mutating func slice(_ count: Int, _ expected: String) throws(FormFault) -> UnsafeRawBufferPointer
  {
    guard count >= 0, offset + count <= bytes.count else { throw fault(expected) }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// `"…"` whose content is every byte up to the next quote; the content may be empty.
  mutating func quoted(_ expected: String) throws(FormFault) -> UnsafeRawBufferPointer {
    guard next == UInt8(ascii: "\"") else { throw fault(expected) }
    let start = offset + 1
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")) else {
      throw FormFault(offset: bytes.count, expected: expected)
    }
    offset = end + 1
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  /// `0|[1-9][0-9]*`, at most 2^53−1.
  mutating func count(from least: Int = 0) throws(FormFault) -> Int {
    let start = offset
    var value = 0
    while case let digit = next &- UInt8(ascii: "0"), digit <= 9, offset - start < 17 {
      value = value * 10 + Int(digit)
      offset += 1
    }
    let length = offset - start
    guard length > 0, length == 1 || bytes[start] != UInt8(ascii: "0"),
      (least...ByteReader.largestInteger).contains(value)
    else { throw FormFault(offset: start, expected: "an integer from \(least)") }
    return value
  }

  /// The largest integer of the format, 2^53−1.
  static let largestInteger = 9_007_199_254_740_991
}

extension [UInt8] {
  /// Hands these bytes to a reader of borrowed ones. (`withUnsafeBytes` forgets the error's type.)
  func read<Form>(
    _ form: (UnsafeRawBufferPointer) throws(FormFault) -> Form
  ) throws(FormFault) -> Form {
    let result = withUnsafeBytes { bytes -> Result<Form, FormFault> in
      do throws(FormFault) { return .success(try form(bytes)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
