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
    commandName: "list", abstract: "List the keys of the ledger, revoked ones too.",
    discussion: """
        $ stele key list
        $ stele key list --at 2026-11-01Z
      """)

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let session = try context.reading()
    let moment = try await at.moment(of: session, in: context)
    let keys = moment.state.keys.all
    var table = Table(
      .init("KEY"), .init("ROLE"), .init("OWNER", .left, .wraps(comfort: 18)),
      .init("FROM", .right, .yields),
      .init("REVOKED", .right))
    for key in keys {
      table.add(
        key.keyid.short, key.role.rawValue, "\(key.owner)", "\(key.registered)",
        key.revoked.map { "\($0)" } ?? "-")
    }
    try context.present(
      document(keys, table, of: moment.state.size, in: session), as: output.output)
  }

  private func document(
    _ keys: [Keys.Key], _ table: Table, of size: Int, in session: Session
  ) throws -> Document {
    let records = keys.map(\.json)
    var fields: JSONObject = ["keys": .array(records.map(JSONValue.object))]
    var text: [Passage] = ["no key yet"]
    if size > 0 {
      let verifierKey = try session.verifierKey(ofSize: size).text
      let threshold = try session.recoveryThreshold()
      fields["recoveryThreshold"] = .integer(Int64(threshold))
      fields["verifierKey"] = .string(verifierKey)
      text = [
        .table(table), "", "recovery      \(threshold) recovery keys sign together",
        "verifier key  \(verifierKey)",
      ]
    }
    return Document(
      schema: "stele.key.list", fields: fields, records: records, of: "stele.key.list.key",
      text: text)
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
