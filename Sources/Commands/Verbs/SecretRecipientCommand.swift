import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections
import SecretStore

/// `stele secret recipient`: who can open an environment's secrets.
package struct SecretRecipientCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "recipient",
    abstract: "Say who can open an environment's secrets: a key file, a passphrase, keys of age.",
    subcommands: [
      SecretRecipientAddCommand.self, SecretRecipientRemoveCommand.self,
      SecretRecipientListCommand.self,
    ])

  package init() {}
}

/// `stele secret recipient add`.
package struct SecretRecipientAddCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Let a key file, a passphrase or a key of age open secrets.",
    discussion: """
      The first secret of an environment makes a key file in the key ring by itself. An agent, \
      which nobody answers, opens secrets with that file alone.

        $ stele secret recipient add production $(age-keygen -y /mnt/usb/production.age)
        $ stele secret recipient add production passphrase
      """)

  @OptionGroup var recipient: RecipientArguments
  @OptionGroup var opening: OpeningOptions
  @OptionGroup var consent: AssentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (session, work, environment) = try await recipient.work(consent, identity, in: context)
    let others = try await work.add(
      recipient.recipient, opening: opening.opening(in: context),
      passphrase: opening.newPassphrase(in: context))
    try await session.close()
    for other in others {
      context.warn("it opens \(other) as well: each environment should have its own")
    }
    try context.present(
      recipient.document("add", "opens", environment), as: output.output)
  }
}

/// `stele secret recipient rm`.
package struct SecretRecipientRemoveCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Seal an environment's secrets anew, for the others alone.",
    discussion: """
      What they have opened before they still know, and a copy of the old file opens still: rotate \
      what matters.

        $ stele secret recipient rm production passphrase
      """)

  @OptionGroup var recipient: RecipientArguments
  @OptionGroup var opening: OpeningOptions
  @OptionGroup var consent: AssentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (session, work, environment) = try await recipient.work(consent, identity, in: context)
    try await work.remove(recipient.recipient, opening: opening.opening(in: context))
    try await session.close()
    try context.present(
      recipient.document("rm", "does not open", environment), as: output.output)
  }
}

/// `stele secret recipient list`.
package struct SecretRecipientListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List who can open an environment's secrets.",
    discussion: """
      OPENS ALSO names other environments of the same recipient; each should have its own.
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).environment
    let session = try context.reading()
    let place = try await context.place(environment, in: session)
    let secrets = try await session.state().secrets
    let named = try SecretsFile(place, in: session.workspace.ledger).read()?.recipients ?? []
    let keyFile = session.keys.secretsKey(place)
    var table = Table(
      .init("RECIPIENT", .left, .wraps(comfort: 24)), .init("SINCE"), .init("OPENS ALSO"),
      .init("BY", .left, .yields))
    var records: [JSONObject] = []
    for recipient in secrets.recipients(in: place) {
      let kind = recipient.content.recipient
      let name = named.first { $0.recipient == recipient.content }?.age?.text ?? kind.rawValue
      let others = secrets.others(openedBy: recipient.content, than: place).map(\.environment)
      table.add(
        kind == .keyFile ? "\(name) \(keyFile)" : name, recipient.recorded.seconds,
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
        text: table.isEmpty ? ["\(environment) has no secret"] : [.table(table)]),
      as: output.output)
  }
}

/// That somebody means it, where no words are kept.
struct AssentOptions: ParsableArguments {
  @Flag(help: "Do not ask, in production either.") var yes = false
}

/// Which recipient of which environment.
struct RecipientArguments: ParsableArguments {
  @Argument(help: "development, staging or production.") var environment: String
  @Argument(help: "keyFile, passphrase, or a public key of age: age1…") var recipient:
    NamedRecipient

  func work(
    _ consent: AssentOptions, _ identity: IdentityOptions, in context: CommandContext
  ) async throws -> (Session, RecipientWork, KnownEnvironment) {
    let environment = try context.detect(named: environment).certain()
    let place = try context.place(environment, in: context.workspace())
    let session = try context.appending()
    let person = try await session.person(keyAt: identity.path(in: context))
    try context.confirm(environment, "Change who opens production's secrets?", yes: consent.yes)
    return (session, RecipientWork(session, in: place, by: person), environment)
  }

  func document(_ verb: String, _ words: String, _ environment: KnownEnvironment) -> Document {
    let fields: JSONObject = [
      "environment": .string(environment.rawValue), "recipient": .string(recipient.text),
    ]
    return Document(
      schema: "stele.secret.recipient.\(verb)", fields: fields, records: [fields],
      text: [.line("\(recipient.text) \(words) the secrets of \(environment)")])
  }
}

extension NamedRecipient: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}
