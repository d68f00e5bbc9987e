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
  /// Who can replace what is lost.
  package let recovery: RecoveryPlan
  package let variables: [String: String]
  package let time: any TimeSource
  package let random: any RandomSource

  package init(
    workspace: Workspace, name: String, recovery: RecoveryPlan = RecoveryPlan(),
    variables: [String: String], time: any TimeSource = SystemTime(),
    random: any RandomSource = SystemRandom()
  ) {
    self.workspace = workspace
    self.name = name
    self.recovery = recovery
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
    if let rest = workspace.rest { throw WorkspaceError.databaseMissing(rest) }
    try workspace.checkOpen()
    guard
      let origin = Origin(
        name: name, log: Origin.makeLog(random: random.bytes(16)), incarnation: 1)
    else { throw InitializationError.name(name) }
    try recovery.check()
    let client = ClientState(directory: KeyRing.stateDirectory(variables: variables))
    // What cannot be written later is better known before there is a ledger, and its keys.
    try client.prepare()
    try LedgerDirectory.makePath(workspace.ledger)
    let keys = KeyRing(log: origin.log.text, variables: variables)
    let founders = try Founders(making: recovery, in: keys, at: time.now(), random: random)
    let ledger = try Ledger.create(
      directory: workspace.ledger, secrets: keys.secrets(), time: time, random: random)
    let genesis = try record(founders, origin, in: ledger)
    let session = Session(
      workspace: workspace, ledger: ledger, keys: keys, origin: origin, time: time, random: random)
    try await grant(founders.administrator, in: session)
    try await session.close()
    let verifierKey = try session.verifierKey()
    // Whoever made the ledger knows its key from here, and so may call it verified later.
    try client.pin(verifierKey, for: origin)
    try ledger.read { _ = try client.check($0) }
    return Made(
      origin: origin, keys: keys, person: founders.administrator.actor, verifierKey: verifierKey,
      genesis: genesis)
  }

  private func record(
    _ founders: Founders, _ origin: Origin, in ledger: Ledger
  ) throws -> Recording {
    let writer = EntryWriter(
      origin: origin, seen: try ledger.head().seen, at: time.now(), random: random)
    let entry = writer.newID()
    let envelope = try writer.envelope(
      founders.genesis(recovery), as: entry, signedBy: founders.administrator,
      cosigners: founders.all.map(\.signer).filter {
        $0.keyid != founders.administrator.keyid
      }
    ) { _ in 1 }
    return Recording(entry: entry, receipt: try ledger.append(envelope))
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
  case recoveryKeys(Int)
  case recoveryThreshold(Int, keys: Int)

  package var exitStatus: ExitStatus { .usage }

  package var description: String {
    switch self {
    case .name(let name):
      """
      No ledger was made: '\(name)' is no name for one.
      Use letters, digits, '.', '_' and '-', at most 200: `stele init tamma`
      """
    case .recoveryKeys(let keys):
      """
      No ledger was made: it begins with 1 to \(RecoveryPlan.keysMax) recovery keys, not \(keys).
      More can come later: `stele key add --role recovery --key FILE`
      """
    case .recoveryThreshold(let threshold, let keys):
      """
      No ledger was made: \(threshold) of \(keys) recovery keys can never sign together.
      Choose from 1 to \(keys), for good: `--recovery-threshold \(keys / 2 + 1)`
      """
    }
  }
}
