import Foundation

/// A directory of a test's own, deleted when nobody holds it any more.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init(in parent: String = FileManager.default.temporaryDirectory.path) throws {
    let template = parent + "/stele-test-XXXXXX"
    var bytes = Array(template.utf8CString)
    guard mkdtemp(&bytes) != nil else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
    path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func file(_ name: String) -> String { path + "/" + name }
}
