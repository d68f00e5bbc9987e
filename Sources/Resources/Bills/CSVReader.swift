/// Reads CSV as RFC 4180 has it, one row at a time and never more of the file than that.
///
/// A byte order mark is passed over; lines end in CR LF or LF, those of the last row in nothing
/// too; blank lines are passed over. What the standard leaves open is refused, because a field that
/// two programs read differently is an amount that does not reconcile.
struct CSVReader {
  /// A row of more bytes than this is a quote that nobody closed.
  static let rowBytesMax = 1 << 20

  private let file: String
  private let read: () throws -> [UInt8]
  private var chunk: [UInt8] = []
  private var index = 0
  private var line = 1
  private var column = 1
  private var row = CSVRow()

  /// - Parameters:
  ///   - file: As messages name it.
  ///   - read: The next bytes; none at the end.
  init(_ file: String, read: @escaping () throws -> [UInt8]) throws {
    self.file = file
    self.read = read
    try refill()
    try refuseOtherForms()
    if chunk.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// The next row; nil at the end of the file.
  ///
  /// - Throws: ``BillFault`` at the first byte that is not CSV; what reading throws.
  mutating func next() throws -> CSVRow? {
    repeat {
      guard try hasMore() else { return nil }
      try readRow()
    } while row.isBlank
    return row
  }

  private enum State {
    case beginning
    case plain
    case quoted
    /// After a quote in a quoted field: its end, or the first of two that stand for one.
    case closing
    /// After a CR that ends a line.
    case ending
  }

  private mutating func readRow() throws {
    row.clear()
    row.beginField(line: line, column: column)
    var state = State.beginning
    while try hasMore() {
      let byte = chunk[index]
      let isOver = try take(byte, &state)
      advance(over: byte)
      if isOver { return row.endField() }
      guard row.bytes.count <= Self.rowBytesMax else {
        throw fault(
          atField: true, "begins a row of more than \(Self.rowBytesMax) bytes",
          remedy: "Close the quotes that are open there.")
      }
    }
    guard state != .quoted else {
      throw fault(
        atField: true, "begins with a quote that is never closed",
        remedy: "Close it, or fetch the file again if its end is missing.")
    }
    row.endField()
  }

  /// - Returns: Whether the row is over with this byte.
  private mutating func take(_ byte: UInt8, _ state: inout State) throws -> Bool {
    switch (state, byte) {
    case (.ending, Byte.lineFeed), (.beginning, Byte.lineFeed), (.plain, Byte.lineFeed),
      (.closing, Byte.lineFeed):
      return true
    case (.ending, _):
      throw fault(
        "follows a carriage return, which only ends a line together with a line feed",
        remedy: "Write lines that end in CR LF or in LF.")
    case (.quoted, Byte.quote): state = .closing
    case (.closing, Byte.quote):
      row.append(byte)
      state = .quoted
    case (.quoted, _): row.append(byte)
    case (.beginning, Byte.comma), (.plain, Byte.comma), (.closing, Byte.comma):
      row.endField()
      row.beginField(line: line, column: column + 1)
      state = .beginning
    case (.beginning, Byte.carriageReturn), (.plain, Byte.carriageReturn),
      (.closing, Byte.carriageReturn):
      state = .ending
    case (.beginning, Byte.quote): state = .quoted
    case (.plain, Byte.quote):
      throw fault(
        "is a quote in a field that does not begin with one",
        remedy: "Put the whole field in quotes, and write the quote twice.")
    case (.closing, _):
      throw fault(
        "follows the quote that ends a field",
        remedy: "Write a comma behind it, or the quote twice if it belongs to the field.")
    case (.beginning, _), (.plain, _):
      row.append(byte)
      state = .plain
    }
    return false
  }

  private enum Byte {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
  }

  private mutating func advance(over byte: UInt8) {
    index += 1
    if byte == Byte.lineFeed {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {  // Not a later byte of a character.
      column += 1
    }
  }

  private mutating func hasMore() throws -> Bool {
    if index == chunk.count { try refill() }
    return index < chunk.count
  }

  private mutating func refill() throws {
    chunk = try read()
    index = 0
  }

  /// What people have beside the file that is asked for.
  private func refuseOtherForms() throws {
    let others: [([UInt8], String, String)] = [
      ([0x1F, 0x8B], "is compressed", "Uncompress it first: gunzip --keep \(file)"),
      ([0x50, 0x4B, 0x03, 0x04], "is a zip file", "Uncompress it first: unzip \(file)"),
      (Array("PAR1".utf8), "is Parquet", "Export it as CSV."),
      ([0xFF, 0xFE], "is UTF-16", "Save it as UTF-8."),
      ([0xFE, 0xFF], "is UTF-16", "Save it as UTF-8."),
    ]
    for (beginning, complaint, remedy) in others where chunk.starts(with: beginning) {
      throw fault(complaint, remedy: remedy)
    }
  }

  /// - Parameter atField: Where the row's last field begins, and not here.
  private func fault(
    atField: Bool = false, _ complaint: String, remedy: String
  ) -> BillFault {
    let field = atField ? row.fields.last : nil
    return BillFault(
      file: file, line: field?.line ?? line, column: field?.column ?? column, complaint,
      remedy: remedy)
  }
}
