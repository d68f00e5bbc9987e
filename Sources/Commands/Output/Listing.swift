import CanonicalJSON

/// A result of so many records that they are written while they are read: in every format for
/// programs the same bytes as a ``Document`` of them all has, in little memory.
struct Listing {
  /// `stele.log`.
  let schema: String
  /// The field of the document that holds all records in `json`; before `schema` in byte order.
  let field: String
  /// What each record is: `stele.event`.
  let recordSchema: String
  /// Hands over every record in order; `csv` asks twice, for the columns first.
  let forEach: (_ each: (JSONObject) throws -> Void) throws -> Void
}

/// Writes a ``Listing`` to a sink, 64 KiB at a time.
struct ListingWriter {
  private let listing: Listing
  private let sink: any TextSink
  private var text = ""
  private static let byteCount = 65_536

  init(_ listing: Listing, to sink: any TextSink) {
    precondition(listing.field < "schema", "\(listing.field) comes behind schema and version")
    self.listing = listing
    self.sink = sink
  }

  /// - Precondition: `format` is one for programs: a table needs all rows before its first line.
  /// - Throws: What reading throws; lines written before it stand. Ends early, and well, when
  ///   nobody reads any more.
  mutating func write(as format: OutputFormat) throws {
    do {
      switch format {
      case .table: preconditionFailure("a table is no listing")
      case .json: try writeObject()
      case .jsonl:
        try listing.forEach { try put(Renderer.line($0, schema: listing.recordSchema)) }
      case .csv: try writeTable()
      }
    } catch is NobodyReads {
      return
    }
    sink.write(text)
  }

  private mutating func writeObject() throws {
    try put("{\(JSONValue.string(listing.field).canonicalText()):[")
    var isFirst = true
    try listing.forEach { record in
      try put((isFirst ? "" : ",") + JSONValue.object(record).canonicalText())
      isFirst = false
    }
    // The rest of the object, as it stands behind its brace.
    try put("]," + Renderer.line([:], schema: listing.schema).dropFirst())
  }

  private mutating func writeTable() throws {
    var names: Set<String> = []
    try listing.forEach { record in
      for (name, _) in record { names.insert(name) }
    }
    let columns = names.sorted()
    guard !columns.isEmpty else { return }
    try put(Renderer.row(columns))
    try listing.forEach { try put(Renderer.row($0, columns)) }
  }

  private mutating func put(_ more: String) throws {
    text += more
    guard text.utf8.count >= Self.byteCount else { return }
    sink.write(text)
    text = ""
    if sink.isUnread || sink.failure != nil { throw NobodyReads() }
  }

  private struct NobodyReads: Error {}
}
