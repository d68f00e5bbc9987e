import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections

/// `stele key revoke`: a key signs no more.
package struct KeyRevokeCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Let a key sign no more.",
    discussion: """
      What it has signed stays valid; from --suspect-from on it is shown as doubted.

        $ stele key revoke 5b1c09d2 --reason compromised --suspect-from 812
      """)

  @Argument(
    help: ArgumentHelp("The beginning of the key's id: `stele key list`.", valueName: "keyid"))
  var prefix: String

  @Option(help: "compromised, rotated, lost or left.") var reason: KeyRevocation.Reason

  @Option(help: "What it signed from this position on is doubted.") var suspectFrom: Int?

  @OptionGroup var recovery: RecoveryOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws {
    if let suspectFrom, suspectFrom < 0 {
      throw ValidationError("--suspect-from is a position, from 0, not \(suspectFrom)")
    }
  }

  package func run(in context: CommandContext) async throws {
    let session = try context.administering()
    let revoked = try await KeyRevocation(session, by: recovery.authority(in: context)).revoke(
      prefix, reason: reason, suspectFrom: suspectFrom)
    try await session.close()
    let fields: JSONObject = [
      "keyid": .string(revoked.key.keyid.hex), "position": .integer(Int64(revoked.position)),
      "reason": .string(reason.rawValue), "role": .string(revoked.key.role.rawValue),
    ]
    try context.present(
      Document(
        schema: "stele.key.revoke", fields: fields, records: [fields],
        text: [
          """
          revoked \(revoked.key.role.rawValue) key \(revoked.key.keyid.short) of \
          \(revoked.key.owner): \(reason.rawValue), at position \(revoked.position)
          """
        ]), as: output.output)
  }
}

extension KeyRevocation.Reason: ExpressibleByArgument {}
