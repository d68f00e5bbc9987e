/// One line of a CSV file, which may be several where a field has line breaks.
struct CSVRow {
  /// The fields' bytes without quotes, one behind the other.
  private(set) var bytes: [UInt8] = []
  private(set) var fields: [Field] = []

  struct Field {
    fileprivate(set) var bytes: Range<Int>
    /// From 1, of its first character or quote.
    let line: Int
    let column: Int
  }

  /// Where it begins.
  var line: Int { fields.first?.line ?? 1 }

  /// A line with nothing in it.
  var isBlank: Bool { fields.count == 1 && bytes.isEmpty }

  /// The bytes of a field.
  subscript(field: Int) -> ArraySlice<UInt8> { bytes[fields[field].bytes] }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
  }

  mutating func beginField(line: Int, column: Int) {
    fields.append(Field(bytes: bytes.count..<bytes.count, line: line, column: column))
  }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func endField() {
    let begin = fields[fields.count - 1].bytes.lowerBound
    fields[fields.count - 1].bytes = begin..<bytes.count
  }
}
