import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// One value with all that is known of it.
struct ExplainedLeaf {
  /// As files spell it, or as it is recorded.
  let path: String
  let shownValue: String
  /// What the layers say, the one that wins last; empty for what was recorded.
  let sayings: [SettingSaying]
  /// Where it was recorded; nil for what files say.
  let entry: Int?
  let change: ConfigurationHistory.Change?

  /// What the files say now.
  init(_ leaf: ConfigurationLeaf, in project: LoadedProject, _ history: ConfigurationHistory) {
    path = leaf.path
    shownValue = Secrecy.shown(leaf.text, at: leaf.path)
    sayings = project.sayings(of: leaf.path)
    entry = nil
    change = history.change(of: leaf.recordedPath)
  }

  /// What was recorded.
  init(_ field: ConfigurationDifference, in released: ReleasedConfiguration) {
    path = field.path
    shownValue = field.shownAfter
    sayings = []
    entry = released.applied.position
    change = released.history.change(of: field.path)
  }

  var source: String {
    entry.map { "entry \($0)" } ?? sayings.last.map { "\($0.position)" } ?? "default"
  }
  var overruled: [SettingSaying] { sayings.dropLast() }

  func shownRelease(in environment: KnownEnvironment) -> String {
    change.map { "\(environment)#\($0.release)" } ?? "pending"
  }

  var json: JSONObject {
    var object: JSONObject = ["path": .string(path), "value": .string(shownValue)]
    object["layers"] = .array(sayings.map { .object($0.json) })
    object["position"] = entry.map { .integer(Int64($0)) }
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
    switch position.layer {
    case .variable: object["variable"] = .string(position.file)
    case .flag: break
    case .base, .environment, .application, .policy:
      object["file"] = .string(position.file)
      object["line"] = .integer(Int64(position.line))
      object["column"] = .integer(Int64(position.column))
    }
    return object
  }
}
