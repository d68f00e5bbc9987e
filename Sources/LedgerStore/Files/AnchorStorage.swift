import Dispatch

/// Where the anchor's bytes are: a file, or a simulated disk that loses what was not synced.
package protocol AnchorStorage: Sendable {
  /// Up to `count` bytes from the beginning; nil when there is no file.
  func read(_ count: Int) throws(LedgerError) -> [UInt8]?

  /// Writes all of `bytes`, not durable yet; makes the file when it is not there.
  func write(_ bytes: [UInt8], at offset: Int) throws(LedgerError)

  /// Makes what was written durable, and with it the file's name.
  func sync() throws(LedgerError)

  /// Calls `work` in a moment, on another thread or not.
  func soon(_ work: @escaping @Sendable () -> Void)
}
