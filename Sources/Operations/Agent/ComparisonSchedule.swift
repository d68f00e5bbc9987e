import Events

/// When what should run is held against what does: once after each change, and again after a look
/// that could not tell everything. Pure.
///
/// The waits between such looks grow as those between starts, ``RestartSchedule/waitMs(before:)``.
struct ComparisonSchedule {
  private var looks = 0
  private var state = State.due(at: nil)

  private enum State {
    /// At once where there is no time.
    case due(at: Timestamp?)
    case done
  }

  func isDue(at now: Timestamp) -> Bool {
    switch state {
    case .due(let time): time.map { $0 <= now } ?? true
    case .done: false
    }
  }

  /// A look begins: unless it is ``done()``, another one comes after a while.
  mutating func begin(at now: Timestamp) {
    looks += 1
    state = .due(at: now.adding(milliseconds: RestartSchedule.waitMs(before: looks)))
  }

  /// Everything was told.
  mutating func done() { state = .done }
}
