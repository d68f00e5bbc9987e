import ArgumentParser
import CanonicalJSON
import Cryptography
import Environments
import Events
import Operations
import Projections
import SecretStore

/// `stele secret set`: gives a secret a new version.
package struct SecretSetCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set a secret of an environment, from stdin.",
    discussion: """
      The value comes from stdin, or is typed without being shown; it is never an argument. A line \
      end after it is left out, unless --exact is said. Versions before it stay for rollbacks.

        $ stele secret set staging database-password < password
        $ pwgen -s 40 1 | stele secret set production database-password --reason OPS-7
      """)

  @OptionGroup var secret: SecretArguments
  @OptionGroup var value: SecretValueOptions
  @OptionGroup var opening: OpeningOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await secret.set(
      .setting, value.read(in: context), opening.opening(in: context), consent, identity, output,
      in: context)
  }
}

/// `stele secret rotate`: replaces a secret for good.
package struct SecretRotateCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Set a new version of a secret, and retire the ones before it.",
    discussion: """
      No rollback brings a retired version back; its value is deleted here. Whatever accepts the \
      old one goes on doing so until you stop it there.

        $ stele secret rotate production database-password < new-password
      """)

  @OptionGroup var secret: SecretArguments
  @OptionGroup var value: SecretValueOptions
  @OptionGroup var opening: OpeningOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await secret.set(
      .rotating, value.read(in: context), opening.opening(in: context), consent, identity, output,
      in: context)
  }
}

/// `stele secret rm`: removes a secret with all its versions.
package struct SecretRemoveCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove a secret of an environment, in all its versions.",
    discussion: """
        $ stele secret rm staging old-token --reason "nothing asks for it"
      """)

  @OptionGroup var secret: SecretArguments
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (session, work, environment) = try await secret.work(consent, identity, in: context)
    let position = try await work.remove(secret.name, reason: consent.reason)
    try await session.close()
    let fields: JSONObject = [
      "environment": .string(environment.rawValue), "name": .string(secret.name.rawValue),
      "position": .integer(Int64(position)),
    ]
    try context.present(
      Document(
        schema: "stele.secret.rm", fields: fields, records: [fields],
        text: ["removed \(secret.name) of \(environment), at position \(position)"]),
      as: output.output)
  }
}

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
    let person = try await session.person(keyAt: identity.path(in: context))
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

/// Where a value comes from.
struct SecretValueOptions: ParsableArguments {
  @Flag(help: "Keep every byte of stdin, a line end at its end too.") var exact = false

  /// - Throws: `SecretError` for what is no value; `ValidationError` where two answers differ.
  func read(in context: CommandContext) throws -> SecretBytes {
    guard let input = context.input else {
      guard let typed = context.askTwice("Value: ") else {
        throw ValidationError("the value was not typed twice in the same way")
      }
      return typed
    }
    // A line end more than a value may have, so that what is too long stays so without it.
    let given = input(SecretLimits.valueBytes + 3)
    guard !exact else { return given }
    return given.read { bytes in
      guard bytes.last == UInt8(ascii: "\n") else { return SecretBytes(Array(bytes)) }
      let line = bytes.dropLast()
      return SecretBytes(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
    }
  }
}
