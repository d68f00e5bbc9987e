import Foundation

/// A folder of this run's own, beside other temporary files.
struct TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "stele-bench-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// A new folder in it.
  func making(_ name: String) throws -> String {
    let folder = path + "/" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  /// What is left behind is only untidy.
  func delete() { try? FileManager.default.removeItem(atPath: path) }
}
