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
  /// Whether releases say it at all.
  private let isRecorded: Bool
  /// What it does, as far as is known: of what was recorded under other names, it is not.
  let uses: [String]

  /// What the files say now.
  ///
  /// - Parameter policy: Whose rules ask for it.
  init(
    _ leaf: ConfigurationLeaf, in project: LoadedProject, _ history: ConfigurationHistory,
    asked policy: Policy
  ) {
    path = leaf.path
    shownValue = Secrecy.shown(leaf.text, at: leaf.path)
    sayings = project.sayings(of: leaf.path)
    entry = nil
    change = history.change(of: leaf.recordedPath)
    isRecorded = history.isRecorded(leaf.recordedPath)
    let isOfEnvironment = project.environment.configuration.leaves.contains(leaf)
    let rules = policy.rules(of: project.environment.configuration.name)
      .filter { $0.field == leaf.path }
    uses =
      (isOfEnvironment ? leaf.uses.map(\.rawValue) : [])
      + (rules.isEmpty ? [] : ["policy"])
  }

  /// What was recorded.
  init(_ field: ConfigurationDifference, in released: ReleasedConfiguration) {
    path = field.path
    shownValue = field.shownAfter
    sayings = []
    entry = released.applied.position
    change = released.history.change(of: field.path)
    isRecorded = true
    uses = []
  }

  var source: String {
    entry.map { "entry \($0)" } ?? sayings.last.map { "\($0.position)" } ?? "default"
  }
  var overruled: [SettingSaying] { sayings.dropLast() }

  func shownRelease(in environment: KnownEnvironment) -> String {
    change.map { "\(environment)#\($0.release)" } ?? (isRecorded ? "pending" : "not recorded")
  }

  var json: JSONObject {
    var object: JSONObject = ["path": .string(path), "value": .string(shownValue)]
    if !uses.isEmpty { object["usedBy"] = .array(uses.map { .string($0) }) }
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
