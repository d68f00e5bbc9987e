import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import TransparencyLog

/// A ledger of a test's own: golden keys, a clock that stands still, chance that repeats itself.
package final class TemporaryLedger {
  package static let start = "2027-01-01T00:00:00.000000Z"
  /// Origin of incarnation 1.
  package static let originText = "tamma/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1"

  package let directory: TemporaryDirectory
  package let path: String
  package let time: FixedTime
  package let random = SeededRandom()
  package let secrets: LedgerSecrets
  package let origin: Origin
  package private(set) var ledger: Ledger

  /// - Parameter genesis: Keys that the first entry registers; without any the ledger stays empty.
  package init(
    genesis: [GoldenKey] = GoldenKey.genesis + [.deployer, .approver],
    observer: any WriteObserver = UnobservedWrites()
  ) throws {
    directory = try TemporaryDirectory()
    path = directory.file(".stele")
    time = FixedTime(try Timestamp(parsing: Self.start))
    origin = try Origin(parsing: Self.originText)
    secrets = Self.secrets(tombstones: directory.file("erased"))
    ledger = try Ledger.create(
      directory: path, secrets: secrets, time: time, random: random, observer: observer)
    if !genesis.isEmpty { try append(Self.genesis(genesis), by: [.administrator] + genesis) }
  }

  /// What opens such a ledger in any process.
  package static func secrets(tombstones: String) -> LedgerSecrets {
    LedgerSecrets(
      logKeys: [GoldenKey.log.signing, GoldenKey.newLog.signing],
      vaultKey: Array(repeating: 0x76, count: 32), snapshotKey: Array(repeating: 0x73, count: 32),
      tombstones: tombstones)
  }

  /// `ledger.created` and the registrations that follow it.
  package static func genesis(_ keys: [GoldenKey], threshold: Int = 2) -> EntryDraft {
    EntryDraft(
      [DraftEvent(LedgerCreated(recoveryThreshold: threshold), in: .ledger)]
        + keys.map { DraftEvent($0.registration, in: .key($0.keyid)) })
  }

  /// Signs `draft` at the clock's time by the first key's owner, seeing the newest tree.
  package func envelope(
    _ draft: EntryDraft, by keys: [GoldenKey], behalf: Behalf? = nil, ledger named: Origin? = nil,
    sealed: [SealedValue] = []
  ) throws -> SignedEnvelope {
    let body = try draft.body(salt: random.bytes(Limits.saltBytes)).canonicalBytes()
    let head = try ledger.head()
    let header = try draft.header(
      entry: EntryID.make(at: time.now(), random: random.bytes(10)), actor: keys[0].owner,
      behalf: behalf, at: time.now(), ledger: named ?? head.origin ?? origin, seen: head.seen,
      body: Digest(bytes: SHA256.hash(EntryBody.digestPrefix + body)),
      nextVersion: { try self.ledger.version(of: $0) + 1 })
    var signers: [GoldenKey] = []
    for key in keys where !signers.contains(where: { $0.keyid == key.keyid }) {
      signers.append(key)
    }
    return SignedEnvelope(header: header, body: body, by: signers, sealed: sealed)
  }

  @discardableResult
  package func append(
    _ draft: EntryDraft, by keys: [GoldenKey], sealed: [SealedValue] = []
  ) throws -> Receipt {
    try ledger.append(envelope(draft, by: keys, sealed: sealed))
  }

  /// Closes the ledger and opens it again, as another process would find it.
  package func reopen(
    for purpose: Ledger.Purpose = .appending, secrets: LedgerSecrets? = nil,
    observer: any WriteObserver = UnobservedWrites()
  ) throws {
    try ledger.close()
    ledger = try another(for: purpose, secrets: secrets, observer: observer)
  }

  /// The same ledger, opened a second time.
  package func another(
    for purpose: Ledger.Purpose = .appending, secrets: LedgerSecrets? = nil,
    observer: any WriteObserver = UnobservedWrites()
  ) throws -> Ledger {
    try Ledger.open(
      directory: path, for: purpose, secrets: secrets ?? self.secrets, time: time, random: random,
      observer: observer)
  }
}

extension EntryDraft {
  /// `count` passing probes of `tamma` in `environment`: the smallest entry there is.
  package static func health(
    _ count: Int = 1, environment: EnvironmentName = "production"
  ) -> EntryDraft {
    EntryDraft(
      (0..<count).map { index in
        DraftEvent(
          kind: "health.checked.v1",
          data: [
            "component": "orchestrator", "instance": .string("\(index)"),
            "latencyUs": .integer(1_200 + Int64(index)), "verdict": "pass",
          ], in: .health("tamma", environment),
          scope: Scope(application: "tamma", environment: environment))
      })
  }
}
