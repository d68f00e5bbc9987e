import ArgumentParser
import CanonicalJSON
import Cryptography
import Environments
import Events
import Operations
import SecretStore

/// Which secret of which environment.
struct SecretArguments: ParsableArguments {
  @Argument(help: "development, staging or production.") var environment: String
  @Argument(help: "The secret's name: a-z, 0-9 and -, at most 63.") var name: SecretName

  func work(
    _ consent: ConsentOptions, _ identity: IdentityOptions, in context: CommandContext
  ) async throws -> (Session, SecretWork, KnownEnvironment) {
    let environment = try context.detect(named: environment).certain()
    let place = try context.place(environment, in: context.workspace())
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    try context.confirm(environment, "Change \(name) in production?", yes: consent.yes)
    return (session, SecretWork(session, in: place, by: person), environment)
  }

  func set(
    _ manner: SecretWork.Manner, _ value: SecretBytes, _ opening: SecretOpening,
    _ consent: ConsentOptions, _ identity: IdentityOptions, _ output: OutputOptions,
    in context: CommandContext
  ) async throws {
    let (session, work, environment) = try await work(consent, identity, in: context)
    let changed = try await work.set(
      name, to: value, manner, opening: opening, reason: consent.reason)
    try await session.close()
    for other in changed.repeated {
      context.warn("\(other) has the same value: each environment should have its own")
    }
    try context.present(document(changed, manner, environment), as: output.output)
  }

  private func document(
    _ changed: SecretWork.Changed, _ manner: SecretWork.Manner, _ environment: KnownEnvironment
  ) -> Document {
    var fields: JSONObject = [
      "environment": .string(environment.rawValue), "name": .string(name.rawValue),
      "retired": .array(changed.retired.map { .integer(Int64($0)) }),
      "sameAs": .array(changed.repeated.map { .string($0) }),
      "secretVersion": .integer(Int64(changed.version)),
    ]
    fields["position"] = changed.position.map { .integer(Int64($0)) }
    let verb = manner == .setting ? "set" : "rotate"
    let retired = changed.retired.map(String.init).joined(separator: ", ")
    return Document(
      schema: "stele.secret.\(verb)", fields: fields, records: [fields],
      text: [
        changed.position.map {
          "\(environment) \(name): version \(changed.version), at position \($0)"
        } ?? "\(environment) \(name): version \(changed.version) has this value already"
      ].map(Passage.line) + (retired.isEmpty ? [] : ["retired: version \(retired)"]))
  }
}
