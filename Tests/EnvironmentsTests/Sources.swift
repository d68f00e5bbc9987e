import Foundation
import TestKit
import Testing

@testable import Environments

/// What the tests read: the fixture project, and variations of files made on the spot.
enum Sources {
  static let fixtures = Bundle.module.bundlePath + "/Fixtures"
  static let project = ConfigurationDirectory(root: fixtures + "/project")
  static let production = "config/environments/production.yaml"

  static func text(_ fixture: String) throws -> String {
    try String(contentsOfFile: "\(fixtures)/\(fixture)", encoding: .utf8)
  }

  /// A valid file with every field, after replacing one piece of it.
  static func complete(_ piece: String = "", _ replacement: String = "") throws -> String {
    let text = try text("complete.yaml")
    guard !piece.isEmpty else { return text }
    try #require(text.contains(piece), "complete.yaml has no \(piece)")
    return text.replacingOccurrences(of: piece, with: replacement)
  }

  static func load(_ text: String, base: String? = nil) throws(ConfigurationError)
    -> LoadedEnvironment
  {
    try LoadedEnvironment.checked(
      .production, own: (production, Array(text.utf8)),
      base: base.map { ("config/environments/base.yaml", Array($0.utf8)) })
  }

  /// The lines that a user sees for a file; empty if it is valid.
  static func problems(_ text: String, base: String? = nil) -> [String] {
    lines { () throws(ConfigurationError) in _ = try load(text, base: base) }
  }

  static func lines(_ body: () throws(ConfigurationError) -> Void) -> [String] {
    do throws(ConfigurationError) {
      try body()
      return []
    } catch {
      guard case .invalid(let problems) = error else { return ["\(error)"] }
      return problems.map { "\($0)".replacing("config/environments/", with: "") }
    }
  }
}

/// A directory of a test's own, gone with it.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "stele-environments-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? StoredTree.remove(path) }

  @discardableResult
  func write(_ text: String, to name: String, executable: Bool = false) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes(
      [.posixPermissions: executable ? 0o755 : 0o640], ofItemAtPath: file)
    return file
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/\(name)", withDestinationPath: target)
  }
}

/// What the outside tool's Python writes.
func python(_ arguments: [String]) async throws -> String {
  try await TestProgram.python(arguments).text
}
