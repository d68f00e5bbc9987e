import CanonicalJSON
import Events
import LedgerStore
import Operations
import Platforms
import Projections
import Testing

@testable import Commands
@testable import Rollouts

/// How a rollout is shown while it happens, and how it ended.
@Suite struct RolloutViewTests {
  private let project: Project
  private let session: Session
  private let notices = CapturedText()
  private let results = CapturedText()

  init() async throws {
    project = try await Project()
    session = try project.session()
  }

  private func view(
    isTerminal: Bool = false, columns: Int = 100, format: OutputFormat = .table
  ) throws -> RolloutView {
    try RolloutView(
      CommandContext(
        variables: [:], workingDirectory: "/", results: results, notices: notices,
        terminal: Terminal(isInteractive: isTerminal, hasColour: false, columns: columns),
        resultTerminal: Terminal(isInteractive: false, hasColour: false), executable: "/bin/false"),
      session, of: Place("tamma", "staging"), as: format)
  }

  private func slot(
    _ index: Int, _ condition: SlotProgress.Condition, passes: Int = 0, failures: Int = 0,
    last: ProbeResult? = nil
  ) -> SlotProgress {
    SlotProgress(
      slot: Slot(.new, "web", index), condition: condition,
      takesRequests: condition == .healthy, passes: passes, passesNeeded: 3, failures: failures,
      failuresAllowed: 2, last: last)
  }

  private func progress(_ slots: [SlotProgress], leftMs: Int64? = nil) -> RolloutProgress {
    RolloutProgress(
      phase: .starting, step: 1, stepCount: 4, slots: slots, leftMs: leftMs,
      next: "the release is rolled back")
  }

  @Test func `where nobody watches, a line comes when something has changed`() throws {
    let view = try view()
    view.show(progress([slot(1, .starting)], leftMs: 60_000))
    view.show(progress([slot(1, .starting)], leftMs: 59_000))
    view.show(progress([slot(1, .healthy, passes: 3)]))

    let slot = Slot(.new, "web", 1)
    #expect(
      notices.text == "starting 1/4: \(slot) starting\nstarting 1/4: \(slot) healthy\n")
    #expect(results.text.isEmpty)
  }

  @Test func `what keeps a recorded deployment from its end says what is left of it`() async throws
  {
    let view = try view()
    let full = LedgerError.syncFailed(path: "/a", errno: 28)
    await #expect(throws: LedgerError.self) { try await view.driving { throw full } }
    let id = try DeploymentID(parsing: "0190b5a4-0000-7000-8000-000000000001")
    view.started(id, 7)

    let left = await #expect(throws: RolloutLeft.self) { try await view.driving { throw full } }

    #expect(left?.exitStatus == .cannotWrite)
    #expect(left?.description.hasPrefix(full.description) == true)
    #expect(left?.description.contains("`stele recover staging`") == true)
    let replaced = LedgerError.fileReplaced(path: "/a")
    let elsewhere = await #expect(throws: RolloutLeft.self) {
      try await view.driving { throw replaced }
    }
    #expect(elsewhere?.description.contains("`stele agent staging`") == true)
    #expect(elsewhere?.description.contains("recover") == false)
    let lost = LeaseLost(environment: "staging", deployment: id)
    await #expect(throws: lost) { try await view.driving { throw lost } }
  }

  @Test func `jsonl says nothing of what is not recorded`() throws {
    try view(isTerminal: true, format: .jsonl).show(progress([slot(1, .unproven)]))

    #expect(results.text.isEmpty)
    #expect(notices.text.isEmpty)
  }

  @Test func `what is over waits for nothing`() throws {
    let over = RolloutProgress(
      phase: .settled, step: 0, stepCount: 0, slots: [], leftMs: nil, next: "nothing")
    try view(isTerminal: true).show(over)

    #expect(notices.text == "\u{1B}[2Ksettled\n")
  }

  @Test func `a terminal has one block with the numbers against their limits`() throws {
    let failed = ProbeResult(
      latencyMicroseconds: 12_400, status: 503, verdict: .fail, reason: "503 Unavailable")
    try view(isTerminal: true).show(
      progress(
        [
          slot(1, .unproven, passes: 1, failures: 1, last: failed), slot(2, .failing, failures: 1),
          slot(3, .healthy), slot(4, .stopping),
        ], leftMs: 59_001))

    let lines = notices.text.split(separator: "\n").map { $0.dropFirst("\u{1B}[2K".count) }
    #expect(lines.count == 6)
    #expect(lines[0] == "starting, stage 1 of 4, 60 s left")
    #expect(lines[1].hasPrefix("  ◌ "))
    #expect(
      lines[1].hasSuffix(
        "unproven, 1 of 3 passes, 503 Unavailable in 12 ms"))
    #expect(lines[2].hasPrefix("  ✗ "))
    #expect(lines[2].hasSuffix("failing, 1 of 2 failures"))
    #expect(lines[3].hasPrefix("  ● "))
    #expect(lines[3].hasSuffix("healthy, takes requests"))
    #expect(lines[4].hasPrefix("  ○ "))
    #expect(lines[5] == "  if nothing happens: the release is rolled back")
  }

  @Test func `the block is drawn over the one before, and a shorter one leaves nothing`() throws {
    let view = try view(isTerminal: true)
    view.show(progress([slot(1, .starting), slot(2, .starting)]))
    let first = notices.text
    view.show(progress([slot(1, .serving)]))

    let second = notices.text.dropFirst(first.count)
    #expect(!first.contains("\u{1B}[4A"))
    #expect(second.hasPrefix("\u{1B}[4A\u{1B}[2K"))
    #expect(second.hasSuffix("\u{1B}[2K\n\u{1B}[1A"))
  }

  @Test func `a line never takes two lines of the terminal`() throws {
    try view(isTerminal: true, columns: 20).show(progress([slot(1, .starting)], leftMs: 1_000))

    let lines = notices.text.split(separator: "\n").map { $0.dropFirst("\u{1B}[2K".count) }
    #expect(lines.allSatisfy { $0.count <= 20 })
    #expect(lines[0] == "starting, stage 1 o…")
  }

  @Test(arguments: [
    (
      DeploymentEnd.rollbackFailed(reason: "no answer"),
      "ROLLBACK FAILED: no answer.\nNobody knows what serves; look now: stele status staging\n"
        + "Then go back: stele rollback staging; or on: stele deploy staging"
    ),
    (
      .failed(.aborted, reason: "asked to"),
      "Aborted: asked to.\nSee what runs: stele status staging"
    ),
    (.failed(.held, reason: "r"), "Go back: stele rollback staging"),
    (.failed(.stopped, reason: "r"), "See why: stele replay staging"),
    (.rolledBack(restored: 3, reason: "r"), "nothing serves what staging#3 was"),
    (.rolledBack(restored: 3, reason: "It ended."), "Rolled back: It ended.\n"),
    (.succeeded, "nothing serves build -, proven healthy.\nSee it: stele status staging"),
  ])
  func `how it ended is said with the next command`(end: DeploymentEnd, words: String) {
    let document = EndView(
      end: end, place: Place("shop", "staging"), state: LedgerState(), isAsWanted: false
    ).document

    let text = Renderer.text(
      document.text, on: Terminal(isInteractive: false, hasColour: false))
    #expect(text.contains(words), "\(text)")
    #expect(document.fields["outcome"] == .string(end.word))
  }
}
