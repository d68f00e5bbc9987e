import ArgumentParser
import CanonicalJSON
import Events
import Operations

/// `stele key rotate-log`: another key signs the log's checkpoints.
package struct KeyRotateLogCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rotate-log", abstract: "Replace the key that signs the log's checkpoints.",
    discussion: """
      One entry registers a new key and revokes the old; the administrator, the new and the old \
      key sign it. Who has pinned the old verifier key follows by that entry. An agent that runs \
      has the old key only: start it again afterwards.

        $ stele key rotate-log
      """)

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let rotated = try await LogKeyRotation(context.workspace(), variables: context.variables).run()
    let fields: JSONObject = [
      "file": .string(rotated.path), "keyid": .string(rotated.new.hex),
      "position": .integer(Int64(rotated.position)), "revoked": .string(rotated.old.hex),
    ]
    try context.present(
      Document(
        schema: "stele.key.rotate-log", fields: fields, records: [fields],
        text: [
          "log key  \(rotated.new.short)  signs checkpoints after position \(rotated.position)",
          "revoked  \(rotated.old.short)", "file     \(rotated.path)",
        ]), as: output.output)
  }
}
