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

      Where the old key is lost, recovery keys sign in its place.

        $ stele key rotate-log
        $ stele key rotate-log --log-key-lost --recovery /media/a/recovery.pem
      """)

  @Flag(help: "Recovery keys sign in place of the log's, which is lost.")
  var logKeyLost = false

  @OptionGroup var keys: RecoveryKeys

  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws {
    guard logKeyLost || keys.recovery.isEmpty else {
      throw ValidationError("recovery keys sign only for a lost key: --log-key-lost")
    }
  }

  package func run(in context: CommandContext) async throws {
    try context.forbidToken()
    let authority = KeyAuthority(recovery: keys.paths(in: context))
    let rotated = try await LogKeyRotation(
      context.workspace(), variables: context.variables, recovery: logKeyLost ? authority : nil
    ).run()
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
