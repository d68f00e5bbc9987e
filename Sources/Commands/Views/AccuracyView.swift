import CanonicalJSON
import Events
import Operations
import Projections

/// Configuration accuracy as of the last scan, and how old that is: no scan is no figure.
struct AccuracyView {
  private let status: PlaceStatus

  init(_ status: PlaceStatus) { self.status = status }

  private var command: String { "stele drift \(status.place.environment)" }

  /// Everything was looked at, of what runs now, and alike.
  var isSound: Bool {
    guard let scan = status.scan else { return false }
    return scan.content.equal == scan.content.leaves && scan.content.notCompared == 0
      && scan.content.found == 0 && scan.content.release == status.running?.release
  }

  /// `100 % of 143 leaves, scanned 4 min ago`
  var words: String {
    guard let scan = status.scan, let ageMs = status.scanAgeMs else {
      return "never scanned: \(command)"
    }
    let content = scan.content
    let figure =
      content.accuracyPpm.map { "\(Self.percent($0)) of \(content.leaves) leaves" }
      ?? "unknown, no leaf was compared"
    let other =
      content.release.map { $0 == status.running?.release ? "" : ", of #\($0)" } ?? ""
    let blind = content.notCompared == 0 ? "" : ", \(content.notCompared) not looked at"
    let found = content.found == 0 ? "" : ", \(content.found) found: \(command)"
    return "\(figure)\(other)\(blind), scanned \(Self.age(ageMs)) ago\(found)"
  }

  var json: JSONValue {
    guard let scan = status.scan, let ageMs = status.scanAgeMs else {
      return ["next": .string(command), "scanned": false]
    }
    var object = scan.content.data
    object["accuracyPpm"] = scan.content.accuracyPpm.map { .integer(Int64($0)) }
    object["ageMs"] = .integer(Int64(ageMs))
    object["position"] = .integer(Int64(scan.position))
    object["recorded"] = .string(scan.recorded.description)
    object["scanned"] = true
    return .object(object)
  }

  /// `99.3006 %`: never more than it is.
  static func percent(_ ppm: Int) -> String {
    let rest = ppm % 10_000
    guard rest != 0 else { return "\(ppm / 10_000) %" }
    let digits = "\(10_000 + rest)".dropFirst()
    let shown = String(digits.reversed().drop { $0 == "0" }.reversed())
    return "\(ppm / 10_000).\(shown) %"
  }

  /// The largest unit of which it has two, or one.
  static func age(_ milliseconds: Int) -> String {
    let seconds = milliseconds / 1_000
    switch seconds {
    case ..<120: return "\(seconds) s"
    case ..<7_200: return "\(seconds / 60) min"
    case ..<172_800: return "\(seconds / 3_600) h"
    default: return "\(seconds / 86_400) d"
    }
  }
}
