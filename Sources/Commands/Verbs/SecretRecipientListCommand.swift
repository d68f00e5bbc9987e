import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections
import SecretStore

/// `stele secret recipient list`.
package struct SecretRecipientListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List who can open an environment's secrets, now or at a moment.",
    discussion: """
      OPENS ALSO names other environments of the same recipient; each should have its own. Of a \
      moment of the past, a key of age that opens nothing any more is called age, and where the \
      key file is now is left out.

        $ stele secret recipient list production
        $ stele secret recipient list production --at 2026-11-01Z
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).environment
    let session = try context.reading()
    let place = try await context.place(environment, in: session)
    let moment = try await at.moment(of: session, in: context)
    let secrets = moment.state.secrets
    let named = try SecretsFile(place, in: session.workspace.ledger).read()?.recipients ?? []
    let keyFile = moment.isPast ? "" : " " + session.keys.secretsKey(place)
    var table = Table(
      .init("RECIPIENT", .left, .wraps(comfort: 24)), .init("SINCE"), .init("OPENS ALSO"),
      .init("BY", .left, .yields))
    var records: [JSONObject] = []
    for recipient in secrets.recipients(in: place) {
      let kind = recipient.content.recipient
      let name = named.first { $0.recipient == recipient.content }?.age?.text ?? kind.rawValue
      let others = secrets.others(openedBy: recipient.content, than: place).map(\.environment)
      table.add(
        kind == .keyFile ? name + keyFile : name, recipient.recorded.seconds,
        others.isEmpty ? "-" : others.map(\.rawValue).joined(separator: ", "),
        "\(recipient.actor)")
      records.append([
        "by": .string("\(recipient.actor)"),
        "opensAlso": .array(others.map { .string($0.rawValue) }),
        "recipient": .string(name), "since": .string("\(recipient.recorded)"),
      ])
    }
    try context.present(
      Document(
        schema: "stele.secret.recipient.list",
        fields: [
          "environment": .string(environment.rawValue),
          "recipients": .array(records.map(JSONValue.object)),
        ], records: records, of: "stele.secret.recipient",
        text: table.isEmpty
          ? [.line(nothing(in: environment, at: moment))] : [.table(table)]),
      as: output.output)
  }

  private func nothing(in environment: KnownEnvironment, at moment: Session.Moment) -> String {
    moment.isPast ? "\(environment) had no secret by then" : "\(environment) has no secret"
  }
}
