import COpenSSL

/// Bytes that nobody but whoever asked for them may see: a value, a key, a passphrase.
///
/// Overwritten when nobody holds them any more. What Swift copied on the way, such as the arrays
/// that a closure of ``read(_:)`` makes, is its maker's to ``wipe(_:)``. Never printed, never
/// compared with `==`.
package final class SecretBytes: Sendable {
  // Changed in deinit alone, when nobody else has this object any more.
  nonisolated(unsafe) private var bytes: [UInt8]

  /// - Parameter bytes: Held by nobody else: an array that is shared is copied before it is
  ///   overwritten, and what others hold stays.
  package init(_ bytes: consuming [UInt8]) { self.bytes = bytes }

  deinit { wipe(&bytes) }

  package var count: Int { bytes.count }

  package func read<Result, Failure: Error>(
    _ body: ([UInt8]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes)
  }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
  package var description: String { "a secret" }

  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Overwrites `bytes` where they are, unless somebody else holds the same array.
package func wipe(_ bytes: inout [UInt8]) {
  bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
}
