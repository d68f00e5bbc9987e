import Foundation

/// All files of a ledger, against the bytes that its entries are: headers, signatures and bodies.
struct DiskComparison: Comparison {
  let contents: String
  private let ledger: BenchLedger

  /// - Parameter contents: In words.
  init(of ledger: BenchLedger, _ contents: String) {
    self.ledger = ledger
    self.contents = contents
  }

  var name: String { "disk, \(contents)" }
  var limit: String { "headers, signatures and bodies" }
  var bar: Bar { .atMost(1.6) }

  func measureWork() throws -> Measure {
    let files = try FileManager.default.subpathsOfDirectory(atPath: ledger.directory)
    let bytes = try files.map { name in
      let path = ledger.directory + "/" + name
      return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
    return .mebibytes(ofBytes: bytes.reduce(0, +))
  }

  func measureLimit() throws -> Measure {
    let database = try RawDatabase(ledger.directory + "/ledger.sqlite", readOnly: true)
    var bytes = 0
    let sql = "SELECT header, signatures, body FROM entry LEFT JOIN body USING (position)"
    try database.forEachRow(sql, columns: 3) { columns in
      bytes += columns.reduce(0) { $0 + $1.count }
    }
    return .mebibytes(ofBytes: bytes)
  }
}
