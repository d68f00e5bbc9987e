import Events

/// One server in HAProxy's `show stat`.
struct ServerRow: Hashable {
  enum Condition: Hashable {
    case ready
    case draining
    case maintenance
    /// Something else, in HAProxy's word.
    case other(String)
  }

  let frontend: ComponentName
  let instance: InstanceName
  let port: Int
  let weight: Int
  let condition: Condition
  let open: Int
  let requests: Int
  let answers2xx: Int
  let answers4xx: Int
  let answers5xx: Int
  let connectionErrors: Int
  let answerErrors: Int
}

extension ServerRow {
  /// Reads the answer to `show stat -1 4 -1`: a line of column names, one line a server, an empty
  /// line. Columns are found by name, so newer versions may add theirs.
  ///
  /// - Throws: ``RouterError/answerMalformed(command:reason:)`` for anything else, also for an
  ///   answer that was cut off.
  static func rows(in answer: String, to command: String) throws(RouterError) -> [ServerRow] {
    do {
      return try rows(in: answer)
    } catch {
      throw .answerMalformed(command: command, reason: error.description)
    }
  }

  private static func rows(in answer: String) throws(ShapeError) -> [ServerRow] {
    guard answer.hasPrefix("# ") else { throw ShapeError("it does not begin with column names") }
    guard answer.hasSuffix("\n\n") else { throw ShapeError("it was cut off") }
    let lines = answer.dropFirst(2).split(separator: "\n")
    let columns = try CSVLine.fields(in: lines.first ?? "")
    let positions = Dictionary(
      columns.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    var rows: [ServerRow] = []
    for line in lines.dropFirst() {
      let fields = try CSVLine.fields(in: line)
      guard fields.count == columns.count else {
        throw ShapeError("\(fields.count) values stand under \(columns.count) columns")
      }
      rows.append(try ServerRow(Fields(positions: positions, values: fields)))
    }
    return rows
  }

  private init(_ fields: Fields) throws(ShapeError) {
    guard let frontend = ComponentName(rawValue: try fields.text("pxname")),
      let instance = InstanceName(rawValue: try fields.text("svname"))
    else { throw ShapeError("it names a server that was never added") }
    self.frontend = frontend
    self.instance = instance
    let address = try fields.text("addr")
    guard let port = address.split(separator: ":").last.flatMap({ Int($0) }) else {
      throw ShapeError("addr \(address) has no port")
    }
    self.port = port
    condition = Condition(try fields.text("status"))
    weight = try fields.count("uweight")
    open = try fields.count("scur")
    requests = try fields.count("stot")
    answers2xx = try fields.count("hrsp_2xx")
    answers4xx = try fields.count("hrsp_4xx")
    answers5xx = try fields.count("hrsp_5xx")
    connectionErrors = try fields.count("econ")
    answerErrors = try fields.count("eresp")
  }

  private struct Fields {
    let positions: [String: Int]
    let values: [String]

    func text(_ name: String) throws(ShapeError) -> String {
      guard let position = positions[name] else { throw ShapeError("it has no column \(name)") }
      return values[position]
    }

    func count(_ name: String) throws(ShapeError) -> Int {
      let text = try text(name)
      guard let count = Int(text), count >= 0 else {
        throw ShapeError("\(name) is '\(text)' and no count")
      }
      return count
    }
  }
}

extension ServerRow.Condition {
  fileprivate init(_ word: String) {
    self =
      switch word {
      case "no check", "UP": .ready
      case "DRAIN": .draining
      case _ where word.hasPrefix("MAINT"): .maintenance
      default: .other(word)
      }
  }
}

/// A line of comma-separated values as RFC 4180 has them.
enum CSVLine {
  static func fields(in line: some StringProtocol) throws(ShapeError) -> [String] {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var wasQuote = false
    for character in line {
      switch (character, isQuoted) {
      case ("\"", true):
        isQuoted = false
        wasQuote = true
      case ("\"", false) where wasQuote || field.isEmpty:
        if wasQuote { field.append(character) }
        isQuoted = true
        wasQuote = false
      case (",", false):
        fields.append(field)
        (field, wasQuote) = ("", false)
      default:
        field.append(character)
        wasQuote = false
      }
    }
    guard !isQuoted else { throw ShapeError("a quotation mark is never closed") }
    return fields + [field]
  }
}
