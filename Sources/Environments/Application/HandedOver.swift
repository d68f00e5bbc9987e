import CanonicalJSON

/// What every process gets of its release's configuration, as JSON in two variables.
extension EnvironmentConfiguration {
  /// `STELE_FLAGS`, every feature and flag by name: `[{"name":"new-parser","value":true}]`.
  package var flagsVariable: String {
    JSONValue.array(features.map { .object($0.json) }).variable
  }

  /// `STELE_CONFIGURATION`, all other fields under the names that the ledger has, which end in the
  /// unit: `{"deployment":{"healthCheckIntervalMs":10000,…},…}`.
  package var variable: String {
    JSONValue.object(JSONObject(recording: fields.filter { $0.name != "features" })).variable
  }

  /// What Linux takes of one variable is 128 KiB (execve(2), MAX_ARG_STRLEN); the name needs some.
  private static let variableByteCountMax = 130_000

  /// Why no process could be started with it; nil where each variable fits.
  var handOverProblem: SettingProblem? {
    let count = max(flagsVariable.utf8.count, variable.utf8.count)
    guard count > Self.variableByteCountMax else { return nil }
    let path = flagsVariable.utf8.count == count ? "features" : ""
    return SettingProblem(
      at: SourcePosition(
        file: "\(ConfigurationDirectory.environments)/\(name).yaml", line: 1, column: 1,
        layer: .environment),
      path: path, kind: .outOfRange, found: nil,
      complaint: "takes \(count) bytes as JSON, and a process gets at most "
        + "\(Self.variableByteCountMax) in one variable",
      remedy: "write less, or give the application a file of its own")
  }
}

extension JSONValue {
  /// Text of which a platform fills nothing in: it looks for `${PORT}`.
  fileprivate var variable: String {
    String(decoding: certainBytes, as: UTF8.self).replacing("${", with: #"\u0024{"#)
  }
}
