/// What a history may do next.
enum Step: String, CaseIterable {
  case append, appendBatch, appendValue, appendForged
  /// Sign now and append later, when others may have been faster.
  case hold, appendHeld
  /// Append again what nobody got an answer for.
  case retry
  case look
  case start, startInterrupted, stop
  case appendInterrupted
  case kill, powerOff
  case turnClock
  case storeSnapshot
  /// 100 ms pass, and the anchor is synced.
  case syncAnchor
  case copy, restore

  /// How often it is drawn.
  private var weight: Int {
    switch self {
    case .append: 14
    case .appendInterrupted: 20
    case .appendBatch, .look, .retry: 8
    case .start, .appendValue: 6
    case .startInterrupted, .stop, .hold, .appendHeld, .turnClock, .syncAnchor, .storeSnapshot: 4
    case .copy, .restore: 4
    case .kill, .powerOff: 3
    case .appendForged: 2
    }
  }

  static func any(_ chance: Chance) -> Step {
    chance.pick(allCases.map { (weight: $0.weight, choice: $0) })
  }
}
