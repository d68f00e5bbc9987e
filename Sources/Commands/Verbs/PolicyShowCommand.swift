import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele policy show`.
package struct PolicyShowCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show which policy is adopted, and what the files say otherwise.",
    discussion: """
      Exits 2 where config/policy.yaml says something else than what is adopted, or asks something \
      and nothing is. At a moment of the past no files are compared: it shows all that was asked.

        $ stele policy show
        $ stele policy show --at 2026-11-01Z
      """)

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let session = try context.reading()
    let moment = try await at.moment(of: session, in: context)
    let adopted = moment.state.policies.adopted
    guard !moment.isPast else {
      let asked = PolicyDifference(from: nil, toRecorded: adopted?.contents)
      return try context.present(document(adopted, text: [], asked), as: output.output)
    }
    let written = try context.files(of: session.workspace).writtenPolicy()
    let difference = PolicyDifference(from: adopted?.contents, to: written)
    try context.present(document(adopted, text: [files(written)], difference), as: output.output)
    if !difference.fields.isEmpty { throw Verdict(.different) }
  }

  private func files(_ written: Policy?) -> Passage {
    .hanging(
      "files    "
        + (written.map { "policy \($0.digest.shortText)" }
          ?? "there is no \(ConfigurationDirectory.policyFile)"),
      indent: 9)
  }

  private func document(
    _ adopted: Policies.Adopted?, text files: [Passage], _ difference: PolicyDifference
  ) -> Document {
    let changed = difference.fields.map(\.json)
    var fields: JSONObject = ["difference": .array(changed.map(JSONValue.object))]
    fields["adopted"] = adopted.map { .object($0.record) }
    let standing =
      adopted.map {
        "policy \($0.policy.shortText), \($0.recorded.seconds), at position \($0.position), "
          + "by \($0.by)"
      } ?? "none: whoever deploys says what has to hold"
    return Document(
      schema: "stele.policy.show", fields: fields, records: changed,
      of: "stele.policy.show.field",
      text: [.hanging("adopted  \(standing)", indent: 9)] + files
        + (difference.fields.isEmpty ? ["no difference"] : difference.fields.passages))
  }
}
