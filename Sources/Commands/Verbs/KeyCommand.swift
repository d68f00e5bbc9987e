import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections
import TransparencyLog

/// `stele key`: who may sign.
package struct KeyCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "key", abstract: "List, add, revoke and rotate the keys that may sign.",
    subcommands: [
      KeyListCommand.self, KeyAddCommand.self, KeyRevokeCommand.self, KeyRotateLogCommand.self,
    ])

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
      .init("KEY"), .init("ROLE"), .init("OWNER", .left, .wraps(comfort: 18)),
      .init("FROM", .right, .yields),
      .init("REVOKED", .right))
    for key in keys {
      table.add(
        key.keyid.short, key.role.rawValue, "\(key.owner)", "\(key.registered)",
        key.revoked.map { "\($0)" } ?? "-")
    }
    let records = keys.map(\.json)
    let threshold = try session.recoveryThreshold()
    try context.present(
      Document(
        schema: "stele.key.list",
        fields: [
          "keys": .array(records.map(JSONValue.object)),
          "recoveryThreshold": .integer(Int64(threshold)), "verifierKey": .string(verifierKey),
        ], records: records, of: "stele.key.list.key",
        text: [
          .table(table), "", "recovery      \(threshold) recovery keys sign together",
          "verifier key  \(verifierKey)",
        ]),
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
