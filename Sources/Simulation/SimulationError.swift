/// Why a simulation could not be run at all; nothing is known of the ledger then.
package enum SimulationError: Error, Hashable {
  case diskNotInstalled(code: Int32)
  /// A planted bug could not be planted.
  case notPlanted(sql: String, message: String)
}

extension SimulationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .diskNotInstalled(let code):
      "Nothing was simulated: SQLite refused the simulated disk (\(code)). Run it by itself."
    case .notPlanted(let sql, let message):
      "Nothing was simulated: `\(sql)` failed (\(message)). Look at migrations/0001_ledger.sql."
    }
  }
}
