import ArgumentParser
import CanonicalJSON
import Operations

/// `stele doctor`: what a ledger stands on, and what to do about it.
package struct DoctorCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check versions, files, clock, disk, keys and agents; exits 1 when one failed.",
    discussion: """
      Each line says ok, warning or failed, what was found, what it should be, and what to type \
      next. What could not be found out is a warning. It reads no entries: `stele verify` does.

        $ stele doctor
      """)

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let workspace = try context.workspace()
    try workspace.requireLedger()
    let findings = await DoctorWork(
      workspace, variables: context.variables, version: SteleRoot.configuration.version
    ).examine()
    try context.present(document(findings, context.resultStyle), as: output.output)
    guard findings.areSound else { throw Verdict(.negative) }
  }

  private func document(_ findings: [DoctorFinding], _ style: Style) -> Document {
    let records = findings.map(record)
    var fields: JSONObject = ["findings": .array(records.map { .object($0) })]
    for verdict in DoctorFinding.Verdict.allCases {
      fields[verdict.rawValue] = .integer(Int64(findings.count { $0.verdict == verdict }))
    }
    return Document(
      schema: "stele.doctor", fields: fields, records: records, of: "stele.doctor.finding",
      text: findings.flatMap { lines($0, style) } + ["", .line(summary(findings))])
  }

  private func record(_ finding: DoctorFinding) -> JSONObject {
    var record: JSONObject = [
      "area": .string(finding.area.rawValue), "check": .string(finding.check),
      "expected": .string(finding.expected), "value": .string(finding.value),
      "verdict": .string(finding.verdict.rawValue),
    ]
    record["next"] = finding.next.map { .string($0) }
    return record
  }

  private func lines(_ finding: DoctorFinding, _ style: Style) -> [Passage] {
    let value = finding.value.replacing("\n", with: " ")
    let line =
      "\(word(finding.verdict, style))  \(finding.area.rawValue): \(finding.check): \(value)"
    let shown = Passage.hanging(line, indent: 9)
    guard finding.verdict != .ok else { return [shown] }
    return [shown, .hanging("         should be: \(finding.expected)", indent: 9)]
      + (finding.next.map { ["         next: \($0)"] } ?? [])
  }

  private func word(_ verdict: DoctorFinding.Verdict, _ style: Style) -> String {
    switch verdict {
    case .ok: style.good("ok     ")
    case .warning: style.warning("warning")
    case .failed: style.bad("failed ")
    }
  }

  private func summary(_ findings: [DoctorFinding]) -> String {
    DoctorFinding.Verdict.allCases.map { verdict in
      "\(findings.count { $0.verdict == verdict }) \(verdict.rawValue)"
    }.joined(separator: ", ")
  }
}
