import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections
import SecretStore

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
    let person = try await session.person(identity.credential(in: context))
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
