import Cryptography
import Events
import LedgerStore
import TransparencyLog

/// `stele init`: the keys of a new ledger, its genesis, and the first person's grant.
///
/// Keys are durable before the ledger is made, the ledger before genesis. A crash in between leaves
/// keys that nothing refers to, or a ledger without a first entry that says so when it is opened.
package struct Initialization: Sendable {
  package let workspace: Workspace
  /// The ledger's name for people: `[A-Za-z0-9._-]+`.
  package let name: String
  package let variables: [String: String]
  package let time: any TimeSource
  package let random: any RandomSource

  package init(
    workspace: Workspace, name: String, variables: [String: String],
    time: any TimeSource = SystemTime(), random: any RandomSource = SystemRandom()
  ) {
    self.workspace = workspace
    self.name = name
    self.variables = variables
    self.time = time
    self.random = random
  }

  /// What was made.
  package struct Made: Sendable {
    package let origin: Origin
    package let keys: KeyRing
    package let person: ActorID
    package let verifierKey: VerifierKey
    package let genesis: Recording
  }

  package func run() async throws -> Made {
    guard !workspace.hasLedger else { throw WorkspaceError.ledgerExists(workspace.ledger) }
    guard
      let origin = Origin(
        name: name, log: Origin.makeLog(random: random.bytes(16)), incarnation: 1)
    else { throw InitializationError.name(name) }
    let keys = KeyRing(log: origin.log.text, variables: variables)
    let signers = try makeKeys(in: keys)
    let ledger = try Ledger.create(
      directory: workspace.ledger, secrets: keys.secrets(), time: time, random: random)
    let genesis = try recordGenesis(origin, signers, in: ledger)
    let session = Session(
      workspace: workspace, ledger: ledger, keys: keys, origin: origin, time: time, random: random)
    try await grant(signers[.administrator], in: session)
    try await session.close()
    let verifierKey = try session.verifierKey()
    // Whoever made the ledger knows its key from here, and so may call it verified later.
    try ClientState(directory: KeyRing.stateDirectory(variables: variables))
      .pin(verifierKey, for: origin)
    return Made(
      origin: origin, keys: keys, person: signers[.actor].actor, verifierKey: verifierKey,
      genesis: genesis)
  }

  /// The five signers of genesis; administrator, actor and recovery key have one owner.
  private struct Signers {
    private let byName: [KeyRing.Name: Signer]
    init(_ byName: [KeyRing.Name: Signer]) { self.byName = byName }
    subscript(name: KeyRing.Name) -> Signer {
      guard let signer = byName[name] else { preconditionFailure("\(name) was not made") }
      return signer
    }
  }

  private func makeKeys(in keys: KeyRing) throws -> Signers {
    try keys.create()
    let person = newActor(), log = newActor(), service = newActor()
    var signers: [KeyRing.Name: Signer] = [:]
    for name in KeyRing.Name.allCases {
      let owner =
        switch name {
        case .log: log
        case .service: service
        case .administrator, .actor, .recovery: person
        }
      let key = SigningKey.generate()
      try KeyFile.write(key, to: keys.path(name))
      signers[name] = Signer(actor: owner, key: key)
    }
    try SecretFile.create(keys.vaultKey, random: random)
    try SecretFile.create(keys.snapshotKey, random: random)
    return Signers(signers)
  }

  private func newActor() -> ActorID { .make(at: time.now(), random: random.bytes(10)) }

  private func recordGenesis(
    _ origin: Origin, _ signers: Signers, in ledger: Ledger
  ) throws -> Recording {
    let registrations = KeyRing.Name.allCases.map { name in
      DraftEvent(
        KeyRegistered(
          key: PublicKeyBytes(spki: signers[name].key.publicKey.spki), owner: signers[name].actor,
          role: name.role), in: .key(signers[name].keyid))
    }
    let draft = EntryDraft(
      [DraftEvent(LedgerCreated(recoveryThreshold: 1), in: .ledger)] + registrations)
    let writer = EntryWriter(
      origin: origin, seen: try ledger.head().seen, at: time.now(),
      random: random)
    let cosigners = KeyRing.Name.allCases.filter { $0 != .administrator }.map { signers[$0] }
    let envelope = try writer.envelope(
      draft, signedBy: signers[.administrator], cosigners: cosigners
    ) { _ in 1 }
    return try Recording(ledger.append(envelope))
  }

  private func grant(_ person: Signer, in session: Session) async throws {
    let grant = AccessGranted(
      actor: person.actor, applications: .all, environments: .all, role: .administrator)
    _ = try await session.record(
      EntryDraft([DraftEvent(grant, in: .grant(person.actor))]), by: person)
  }
}

/// Why no ledger was made.
package enum InitializationError: ExitingError, Equatable {
  case name(String)

  package var exitStatus: ExitStatus { .usage }

  package var description: String {
    switch self {
    case .name(let name):
      """
      No ledger was made: '\(name)' is no name for one.
      Use letters, digits, '.', '_' and '-', at most 200: `stele init tamma`
      """
    }
  }
}

extension KeyRing.Name {
  /// The role that keys of this name are registered with.
  package var role: KeyRole {
    switch self {
    case .log: .log
    case .service: .service
    case .administrator: .administrator
    case .actor: .actor
    case .recovery: .recovery
    }
  }
}
