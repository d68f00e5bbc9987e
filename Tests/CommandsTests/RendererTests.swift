import CanonicalJSON
import Glibc
import Testing

@testable import Commands

/// One result in four formats.
@Suite struct RendererTests {
  private let document = Document(
    schema: "stele.test", version: 2, fields: ["count": 2],
    records: [
      ["name": "plain", "size": 1], ["name": "with \"quotes\", commas\nand lines", "note": nil],
      ["list": [1, true], "name": ""],
    ], of: "stele.test.line", text: ["NAME", "plain"])

  private let plain = Terminal(isInteractive: false, hasColour: false)

  @Test func `what a person reads has no control character but the style's own colours`() throws {
    let terminal = Terminal(isInteractive: true, hasColour: true)
    let evil = "\u{1B}[2Jx\u{202E}y\u{1B}[8m"
    let document = Document(schema: "stele.test", text: [.line(Style(terminal).good("ok") + evil)])

    #expect(
      try Renderer.render(document, as: .table, on: terminal)
        == "\u{1B}[32mok\u{1B}[0m\\u{1B}[2Jx\\u{202E}y\\u{1B}[8m\n")
    #expect(
      try Renderer.render(document, as: .table, on: plain)
        == "\\u{1B}[32mok\\u{1B}[0m\\u{1B}[2Jx\\u{202E}y\\u{1B}[8m\n")
  }

  @Test func `a table is its lines`() throws {
    #expect(try Renderer.render(document, as: .table, on: plain) == "NAME\nplain\n")
  }

  @Test func `json is one canonical object with schema and version`() throws {
    #expect(
      try Renderer.render(document, as: .json, on: plain)
        == #"{"count":2,"schema":"stele.test","version":2}"# + "\n")
  }

  @Test func `jsonl is one canonical object a record`() throws {
    #expect(
      try Renderer.render(document, as: .jsonl, on: plain) == """
        {"name":"plain","schema":"stele.test.line","size":1,"version":2}
        {"name":"with \\"quotes\\", commas\\nand lines","note":null,\
        "schema":"stele.test.line","version":2}
        {"list":[1,true],"name":"","schema":"stele.test.line","version":2}

        """)
  }

  @Test func `csv has a column for every key, and quotes what needs it`() throws {
    #expect(
      try Renderer.render(document, as: .csv, on: plain)
        == "list,name,note,size\r\n,plain,,1\r\n"
        + ",\"with \"\"quotes\"\", commas\nand lines\",,\r\n\"[1,true]\",,,\r\n")
  }

  @Test func `nothing to say is nothing in any format but json`() throws {
    let empty = Document(schema: "stele.test", text: [])
    for format in [OutputFormat.table, .jsonl, .csv] {
      #expect(try Renderer.render(empty, as: format, on: plain) == "")
    }
  }

  @Test func `columns are aligned by what is seen, not by colour codes`() {
    var table = Table(.init("NAME"), .init("SIZE", .right), .init("END"))
    let style = Style(Terminal(isInteractive: true, hasColour: true))
    table.add(style.good("a"), "1", "")
    table.add("longer", "1000", "x")

    #expect(!table.isEmpty)
    #expect(
      table.lines(columns: nil, style: style) == [
        "NAME    SIZE  END", "\u{1B}[32ma\u{1B}[0m          1", "longer  1000  x",
      ])
  }

  @Test func `production is unmistakable with and without colour`() {
    let plain = Style(Terminal(isInteractive: false, hasColour: false))
    let coloured = Style(Terminal(isInteractive: true, hasColour: true))

    #expect(plain.environment("production") == " ▲ PRODUCTION ")
    #expect(plain.environment("staging") == "◆ staging")
    #expect(plain.environment("development") == "● development")
    #expect(coloured.environment("production") == "\u{1B}[97;41;1m ▲ PRODUCTION \u{1B}[0m")
    #expect(coloured.strong("x") == "\u{1B}[1mx\u{1B}[0m")
    #expect(coloured.bad("x") == "\u{1B}[31;1mx\u{1B}[0m")
  }

  @Test func `a descriptor that is no terminal has neither colour nor cursor`() throws {
    let pipe = [Int32](unsafeUninitializedCapacity: 2) { buffer, count in
      count = Glibc.pipe(buffer.baseAddress!) == 0 ? 2 : 0
    }
    try #require(pipe.count == 2)
    defer { for end in pipe { close(end) } }

    #expect(
      Terminal.current(descriptor: pipe[1], variables: [:])
        == Terminal(isInteractive: false, hasColour: false, columns: 100))
    DescriptorSink(descriptor: pipe[1]).write("héllo\n")
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = read(pipe[0], &bytes, bytes.count)
    #expect(String(decoding: bytes.prefix(count), as: UTF8.self) == "héllo\n")
    DescriptorSink(descriptor: -1).write("nobody is there to tell")
  }
}
