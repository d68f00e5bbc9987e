import CanonicalJSON

/// Turns a ``Document`` into the bytes of stdout; the only place that knows every format.
package enum Renderer {
  /// - Parameter terminal: What stdout is: how wide what a person reads may be, and whether it has
  ///   colours; every other control character there is written out.
  /// - Returns: Whole lines, each ended by a line feed; empty when there is nothing to say.
  /// - Throws: `JSONFormError` when a value has no canonical form.
  package static func render(
    _ document: Document, as format: OutputFormat, on terminal: Terminal
  ) throws(JSONFormError) -> String {
    switch format {
    case .table:
      return text(document.text, on: terminal)
    case .json:
      return try line(document.fields, schema: document.schema, version: document.version)
    case .jsonl:
      var lines = ""
      for record in document.records {
        lines += try line(record, schema: document.recordSchema, version: document.version)
      }
      return lines
    case .csv:
      return try csv(document.records)
    }
  }

  /// What a person reads; only a terminal has a width that it is fitted to.
  package static func text(_ passages: [Passage], on terminal: Terminal) -> String {
    let columns = terminal.isInteractive ? terminal.columns : nil
    return passages.flatMap { $0.lines(columns: columns, style: Style(terminal)) }
      .map { $0 + "\n" }.joined()
  }

  /// One JSON object that says what it is: the only place that writes JSON.
  ///
  /// - Precondition: Neither `schema` nor `version` is a field already.
  package static func line(
    _ fields: JSONObject, schema: String, version: Int64 = 1
  ) throws(JSONFormError) -> String {
    precondition(fields["schema"] == nil && fields["version"] == nil, "\(schema) has them itself")
    var object = fields
    object["schema"] = .string(schema)
    object["version"] = .integer(version)
    return try JSONValue.object(object).canonicalText() + "\n"
  }

  /// RFC 4180 with a header line: every key that some record has, in byte order.
  private static func csv(_ records: [JSONObject]) throws(JSONFormError) -> String {
    let columns = Set(records.flatMap { $0.map(\.key) }).sorted()
    guard !columns.isEmpty else { return "" }
    var rows = row(columns)
    for record in records { rows += try row(record, columns) }
    return rows
  }

  /// One line of CSV, with its end.
  static func row(_ record: JSONObject, _ columns: [String]) throws(JSONFormError) -> String {
    var cells: [String] = []
    for column in columns { cells.append(try cell(record[column])) }
    return row(cells)
  }

  static func row(_ cells: [String]) -> String { cells.joined(separator: ",") + "\r\n" }

  /// The bytes that make a cell need quotes: comma, quote, carriage return, line feed.
  private static let quoted: Set<UInt8> = [0x2C, 0x22, 0x0D, 0x0A]

  private static func cell(_ value: JSONValue?) throws(JSONFormError) -> String {
    guard let value, value != .null else { return "" }
    let canonical = try value.canonicalText()
    let text = value.stringValue ?? canonical
    guard text.utf8.contains(where: quoted.contains) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
