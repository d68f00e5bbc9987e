import CanonicalJSON

/// Turns a ``Document`` into the bytes of stdout; the only place that knows every format.
package enum Renderer {
  /// - Parameter style: Whose colours may stay in what a person reads; every other control
  ///   character there is written out.
  /// - Returns: Whole lines, each ended by a line feed; empty when there is nothing to say.
  /// - Throws: `JSONFormError` when a value has no canonical form.
  package static func render(
    _ document: Document, as format: OutputFormat, style: Style
  ) throws(JSONFormError) -> String {
    switch format {
    case .table:
      return lines(document.text.map(style.visible))
    case .json:
      var object = document.fields
      object["schema"] = .string(document.schema)
      object["version"] = .integer(document.version)
      return lines([try JSONValue.object(object).canonicalText()])
    case .jsonl:
      var texts: [String] = []
      for record in document.records { texts.append(try JSONValue.object(record).canonicalText()) }
      return lines(texts)
    case .csv:
      return try csv(document.records)
    }
  }

  private static func lines(_ lines: [String]) -> String {
    lines.map { $0 + "\n" }.joined()
  }

  /// RFC 4180 with a header line: every key that some record has, in byte order.
  private static func csv(_ records: [JSONObject]) throws(JSONFormError) -> String {
    let columns = Set(records.flatMap { $0.map(\.key) }).sorted()
    guard !columns.isEmpty else { return "" }
    var rows = [columns.joined(separator: ",")]
    for record in records {
      var cells: [String] = []
      for column in columns { cells.append(try cell(record[column])) }
      rows.append(cells.joined(separator: ","))
    }
    return rows.map { $0 + "\r\n" }.joined()
  }

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
