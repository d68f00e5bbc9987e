/// How long somebody else is waited for, by the clock: a pause may last far longer than was asked.
///
/// Time that the machine sleeps does not count.
struct Patience {
  let milliseconds: Int
  private let start = SuspendingClock.now

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  var isOver: Bool { SuspendingClock.now - start >= .milliseconds(milliseconds) }
}
