import CanonicalJSON
import Events
import TransparencyLog
import Verification

/// What a receipt proves, and what was not checked.
struct ReceiptView {
  let report: ReceiptReport

  var document: Document {
    Document(
      schema: "stele.verify.receipt", fields: fields, records: [fields],
      text: lines.map { .hanging($0, indent: 11) })
  }

  private var fields: JSONObject {
    [
      "actor": .string(report.actor.description),
      "checkpoint": [
        "root": .string(report.checkpoint.root.hex),
        "size": .integer(Int64(report.checkpoint.size)),
      ],
      "entry": .string(report.entry.description),
      "events": .array(report.events.map(JSONValue.string)),
      "ledger": .string(report.ledger.description),
      "notChecked": .array(report.limits.map { .string($0.description) }),
      "position": .integer(Int64(report.position)), "recorded": .string(recorded),
      "signers": .array(
        report.signers.map {
          ["checked": .bool($0.isChecked), "keyid": .string($0.keyid.hex)]
        }), "verdict": .string(report.verdict.rawValue),
      "witnesses": .array(report.witnesses.map(JSONValue.string)),
    ]
  }

  private var recorded: String {
    Timestamp(microseconds: report.recorded)?.description ?? "\(report.recorded) µs since 1970"
  }

  private var lines: [String] {
    var lines = [
      "\(report.verdict.rawValue): entry \(report.position) is among the first "
        + "\(report.checkpoint.size) of \(report.ledger)",
      "entry      \(report.entry)", "actor      \(report.actor)", "recorded   \(recorded)",
    ]
    lines += report.events.map { "event      \($0)" }
    lines += [
      "checked    the entry's form, its hash, the proof to root \(report.checkpoint.root)"
        + (report.isSignedByKnownLog ? ", the log's signature" : "")
    ]
    lines += report.signers.filter(\.isChecked).map {
      "checked    the signature by \($0.keyid.short)"
    }
    lines += report.witnesses.map { "checked    the cosignature of \($0)" }
    return lines + report.limits.map { "unchecked  \($0)" }
  }
}
