import CanonicalJSON
import Events

/// What has to hold of the moment, and who has to agree, before an environment is changed, whatever
/// is to run there.
///
///     production:
///       approvals: {quorum: 2, expiryHours: 24, separation: all}
///       breakGlass: {reviewWithinHours: 24}
///       freezeWindows:
///         weekend: {cron: 0 16 * * 5, durationHours: 64, because: nobody is at work}
package struct ChangeControl: Hashable, Sendable {
  /// What is written for everywhere first.
  package let freezeWindows: [FreezeWindow]
  /// Nil where nobody has to agree.
  package let approvals: ApprovalRule?
  /// Nil where nobody may pass over the others.
  package let breakGlass: BreakGlassRule?

  static let none = ChangeControl(freezeWindows: [], approvals: nil, breakGlass: nil)

  /// Whether it asks anything.
  package var asksAnything: Bool { !freezeWindows.isEmpty || approvals != nil }

  private init(
    freezeWindows: [FreezeWindow], approvals: ApprovalRule?, breakGlass: BreakGlassRule?
  ) {
    self.freezeWindows = freezeWindows
    self.approvals = approvals
    self.breakGlass = breakGlass
  }

  /// As a policy's digest has it: nothing where it asks nothing.
  var recorded: JSONObject {
    var object: JSONObject = [:]
    if !freezeWindows.isEmpty {
      object["freezeWindows"] = .array(
        freezeWindows.sorted { $0.id.text < $1.id.text }.map(\.json))
    }
    object["approvals"] = approvals?.json
    object["breakGlass"] = breakGlass?.json
    return object
  }
}

extension ChangeControl {
  static let fieldNames = "approvals, freezeWindows, breakGlass"

  /// - Parameter name: Of the part of the file: `production`, `everywhere`.
  init(reading section: SettingSection, named name: String) {
    approvals = section.optionalSection("approvals", of: "quorum and who approves")
      .flatMap { $0.approvalRule(of: name) }
    breakGlass = section.optionalSection("breakGlass", of: "reviewWithinHours")
      .flatMap { $0.breakGlassRule(of: name) }
    let windows = section.optionalSection("freezeWindows", of: "windows by name")
    freezeWindows =
      windows.map { windows in
        windows.names(.dnsLabel, isEmptyAllowed: true).compactMap {
          windows.freezeWindow($0, of: name)
        }
      } ?? []
  }

  /// What counts in an environment, of what is written everywhere and then for it.
  init(_ parts: [ChangeControl]) {
    self.init(
      freezeWindows: parts.flatMap(\.freezeWindows),
      approvals: parts.last { $0.approvals != nil }?.approvals,
      breakGlass: parts.last { $0.breakGlass != nil }?.breakGlass)
  }
}

extension SettingSection {
  fileprivate func freezeWindow(_ entry: SettingMap.Entry, of part: String) -> FreezeWindow? {
    checkName(entry)
    let section = section(entry.name, of: "cron and durationHours")
    let cron = section.cron("cron")
    let duration = section.hours("durationHours", inMinutes: FreezeWindow.durations)
    let because = section.optionalText("because", .sentence)
    section.refuseOthers()
    guard let cron, let duration else { return nil }
    return FreezeWindow(
      id: MachineWords("\(part)/freezeWindows/\(entry.name)"), cron: cron,
      durationMinutes: duration, because: because.map { MachineWords($0) })
  }

  fileprivate func approvalRule(of part: String) -> ApprovalRule? {
    let quorum = whole("quorum", in: ApprovalRule.quorums)
    let approvers = optionalTexts("approvers", .actor)
    let expiry = hours(
      "expiryHours", inMinutes: ApprovalRule.expiries, orElse: ApprovalRule.expiryStandard)
    let separation = optionalChoice("separation", of: Separation.self) ?? .all
    refuseOthers()
    guard let quorum, let expiry else { return nil }
    if let approvers, approvers.count < quorum {
      report(
        "approvers", .contradiction, found: nil,
        "names \(approvers.count), and the quorum is \(quorum)",
        remedy: "name more people, or ask for fewer")
      return nil
    }
    return ApprovalRule(
      id: MachineWords("\(part)/approvals"), quorum: quorum,
      approvers: approvers.map { Set($0.compactMap { ActorID(dataText: $0) }) },
      expiryMinutes: expiry, separation: separation)
  }

  fileprivate func breakGlassRule(of part: String) -> BreakGlassRule? {
    let deadline = hours("reviewWithinHours", inMinutes: BreakGlassRule.deadlines)
    refuseOthers()
    return deadline.map { BreakGlassRule(id: MachineWords("\(part)/breakGlass"), minutes: $0) }
  }

  private func cron(_ name: String) -> CronExpression? {
    guard let text = text(name, .cron) else { return nil }
    do throws(CronFault) {
      return try CronExpression(parsing: text)
    } catch {
      report(
        name, .outOfRange, found: text, error.description, remedy: "write \(TextRule.cron.wanted)")
      return nil
    }
  }
}
