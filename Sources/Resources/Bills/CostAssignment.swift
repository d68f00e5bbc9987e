import Environments
import Foundation

/// Which environment a charge belongs to.
package enum CostAssignment: Hashable, Sendable {
  /// All of a bill is one environment's.
  case all(KnownEnvironment)
  /// The one that the value of a tag names, in any of its spellings.
  ///
  /// - Parameter rest: Where charges without the tag belong, such as taxes; nil to leave them out.
  ///   One whose tag names something else is somebody else's, and left out in any case.
  case tag(String, rest: KnownEnvironment?)

  /// The tag that is asked for where nobody names one.
  package static let standardTag = "environment"

  enum Answer: Hashable {
    case environment(KnownEnvironment)
    case leftOut(LeftOut)
  }

  /// Why a charge belongs to no environment.
  package enum LeftOut: Hashable, Sendable {
    /// It has no such tag, or one without a text.
    case untagged
    case names(String)
    /// It names one of so many others that they are not told apart.
    case others
  }

  /// - Parameter tags: Nil for a charge that has none.
  func answer(_ tags: BillTags?) -> Answer {
    switch self {
    case .all(let environment): return .environment(environment)
    case .tag(let key, let rest):
      guard let value = tags?[key] else {
        return rest.map(Answer.environment) ?? .leftOut(.untagged)
      }
      return KnownEnvironment(spelling: value).map(Answer.environment) ?? .leftOut(.names(value))
    }
  }
}

/// The tags of one charge: a JSON object of texts, as FOCUS has them; a tag without a value is
/// `true` there.
struct BillTags {
  private let values: [String: Any]

  /// Nil for what is no JSON object.
  init?(parsing text: String) {
    guard let json = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
      let values = json as? [String: Any]
    else { return nil }
    self.values = values
  }

  /// Nil for a tag that is not there or has no text.
  subscript(key: String) -> String? { values[key] as? String }

  var keys: [String] { Array(values.keys) }
}
