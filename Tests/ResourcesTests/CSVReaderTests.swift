import Testing

@testable import Resources

/// CSV as RFC 4180 has it, and nothing else.
@Suite struct CSVReaderTests {
  /// The rows, the text handed over in pieces of `size` bytes.
  private func rows(_ bytes: [UInt8], by size: Int = 65_536) throws -> [[String]] {
    var rest = bytes[...]
    var reader = try CSVReader("a.csv") {
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
    var rows: [[String]] = []
    while let row = try reader.next() {
      rows.append(row.fields.indices.map { String(decoding: row[$0], as: UTF8.self) })
    }
    return rows
  }

  private func rows(_ text: String, by size: Int = 65_536) throws -> [[String]] {
    try rows(Array(text.utf8), by: size)
  }

  static let readings: [(text: String, rows: [[String]])] = [
    ("", []), ("\n\r\n", []), ("a", [["a"]]), ("a,b", [["a", "b"]]), ("a,\n", [["a", ""]]),
    (",", [["", ""]]), ("a\r\nb\nc", [["a"], ["b"], ["c"]]), ("a\r", [["a"]]),
    ("\"a\"", [["a"]]), ("\"\"", []), ("\"\",x", [["", "x"]]),
    ("\"a,\r\n\"\"b\"\"\",c\r\n", [["a,\r\n\"b\"", "c"]]), (" a , b ", [[" a ", " b "]]),
    ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]), ("\u{FEFF}\"a\"\n", [["a"]]),
    ("a\n\n\nb\n", [["a"], ["b"]]), ("é,\u{1F600}\n", [["é", "\u{1F600}"]]),
  ]

  @Test(arguments: readings, [1, 2, 65_536])
  func `fields are what stands in them, however the bytes come`(
    reading: (text: String, rows: [[String]]), size: Int
  ) throws {
    // A byte order mark comes in one piece, as whoever reads asks for more than three bytes.
    let size = reading.text.hasPrefix("\u{FEFF}") ? max(3, size) : size
    #expect(try rows(reading.text, by: size) == reading.rows)
  }

  static let refusals: [(text: String, words: String)] = [
    ("a,b\n1,\"2", "a.csv:2:3: begins with a quote that is never closed."),
    ("a\"b\"\n", "a.csv:1:2: is a quote in a field that does not begin with one."),
    ("x,é\"", "a.csv:1:4: is a quote in a field that does not begin with one."),
    ("\"a\"b\n", "a.csv:1:4: follows the quote that ends a field."),
    ("\"a\nb\" ,\n", "a.csv:2:3: follows the quote that ends a field."),
    ("a\rb\n", "a.csv:1:3: follows a carriage return, which only ends a line together with"),
    ("PAR1", "a.csv:1:1: is Parquet."), ("PK\u{3}\u{4}", "a.csv:1:1: is a zip"),
  ]

  @Test(arguments: refusals)
  func `what programs read differently is refused where it stands`(
    text: String, words: String
  ) throws {
    let error = #expect(throws: BillFault.self) { try rows(text) }
    #expect("\(try #require(error))".hasPrefix("Nothing was recorded: \(words)"), "\(error!)")
  }

  @Test(arguments: [
    ([0x1F, 0x8B, 8], "is compressed.\nUncompress it first: gunzip --keep a.csv"),
    ([0xFF, 0xFE, 0x41, 0], "is UTF-16.\nSave it as UTF-8."),
    ([0xFE, 0xFF, 0, 0x41], "is UTF-16."),
  ])
  func `what people have instead is told what to do with`(bytes: [UInt8], words: String) throws {
    let error = #expect(throws: BillFault.self) { try rows(bytes) }
    #expect("\(try #require(error))".contains(words))
  }

  @Test func `a quote that nobody closes does not fill the memory`() throws {
    var quote: [UInt8] = [UInt8(ascii: "\"")]
    var reader = try CSVReader("a.csv") {
      defer { quote = [] }
      return quote + [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
    }

    let error = #expect(throws: BillFault.self) { try reader.next() }
    #expect("\(try #require(error))".contains("a row of more than 1048576 bytes"))
  }
}
