import CanonicalJSON
import Events
import LedgerStore
import Operations
import Verification

/// What verifying a ledger found, and what was looked at.
struct VerificationView {
  let result: VerifyWork.Result
  let style: Style

  private var report: VerificationReport { result.report }

  var document: Document {
    Document(
      schema: "stele.verify", fields: fields,
      records: [summary] + report.findings.map { json(of: $0, type: true) }
        + unentitled.map { json(of: $0, type: true) },
      of: "stele.verify.finding", text: lines.map { .hanging($0, indent: 11) })
  }

  private var unentitled: [EntitlementFinding] { result.entitlement?.findings ?? [] }
  /// What is wrong with single entries.
  private var entryFindingCount: Int { report.findingCount + unentitled.count }
  private var findingCount: Int {
    entryFindingCount + (result.vaultLost > 0 ? 1 : 0) + (result.memory.disagrees ? 1 : 0)
      + (uncovered == nil ? 0 : 1)
  }

  private var uncovered: String? {
    result.uncovered.map { entries in
      "uncovered: \(entries.count) of \(report.size) entries, from \(entries.lowerBound) on, stand "
        + "under no checkpoint of the log, with which each is recorded; see them with `stele log`, "
        + "and put back a copy with `stele restore`"
    }
  }

  /// Nil where the vault is there, or nobody here could open it.
  private var vaultLost: String? {
    guard result.vaultLost > 0 else { return nil }
    return
      "vaultLost: \(result.vaultLost) sealed values open with nothing here, though the vault's "
      + "key is: its files are missing or another's; bring them back with `stele restore`"
  }

  private var summary: JSONObject {
    var summary: JSONObject = [
      "checkpoint": .integer(Int64(report.checkpointSize ?? 0)),
      "findingCount": .integer(Int64(findingCount)), "root": .string(report.root.hex),
      "size": .integer(Int64(report.size)), "type": "summary",
      "verdict": .string(result.verdict.rawValue),
    ]
    summary["origin"] = report.origin.map { .string($0.description) }
    if case .pinned(let vkey) = report.trust { summary["pinned"] = .string(vkey) }
    switch result.memory {
    case .disagrees(let error): summary["remembered"] = .string("\(error)")
    case .notKept(_, let error): summary["notRemembered"] = .string("\(error)")
    case .agrees, .notCompared: break
    }
    return summary
  }

  private var fields: JSONObject {
    var fields = summary
    fields["type"] = nil
    fields["checks"] = .object(JSONObject(counts: checks))
    fields["erased"] = .integer(Int64(report.erased))
    fields["givenUp"] = .integer(Int64(report.givenUp.count))
    fields["findings"] = .array(
      report.findings.map { .object(json(of: $0, type: false)) }
        + unentitled.map { .object(json(of: $0, type: false)) })
    fields["vaultLost"] = .integer(Int64(result.vaultLost))
    fields["uncovered"] = .integer(Int64(report.uncovered.count))
    fields["vaultNotRead"] = result.vaultNotRead.map { .string("\($0)") }
    fields["laterSeenDisagreements"] = .integer(Int64(report.laterSeenDisagreements))
    fields["notReadAgain"] = .integer(Int64(report.trustedSize))
    fields["pruned"] = .object(
      JSONObject(counts: report.pruned.map { ($0.key.rawValue, $0.value) }))
    fields["sealedNotReadable"] = .integer(Int64(report.counts.sealedNotReadable))
    fields["suspectKeys"] = .array(
      report.suspectKeys.map { key in
        [
          "from": .integer(Int64(key.from)), "keyid": .string(key.keyid.hex),
          "revoked": .integer(Int64(key.revoked)),
        ]
      })
    fields["lost"] = .array(result.lost.map(json))
    fields["unknownKinds"] = .object(
      JSONObject(counts: report.unknownKinds.map { ($0.key, $0.value) }))
    return fields
  }

  private func json(_ lost: LostEntries) -> JSONValue {
    [
      "from": .integer(Int64(lost.positions.lowerBound)), "origin": .string("\(lost.origin)"),
      "saidAt": .integer(Int64(lost.saidAt)), "to": .integer(Int64(lost.positions.upperBound - 1)),
    ]
  }

  private func json(of finding: Finding, type: Bool) -> JSONObject {
    var object: JSONObject = [
      "error": .string(finding.error.name), "position": .integer(Int64(finding.position)),
      "what": .string(finding.error.description),
    ]
    if type { object["type"] = "finding" }
    return object
  }

  private func json(of finding: EntitlementFinding, type: Bool) -> JSONObject {
    var object: JSONObject = [
      "actor": .string("\(finding.actor)"), "error": "notEntitled",
      "position": .integer(Int64(finding.position)), "what": .string(finding.description),
    ]
    if type { object["type"] = "finding" }
    return object
  }

