import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections

/// `stele policy adopt`.
package struct PolicyAdoptCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "adopt", abstract: "Let config/policy.yaml, as it is now, be the one that counts.",
    discussion: """
      The administrator's key of this key ring signs. From here on a configuration or a deployment \
      that is judged by another policy is denied, whoever changed or deleted the file, until an \
      administrator adopts that one. A rollback is not judged, and always works.

        $ stele policy adopt --ticket OPS-12
      """)

  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let grounds = try grounds.grounds()
    let workspace = try context.workspace()
    guard let policy = try context.files(of: workspace).writtenPolicy() else {
      throw PolicyError.missing
    }
    let session = try context.administering()
    let before = try await session.state().policies.adopted
    let adopted = try await PolicyWork(session).adopt(policy, on: grounds)
    try await session.close()
    let difference = PolicyDifference(from: before?.contents, to: policy)
    var fields = adopted.record
    fields["difference"] = .array(difference.fields.map { .object($0.json) })
    try context.present(
      Document(
        schema: "stele.policy.adopt", fields: fields, records: [fields],
        text: difference.fields.passages + [
          .line("policy \(adopted.policy.shortText) counts from position \(adopted.position) on")
        ]), as: output.output)
  }
}

extension Policies.Adopted {
  var record: JSONObject {
    [
      "by": .string("\(by)"), "policy": .string("\(policy)"),
      "position": .integer(Int64(position)), "recorded": .string("\(recorded)"),
    ]
  }
}
