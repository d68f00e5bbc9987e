/// One line on stderr that says how far something is: redrawn on a terminal, its beginning alone
/// elsewhere.
struct ProgressLine: Sendable {
  private let context: CommandContext

  init(_ context: CommandContext) { self.context = context }

  func begin(_ text: String) { context.note(text) }

  func show(_ text: String) {
    guard context.terminal.isInteractive else { return }
    context.notices.write("\r\u{1B}[2K" + context.style.visible(text))
  }

  /// Leaves no half line for what is printed next.
  func end() {
    guard context.terminal.isInteractive else { return }
    context.notices.write("\r\u{1B}[2K")
  }
}
