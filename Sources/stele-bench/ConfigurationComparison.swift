import Environments
import Foundation

/// Validating an environment of two thousand lines, from its files to the resolved configuration.
struct ConfigurationComparison: Comparison {
  private static let lines = 2_000

  private let directory: ConfigurationDirectory

  /// - Parameter example: The root of a project with a production environment, such as
  ///   `tools/example`; its flags are followed by so many others that there are enough lines.
  init(like example: String, in folder: TemporaryFolder) throws {
    let root = try folder.making("configuration")
    try FileManager.default.copyItem(atPath: example + "/config", toPath: root + "/config")
    let path = root + "/config/environments/production.yaml"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    let written = text.split(separator: "\n", omittingEmptySubsequences: false).count
    text += (written...Self.lines).map { "  flag-\($0): true\n" }.joined()
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    directory = ConfigurationDirectory(root: root)
  }

  var name: String { "validating an environment of \(Self.lines) lines" }
  var limit: String { "50 ms" }
  var bar: Bar { .atMost(1) }

  func measureWork() async throws -> Measure {
    var times: [Duration] = []
    for _ in 0..<5 {
      times.append(
        try ContinuousClock().measure {
          let loaded = try directory.load(.production)
          precondition(loaded.configuration.features.count >= Self.lines - 100, "flags are missing")
        })
    }
    return Percentiles(times).median
  }

  func measureLimit() -> Measure { .milliseconds(50) }
}
