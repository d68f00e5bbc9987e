import CanonicalJSON
import Environments
import Events

/// What a verdict's rules ask of people and moments.
struct AskedOfChange {
  var windows: [FreezeWindow] = []
  var approvals: ApprovalRule?
  var breakGlass: BreakGlassRule?

  /// - Throws: `FormFault` for a rule of any of these sorts that cannot be read.
  init(_ rules: [JSONObject]) throws(FormFault) {
    for rule in rules {
      switch rule["condition"]?.stringValue {
      case FreezeWindow.condition.rawValue: windows.append(try FreezeWindow(data: rule))
      case ApprovalRule.condition.rawValue: approvals = try ApprovalRule(data: rule)
      case BreakGlassRule.condition.rawValue: breakGlass = try BreakGlassRule(data: rule)
      default: break
      }
    }
  }
}

extension PolicyDecided {
  /// Where its rules want a build to have run healthy.
  var provenIn: [EnvironmentName] {
    rules.filter { $0["condition"] == .string(PromotionRule.condition) }
      .compactMap { $0["value"]?.stringValue.flatMap(EnvironmentName.init(rawValue:)) }
  }
}
