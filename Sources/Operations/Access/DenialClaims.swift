import Access
import Events

/// Whether what is decided without naming the grants is what the program says so: how often a
/// denial was repeated, what a copy of the ledger denied, and that counts were damaged.
struct DenialClaims {
  private var recorded: [Asked: Set<Denial>] = [:]
  /// In which something was decided since entries were lost; nil where none is missing any more.
  private var minutesSinceLoss: Set<Int64>?

  /// What denials are counted by.
  fileprivate struct Asked: Hashable {
    let actor: ActorID
    let action: Code
    let environment: EnvironmentName?
  }

  /// What a count may say less, and more, of.
  private struct Denial: Hashable {
    let application: ApplicationName?
    let reasons: [Code]
  }

  /// - Parameter namesGrants: Whether its entry expects those of whom it is about.
  /// - Returns: What is wrong with it, as a clause; nil where nothing is.
  mutating func take(
    _ decided: AccessDecided, _ event: Recorded, namesGrants: Bool
  ) -> String? {
    defer { learn(decided, event, namesGrants: namesGrants) }
    guard !namesGrants else {
      return decided.count == 1
        ? nil : "counts \(decided.count), and only denials after a recorded one are counted"
    }
    guard decided.decision == .deny else {
      return "allows \(decided.action) without naming the grants"
    }
    let isOwn = decided.isOfCopy(event) || decided.isOfDamage(event)
    guard !isOwn, !isCounted(decided, event), minutesSinceLoss == nil else { return nil }
    return "denies \(decided.action) to \(decided.actor) without naming the grants, and no such "
      + "denial was recorded before"
  }

  /// Counts are kept outside the ledger, so what they count may be among the entries that a
  /// restore has lost.
  mutating func learn(_ event: Recorded) {
    if case .ledger(.incarnationStarted) = event.event { minutesSinceLoss = [] }
  }

  /// The restore is decided in one minute; the first decision after it settles all counts of other
  /// minutes than its own, and the first of a third minute those.
  private static let minutesToSettle = 3

  private mutating func learn(
    _ decided: AccessDecided, _ event: Recorded, namesGrants: Bool
  ) {
    if namesGrants {
      minutesSinceLoss?.insert(event.recorded.microseconds / 60_000_000)
      if minutesSinceLoss?.count == Self.minutesToSettle { minutesSinceLoss = nil }
    }
    guard decided.decision == .deny, namesGrants || decided.isOfCopy(event) else { return }
    recorded[decided.asked(event), default: []].insert(
      Denial(application: decided.application, reasons: decided.reasons))
  }

  /// Whether the first of its minute was recorded: a count adds reasons to it, and leaves the
  /// application out where there were several.
  private func isCounted(_ decided: AccessDecided, _ event: Recorded) -> Bool {
    recorded[decided.asked(event), default: []].contains { first in
      decided.reasons.starts(with: first.reasons)
        && (decided.application == nil || decided.application == first.application)
    }
  }
}

extension AccessDecided {
  fileprivate func asked(_ event: Recorded) -> DenialClaims.Asked {
    DenialClaims.Asked(actor: actor, action: action, environment: event.environment)
  }

  /// Of a restore, the grants of the copy decide, which is thrown away.
  fileprivate func isOfCopy(_ event: Recorded) -> Bool {
    action == Action.restoreLedger.code && count == 1 && application == nil
      && event.environment == nil
  }

  fileprivate func isOfDamage(_ event: Recorded) -> Bool {
    action == "denials.count" && reasons == ["countsDamaged"] && count == 1
      && actor == event.actor && application == nil && event.environment == nil
  }
}
