import Foundation

/// Up to where a restore has given up what was sealed, kept with the keys: what nobody can open any
/// more, and whoever restored has agreed to lose, keeps nobody from sealing what comes after.
package struct GivenUpFile: Sendable {
  private let path: String

  package init(path: String) { self.path = path }

  /// How many entries the ledger had; 0 where nothing was given up.
  ///
  /// - Throws: ``LedgerError/system(operation:path:errno:)``.
  package func size() throws(LedgerError) -> Int { Int(try StateFile(path).text() ?? "0") ?? 0 }

  /// Commit point: see ``StateFile/replace(with:)``.
  package func giveUp(entries size: Int) throws { try StateFile(path).replace(with: "\(size)") }
}
