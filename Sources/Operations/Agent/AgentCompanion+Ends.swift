import Events
import LedgerStore
import Logging
import Platforms
import Projections

extension AgentCompanion {
  private static let handedOverAtMost = 1_000
  private static let unrecordedAtMost = 1_000

  /// Decides about the ends there were: while a driver lives they are its own. Where it is gone,
  /// those of the proven release are the agent's that the driver has not recorded; the others are
  /// found missing by `stele recover`. Who was asked to end is not started again; that it ended is
  /// recorded where the ledger says how it is: a rollout that was held has let go of it.
  func settleEnds() async throws {
    guard !ends.isEmpty || !handedOver.isEmpty else { return }
    guard let steady = try await attend(), let left else {
      handedOver = (handedOver + ends.filter { !$0.wasAsked }).suffix(Self.handedOverAtMost)
      ends = []
      return
    }
    let settled = owned(in: steady, left)
    (ends, handedOver) = ([], [])
    for end in settled {
      // What is wanted and was asked to end has lost whoever asked: a sync that was killed.
      if !end.wasAsked || wanted(in: steady).contains(end.replica.spec.instance) {
        schedule.ended(end.replica.spec, at: session.time.now())
      }
      monitor.forget(end.replica.spec.instance)
    }
    let known = await reporting { try await session.state().health.instances(in: steady.place) }
    let news = settled.filter { !$0.wasAsked || known?[$0.replica.spec.instance] != nil }
    try await record(news.map { steady.draft(.exited(ReplicaExited($0))) })
  }

  /// After a deployment, what its driver has not replaced of what it left running is the agent's
  /// too.
  private func owned(in steady: SteadyRelease, _ left: DeploymentReplicas) -> [ReplicaEnd] {
    guard steady.abandoned == nil else {
      return (handedOver + ends).filter { left.previous.contains($0.replica.spec.instance) }
    }
    return handedOver.filter { left.lacks($0.replica) } + ends
  }

  /// Records what is new in one entry, after what could not be recorded before. An outage keeps
  /// all that is left in its order; an entry that a rule refuses would be refused for ever, so it
  /// is logged and those behind it are recorded.
  ///
  /// - Parameter events: Of one retention class.
  func record(_ events: [DraftEvent]) async throws {
    if !events.isEmpty { unrecorded.append(EntryDraft(events)) }
    let dropped = unrecorded.count - Self.unrecordedAtMost
    if dropped > 0 {
      log.error("\(dropped) observations are not recorded: the ledger takes none for too long")
      unrecorded.removeFirst(dropped)
    }
    let entries = unrecorded
    unrecorded = []
    for (index, entry) in entries.enumerated() {
      do {
        _ = try await session.recordFact(entry, by: session.signer(.service))
      } catch let error as AppendError where !error.isConflict {
        log.error("an observation is not recorded, and will not be: \(error)")
      } catch {
        unrecorded = Array(entries[index...]) + unrecorded
        throw error
      }
    }
  }
}
