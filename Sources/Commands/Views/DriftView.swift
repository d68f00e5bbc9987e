import CanonicalJSON
import Events
import Operations
import Projections

/// What a scan saw, three columns a leaf: what files say, what the ledger projects, what runs.
struct DriftView {
  private let place: Place
  private let report: DriftReport

  init(_ report: DriftReport, in place: Place) {
    self.report = report
    self.place = place
  }

  /// The fields of a document.
  var fields: JSONObject {
    var fields = report.scanned.data
    fields["accuracyPpm"] = report.scanned.accuracyPpm.map { .integer(Int64($0)) }
    fields["application"] = .string(place.application.rawValue)
    fields["environment"] = .string(place.environment.rawValue)
    fields["findings"] = .array(records.map { .object($0) })
    fields["new"] = .integer(Int64(report.news.found.count))
    fields["resolved"] = .array(report.news.resolved.map(\.json))
    return fields
  }

  var records: [JSONObject] {
    let new = Set(report.news.found)
    return report.findings.map { finding in
      var record = finding.data
      record["new"] = .bool(new.contains(finding))
      return record
    }
  }

  var document: Document {
    Document(
      schema: "stele.drift", fields: fields, records: records, of: "stele.drift.finding",
      text: text)
  }

  var text: [Passage] {
    var text: [Passage] = []
    let differences = report.findings.filter { $0.sort != .notCompared }
    if !differences.isEmpty { text += [.table(table(differences)), ""] }
    text += report.findings.filter { $0.sort == .notCompared }.map { finding in
      .hanging(
        "not compared  \(finding.subject): \(finding.reason?.text ?? "no reason given")", indent: 14
      )
    }
    text += report.news.resolved.map { finding in
      .hanging("resolved      \(finding.subject)\(finding.path.map { " \($0)" } ?? "")", indent: 14)
    }
    return text + [.line(summary)] + next
  }

  private func table(_ findings: [DriftFinding]) -> Table {
    var table = Table(
      .init("WHERE", .left, .wraps(comfort: 16)), .init("LEAF", .left, .wraps(comfort: 16)),
      .init("FILES", .left, .wraps(comfort: 8)), .init("LEDGER", .left, .wraps(comfort: 8)),
      .init("RUNNING", .left, .wraps(comfort: 8)), .init("IS"))
    for one in findings {
      table.add(
        one.subject, one.path?.text ?? "-", one.files?.text ?? "-", one.ledger?.text ?? "-",
        one.running?.text ?? "-", one.sort.words)
    }
    return table
  }

  private var summary: String {
    let scanned = report.scanned
    let accuracy =
      scanned.accuracyPpm.map {
        "accuracy \(AccuracyView.percent($0)): \(scanned.equal) of \(scanned.leaves) leaves run as "
          + "the ledger has them"
      } ?? "accuracy unknown: no leaf was compared"
    let found = scanned.found == 0 ? "no difference" : "\(scanned.found) found"
    let blind = scanned.notCompared == 0 ? "" : ", \(scanned.notCompared) not compared"
    return "\(accuracy); \(found)\(blind)"
  }

  private var next: [Passage] {
    let sorts = Set(report.findings.map(\.sort))
    let runs: Set<DriftSort> = [.changed, .missing, .unrecorded]
    var next: [Passage] = []
    if !sorts.isDisjoint(with: runs) {
      next.append("Bring it back to what the ledger says: stele sync \(place.environment)")
    }
    if sorts.contains(.notDeployed) {
      next.append("Bring what the files say: stele deploy \(place.environment)")
    }
    return next
  }
}

extension DriftFinding {
  /// What it is about, in words.
  fileprivate var subject: String {
    instance?.rawValue ?? component?.rawValue ?? part.rawValue
  }
}

extension DriftSort {
  fileprivate var words: String {
    switch self {
    case .changed: "changed"
    case .missing: "missing"
    case .unrecorded: "unrecorded"
    case .notDeployed: "not deployed"
    case .notCompared: "not compared"
    }
  }
}
