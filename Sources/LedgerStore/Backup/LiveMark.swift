/// Where a ledger stands that shall be replaced: whoever appends changes it.
package struct LiveMark: Hashable, Sendable {
  private let anchor: [UInt8]?
  /// Nil where the database cannot be read.
  private let size: Int?

  /// - Throws: ``LedgerError``: there is an anchor, and it cannot be read.
  package init(of live: LedgerDirectory) throws(LedgerError) {
    anchor = try AnchorFile(in: live).read(2 * AnchorSlot.byteCount)
    size = try? live.reading { try $0.head().size }
  }
}
