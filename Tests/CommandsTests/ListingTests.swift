import CanonicalJSON
import Glibc
import Synchronization
import Testing

@testable import Commands

/// Records that are written while they are read.
@Suite struct ListingTests {
  private let records: [JSONObject] = [
    ["name": "plain", "size": 1], ["name": "with \"quotes\", commas\nand lines"],
    ["list": [1, true], "name": ""],
  ]

  private func listing(_ records: [JSONObject]) -> Listing {
    Listing(schema: "stele.test", field: "events", recordSchema: "stele.test.line") { each in
      for record in records { try each(record) }
    }
  }

  @Test(arguments: [OutputFormat.json, .jsonl, .csv], [0, 1, 3])
  func `a listing is the bytes of the document of all its records`(
    format: OutputFormat, count: Int
  ) throws {
    let records = Array(records.prefix(count))
    let sink = CapturedText()
    var writer = ListingWriter(listing(records), to: sink)
    try writer.write(as: format)

    let document = Document(
      schema: "stele.test", fields: ["events": .array(records.map(JSONValue.object))],
      records: records, of: "stele.test.line", text: [])
    let plain = Terminal(isInteractive: false, hasColour: false)
    #expect(try sink.text == Renderer.render(document, as: format, on: plain))
  }

  @Test(arguments: [OutputFormat.json, .jsonl, .csv])
  func `many records are written in pieces, none lost`(format: OutputFormat) throws {
    let many = (0..<20_000).map { JSONObject(dictionaryLiteral: ("number", .integer($0))) }
    let sink = CountedPieces()
    var writer = ListingWriter(listing(many), to: sink)
    try writer.write(as: format)

    #expect(sink.pieces.count > 1)
    #expect(sink.pieces.allSatisfy { $0.utf8.count < 2 * 65_536 })
    for number in [0, 4_500, 19_999] {
      #expect(sink.pieces.joined().contains(format == .csv ? "\r\n\(number)\r\n" : ":\(number)"))
    }
  }

  @Test(arguments: [CountedPieces(unreadAfter: 1), CountedPieces(fullAfter: 1)])
  func `reading ends when nothing that is written arrives`(sink: CountedPieces) throws {
    var handed = 0
    let endless = Listing(schema: "stele.test", field: "events", recordSchema: "line") { each in
      while handed < 1_000_000 {
        handed += 1
        try each(["number": 1])
      }
    }
    var writer = ListingWriter(endless, to: sink)
    try writer.write(as: .jsonl)

    #expect(handed < 10_000)
    #expect(sink.pieces.count == 1)
  }

  @Test func `what reading throws is thrown on`() {
    struct Damaged: Error {}
    let damaged = Listing(schema: "stele.test", field: "events", recordSchema: "line") { _ in
      throw Damaged()
    }
    var writer = ListingWriter(damaged, to: CapturedText())
    #expect(throws: Damaged.self) { try writer.write(as: .json) }
  }
}

/// Keeps every piece by itself; after some of them its reader is gone, or its disk full.
final class CountedPieces: TextSink {
  private let unreadAfter: Int
  private let fullAfter: Int
  private let kept = Mutex<[String]>([])

  init(unreadAfter: Int = .max, fullAfter: Int = .max) {
    self.unreadAfter = unreadAfter
    self.fullAfter = fullAfter
  }

  var pieces: [String] { kept.withLock { $0 } }
  var isUnread: Bool { pieces.count >= unreadAfter }
  var failure: Int32? { pieces.count >= fullAfter ? ENOSPC : nil }

  func write(_ text: String) { kept.withLock { $0.append(text) } }
}