  /// Each check by name, with how often it ran.
  private var checks: [(name: String, count: Int)] {
    let counts = report.counts
    return [
      ("entries", counts.entries), ("events", counts.events), ("signatures", counts.signatures),
      ("bodies", counts.bodies), ("seenRoots", counts.seenRoots), ("causes", counts.causes),
      ("expectations", counts.expectations), ("sealedValues", counts.sealedValues),
      ("checkpoints", counts.checkpoints), ("storedRuns", counts.storedRuns),
      ("tiles", counts.tiles), ("decisions", result.entitlement?.decisions ?? 0),
      ("entitlements", result.entitlement?.entries ?? 0),
    ]
  }
}

// For people.
extension VerificationView {
  private var lines: [String] {
    var lines = findings + (result.isSound ? [] : [""])
    lines += [verdict, "size       \(report.size) entries, root \(report.root)"]
    if let origin = report.origin { lines.append("ledger     \(origin)") }
    lines.append("checked    " + checks.map { "\($0.count) \($0.name)" }.joined(separator: ", "))
    return lines + absences + result.lost.map(words) + memory
  }

  private var findings: [String] {
    var lines = report.findings.map { style.bad("✗ ") + "entry \($0.position): \($0.error)" }
    let more = report.findingCount - report.findings.count
    if more > 0 { lines.append("and \(more) more") }
    if let uncovered { lines.append(style.bad("✗ ") + uncovered) }
    if let vaultLost { lines.append(style.bad("✗ ") + vaultLost) }
    lines += unentitled.map { style.bad("✗ ") + "entry \($0.position): \($0)" }
    if case .disagrees(let error) = result.memory { lines.append(style.bad("✗ ") + "\(error)") }
    return lines
  }

  private var verdict: String {
    switch result.verdict {
    case .verified: style.good("verified") + "   with the pinned key of the log"
    case .selfConsistent:
      style.warning("self-consistent")
        + "  whoever wrote all of it could have written another: name the log's key with --vkey"
    case .inconclusive:
      style.warning("inconclusive")
        + "  a newer program wrote kinds whose rules are not known here: verify with that one"
    case .broken:
      style.bad("broken") + "     \(findingCount) \(findingCount == 1 ? "finding" : "findings"); "
        + (entryFindingCount > 0
          ? "believe nothing from the first on"
          : "each entry here holds together, what is around them does not")
    }
  }

  /// Neither valid nor broken.
  private var absences: [String] {
    var lines: [String] = []
    for (retention, count) in report.pruned.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      lines.append("pruned     \(count) bodies of class \(retention.rawValue)")
    }
    if report.erased > 0 { lines.append("erased     \(report.erased) sealed values") }
    if let first = report.givenUp.first, let last = report.givenUp.last {
      let count = report.givenUp.count
      lines.append(
        style.warning("given up   ")
          + "\(count) sealed \(count == 1 ? "value" : "values") of entries \(first) to \(last), "
          + "by a restore without them")
    }
    if report.counts.sealedNotReadable > result.vaultLost {
      lines.append("not read   \(report.counts.sealedNotReadable) sealed values: no vault key here")
    }
    if let obstacle = result.vaultNotRead {
      lines.append(style.warning("not read   ") + "the vault's files: \(obstacle)")
    }
    if report.trustedSize > 0 { lines.append("not read   \(report.trustedSize) entries again") }
    for (kind, position) in report.unknownKinds.sorted(by: { $0.key < $1.key }) {
      lines.append("not known  kind \(kind), from entry \(position)")
    }
    for key in report.suspectKeys {
      lines.append(
        style.warning("doubted    what \(key.keyid.short) signed from entry \(key.from) on"))
    }
    return lines
  }

  private var memory: [String] {
    switch result.memory {
    case .agrees(let before?): ["remembered it goes on from the \(before) entries known here"]
    case .agrees(nil): ["remembered for the first time here"]
    case .notKept(let before, let error):
      [
        style.warning("not kept   ") + "\(error)",
        before.map { "           it goes on from the \($0) entries known here" }
          ?? "           nothing of it was known here",
      ]
    case .disagrees, .notCompared: []
    }
  }

  private func words(_ lost: LostEntries) -> String {
    let last = lost.positions.upperBound - 1
    let named = lost.namedSize.map { "\($0) entries" } ?? "it does not know how many"
    return style.warning("lost       ")
      + "entries \(lost.positions.lowerBound) to \(last) of \(lost.origin), verified here before; "
      + "entry \(lost.saidAt) says so: there were \(named)"
  }
}

extension JSONObject {
  fileprivate init(counts: [(String, Int)]) {
    self = [:]
    for (name, count) in counts { self[name] = .integer(Int64(count)) }
  }
}
