import CanonicalJSON
import Environments
import Events
import Operations

/// One value with all that is known of it.
struct ExplainedLeaf {
  let leaf: ConfigurationLeaf
  /// What the layers say, the one that wins last.
  let sayings: [SettingSaying]
  let change: ConfigurationHistory.Change?

  var shownValue: String { Secrecy.shown(leaf.text, at: leaf.path) }
  var source: String { sayings.last.map { "\($0.position)" } ?? "-" }
  var overruled: [SettingSaying] { sayings.dropLast() }

  func shownRelease(in environment: KnownEnvironment) -> String {
    change.map { "\(environment)#\($0.release)" } ?? "pending"
  }

  var json: JSONObject {
    var object: JSONObject = ["path": .string(leaf.path), "value": .string(shownValue)]
    object["layers"] = .array(sayings.map { .object($0.json) })
    guard let change else { return object }
    object["release"] = .integer(Int64(change.release))
    object["configurationVersion"] = .integer(Int64(change.version))
    object["actor"] = .string("\(change.actor)")
    object["recorded"] = .string(change.recorded.description)
    return object
  }
}

extension SettingSaying {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "layer": .string(position.layer.rawValue), "value": .string(text),
    ]
    if position.layer == .variable {
      object["variable"] = .string(position.file)
    } else {
      object["file"] = .string(position.file)
      object["line"] = .integer(Int64(position.line))
      object["column"] = .integer(Int64(position.column))
    }
    return object
  }
}
