import ArgumentParser
import CanonicalJSON
import Events
import Operations
import TransparencyLog

/// `stele key add`: somebody, or something, may sign from now on.
package struct KeyAddCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Register a key, and give its owner access.",
    discussion: """
      The administrator's key of this key ring signs, and the new key too. A file that does not \
      exist is made. A key alone may do nothing: its owner needs a grant. Recovery keys sign for \
      another recovery key, and for everything else when the administrator's key is lost.

        $ stele key add --role actor --key ada.pem --grant deployer --environment staging
        $ stele key add --role witness --vkey witness.example+…
        $ stele key add --role recovery --key three.pem --recovery /media/a/one.pem /media/b/two.pem
      """)

  /// The log's key only changes together with the one before.
  enum Role: String, ExpressibleByArgument, CaseIterable {
    case actor, service, administrator, witness, recovery
  }

  @Option(help: "actor, service, administrator, witness or recovery.") var role: Role

  @Option(help: ArgumentHelp("The private key, PKCS#8 PEM.", valueName: "file")) var key: String?

  @Option(help: "A witness's verifier key.") var vkey: String?

  @Option(help: "Whose it is, by id; otherwise somebody new.") var owner: String?

  @Option(help: "What the owner may do: \(AccessRole.words).") var grant: AccessRole?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Where, for --grant; or all.", valueName: "name"))
  var environment: [String] = []

  @OptionGroup var recovery: RecoveryOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws {
    guard (role == .witness) == (vkey != nil), (vkey == nil) != (key == nil) else {
      throw ValidationError("a witness needs --vkey, every other role --key, and not both")
    }
    guard (grant == nil) == environment.isEmpty else {
      throw ValidationError("--grant and --environment need each other: --environment all")
    }
    guard grant == nil || !recovery.administratorLost else {
      throw ValidationError("only an administrator's key can --grant: add one, then grant with it")
    }
  }

  package func run(in context: CommandContext) async throws {
    let grant = try grant.map {
      KeyAddition.Grant(role: $0, environments: try Reach(environments: environment))
    }
    let source = try source(in: context)
    let owner = try owner.map { try ActorID(parsing: $0) }
    let session = try context.administering()
    let added = try await KeyAddition(session, by: recovery.authority(in: context)).add(
      source, role: role.keyRole, owner: owner, grant: grant)
    try await session.close()
    try context.present(document(added, source), as: output.output)
  }

  private func source(in context: CommandContext) throws -> KeyAddition.Source {
    if let vkey { return .witness(try VerifierKey(argument: vkey)) }
    return .file(context.absolute(key ?? ""))
  }

  private func document(_ added: KeyAddition.Added, _ source: KeyAddition.Source) -> Document {
    var fields: JSONObject = [
      "generated": .bool(added.isGenerated), "keyid": .string(added.keyid.hex),
      "owner": .string("\(added.owner)"), "position": .integer(Int64(added.position)),
      "role": .string(role.rawValue),
    ]
    fields["grant"] = grant.map { .string($0.rawValue) }
    var text: [Passage] = [
      "key    \(added.keyid.short)  \(role.rawValue)", "owner  \(added.owner)",
      "from   position \(added.position + 1)",
    ]
    if case .file(let path) = source {
      fields["file"] = .string(path)
      text.append("file   \(path)\(added.isGenerated ? ", just made" : "")")
    }
    if let grant {
      text.append("grant  \(grant.rawValue) in \(environment.joined(separator: ", "))")
    }
    return Document(schema: "stele.key.add", fields: fields, records: [fields], text: text)
  }
}

extension KeyAddCommand.Role {
  fileprivate var keyRole: KeyRole {
    switch self {
    case .actor: .actor
    case .service: .service
    case .administrator: .administrator
    case .witness: .witness
    case .recovery: .recovery
    }
  }
}
