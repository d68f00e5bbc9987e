import CanonicalJSON
import Events
import Operations
import Projections
import Rollouts
import Synchronization

/// Shows a rollout while it happens: a block that is redrawn on a terminal, a line a change
/// elsewhere; with `--output jsonl` every event of the environment as it is recorded.
final class RolloutView: Sendable {
  private let context: CommandContext
  private let format: OutputFormat
  private let place: Place
  private let session: Session
  private let drawn = Mutex(Drawn())
  private let tail: EventTail

  private struct Drawn {
    var lineCount = 0
    var last: RolloutProgress?
    /// The deployment that is shown, once it is recorded.
    var deployment: DeploymentID?
  }

  /// - Throws: `LedgerError`: the ledger's end was not read, from which events are shown.
  init(
    _ context: CommandContext, _ session: Session, of place: Place, as format: OutputFormat
  ) throws {
    self.context = context
    self.session = session
    self.place = place
    self.format = format
    tail = try EventTail(session.ledger, of: place.environment)
    context.onInterrupt? { [place, style = context.style] in
      style.bad("stele: ") + """
        Interrupted before it began: what runs in \(place.environment) goes on running.
        See it with `stele status \(place.environment)`.

        """
    }
  }

  /// Does what drives a deployment.
  ///
  /// - Throws: What that throws; ``RolloutLeft`` with it once the deployment is recorded.
  func driving<End: Sendable>(_ drive: () async throws -> End) async throws -> End {
    do {
      return try await drive()
    } catch let error as any ExitingError {
      guard !(error is LeaseLost), let deployment = drawn.withLock({ $0.deployment }) else {
        throw error
      }
      throw RolloutLeft(deployment: deployment, environment: place.environment, cause: error)
    }
  }

  func started(_ deployment: DeploymentID, _ release: Int) {
    drawn.withLock { $0.deployment = deployment }
    context.note("\(place.environment)#\(release)  deployment \(deployment)")
    context.onInterrupt? { [place, style = context.style] in
      style.bad("stele: ") + """
        Interrupted: nobody drives deployment \(deployment) now; what runs goes on running.
        Bring it to its end with `stele recover \(place.environment)`, or turn back with \
        `stele recover \(place.environment) --abort`.

        """
    }
  }

  func show(_ progress: RolloutProgress) {
    drawn.withLock { drawn in
      let earlier = drawn.last
      let isNews = earlier.map { !$0.saysTheSame(as: progress) } ?? true
      drawn.last = progress
      if format == .jsonl {
        // What was not read now is read with the next news, or throws when the rollout is finished.
        try? stream()
      } else if context.terminal.isInteractive {
        redraw(progress, &drawn)
      } else if isNews {
        context.note(progress.line(after: earlier))
      }
    }
  }

  /// Says how it ended, and ends the command with its exit code.
  ///
  /// - Parameter isAsWanted: Whether its end is what was asked for, though it did not succeed: to
  ///   turn it back.
  /// - Throws: ``Verdict`` unless the deployment succeeded; what kept the ledger from being read.
  func finish(_ end: DeploymentEnd, isAsWanted: Bool = false) async throws {
    if format == .jsonl {
      try stream()
    } else {
      let state = try await session.state()
      let view = EndView(end: end, place: place, state: state, isAsWanted: isAsWanted)
      try context.present(view.document, as: format)
    }
    try await session.close()
    guard isAsWanted || end.exitStatus == .success else { throw Verdict(end.exitStatus) }
  }

  private func stream() throws {
    for record in try tail.news() {
      context.results.write(try Renderer.line(record, schema: ShownEntry.eventSchema))
    }
  }

  private func redraw(_ progress: RolloutProgress, _ drawn: inout Drawn) {
    let lines = block(progress)
    let up = drawn.lineCount > 0 ? "\u{1B}[\(drawn.lineCount)A" : ""
    let text = lines.map { "\u{1B}[2K" + context.style.visible($0) + "\n" }.joined()
    let rest = max(0, drawn.lineCount - lines.count)
    let wipe = String(repeating: "\u{1B}[2K\n", count: rest)
    let back = rest > 0 ? "\u{1B}[\(rest)A" : ""
    context.notices.write(up + text + wipe + back)
    drawn.lineCount = lines.count
  }

  private func block(_ progress: RolloutProgress) -> [String] {
    let style = context.style
    var lines = [style.strong(progress.heading)]
    for slot in progress.slots {
      lines.append("  \(style.sign(slot.condition)) \(slot.line)")
    }
    if progress.phase != .settled {
      lines.append(style.faint("  if nothing happens: " + progress.next))
    }
    return lines.map { ShownText($0).clipped(to: context.terminal.columns).text }
  }
}

extension Style {
  fileprivate func sign(_ condition: SlotProgress.Condition) -> String {
    switch condition {
    case .healthy, .serving: good("●")
    case .starting, .unproven: warning("◌")
    case .failing: bad("✗")
    case .stopping: faint("○")
    }
  }
}

extension RolloutProgress {
  fileprivate var heading: String {
    guard stepCount > 0 else { return phase.rawValue }
    let left = leftMs.map { ", \(($0 + 999) / 1_000) s left" } ?? ""
    return "\(phase.rawValue), stage \(step) of \(stepCount)\(left)"
  }

  /// What is different from `earlier`, without times, so that a line comes only when something
  /// changed.
  fileprivate func line(after earlier: RolloutProgress?) -> String {
    let before = Dictionary(
      (earlier?.slots ?? []).map { ($0.slot, $0.condition) }, uniquingKeysWith: { $1 })
    let changed = slots.filter { before[$0.slot] != $0.condition }.map {
      "\($0.slot) \($0.condition.rawValue)"
    }
    let gone = before.keys.filter { slot in !slots.contains { $0.slot == slot } }.sorted().map {
      "\($0) stopped"
    }
    let stage = stepCount > 0 ? " \(step)/\(stepCount)" : ""
    let news = changed + gone
    return phase.rawValue + stage + (news.isEmpty ? "" : ": " + news.joined(separator: ", "))
  }

  fileprivate func saysTheSame(as other: RolloutProgress) -> Bool {
    (phase, step, stepCount) == (other.phase, other.step, other.stepCount)
      && slots.map(\.slot) == other.slots.map(\.slot)
      && slots.map(\.condition) == other.slots.map(\.condition)
  }
}

extension SlotProgress {
  /// The numbers that count now: passes until it is proven, failures once it is.
  fileprivate var line: String {
    var text = "\(slot) \(condition.rawValue)"
    if passesNeeded > 0, condition == .unproven { text += ", \(passes) of \(passesNeeded) passes" }
    if condition == .failing { text += ", \(failures) of \(failuresAllowed) failures" }
    if let last { text += ", \(last.reason) in \(last.latencyMicroseconds / 1_000) ms" }
    return takesRequests ? text + ", takes requests" : text
  }
}
