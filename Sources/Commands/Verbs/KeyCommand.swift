import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections
import TransparencyLog

/// `stele key`: who may sign.
package struct KeyCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "key", abstract: "List, add and revoke the keys that may sign.",
    subcommands: [KeyListCommand.self, KeyAddCommand.self, KeyRevokeCommand.self])

  package init() {}
}

/// `stele key list`: every key that ever signed here, or may.
package struct KeyListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the keys of the ledger, revoked ones too.")

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let session = try context.reading()
    let keys = try await session.state().keys.all
    let verifierKey = try session.verifierKey().text
    var table = Table(
      .init("KEY"), .init("ROLE"), .init("OWNER"), .init("FROM", .right),
      .init("REVOKED", .right))
    for key in keys {
      table.add(
        key.keyid.short, key.role.rawValue, "\(key.owner)", "\(key.registered)",
        key.revoked.map { "\($0)" } ?? "-")
    }
    let records = keys.map(\.json)
    try context.present(
      Document(
        schema: "stele.key.list",
        fields: [
          "keys": .array(records.map(JSONValue.object)), "verifierKey": .string(verifierKey),
        ], records: records, text: table.lines + ["", "verifier key  \(verifierKey)"]),
      as: output.output)
  }
}

extension Keys.Key {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "from": .integer(Int64(registered)), "keyid": .string(keyid.hex),
      "owner": .string("\(owner)"), "role": .string(role.rawValue),
    ]
    object["name"] = registration.name.map { .string($0.text) }
    object["revoked"] = revoked.map { .integer(Int64($0)) }
    object["suspectFrom"] = suspectFrom.map { .integer(Int64($0)) }
    return object
  }
}

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

  @Option(help: "compromised, rotated, lost or left.") var reason: RevocationReason

  @Option(help: "What it signed from this position on is doubted.") var suspectFrom: Int?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws {
    if let suspectFrom, suspectFrom < 0 {
      throw ValidationError("--suspect-from is a position, from 0, not \(suspectFrom)")
    }
  }

  package func run(in context: CommandContext) async throws {
    let session = try context.appending()
    let revoked = try await KeyWork(session).revoke(
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
          "revoked \(revoked.key.role.rawValue) key \(revoked.key.keyid.short) of "
            + "\(revoked.key.owner): \(reason.rawValue), at position \(revoked.position)"
        ]), as: output.output)
  }
}

extension RevocationReason: ExpressibleByArgument {}
