import CanonicalJSON
import Cryptography
import Events
import LedgerStore

/// The keys that a ledger begins with, which all sign its genesis.
///
/// Administrator, actor and recovery keys have one owner, the person who makes the ledger; who
/// takes a recovery key over is nothing that the ledger needs to know.
struct Founders {
  struct Founder {
    let role: KeyRole
    let signer: Signer
  }

  /// In the order they are registered.
  let all: [Founder]

  /// Makes every file of the key ring, each durable before this returns.
  ///
  /// - Throws: `KeyFileError` when a file cannot be written.
  init(
    making recovery: RecoveryPlan, in keys: KeyRing, at now: Timestamp, random: any RandomSource
  ) throws {
    try keys.create()
    func newActor() -> ActorID { .make(at: now, random: random.bytes(10)) }
    let person = newActor()
    let founders: [(KeyRole, ActorID, String)] =
      [
        (.log, newActor(), keys.path(.log)), (.service, newActor(), keys.path(.service)),
        (.administrator, person, keys.path(.administrator)), (.actor, person, keys.path(.actor)),
      ] + keys.recoveryPaths.prefix(recovery.keys).map { (.recovery, person, $0) }
    all = try founders.map { role, owner, path in
      let key = SigningKey.generate()
      try KeyFile.write(key, to: path)
      return Founder(role: role, signer: Signer(actor: owner, key: key))
    }
    try SecretFile.create(keys.vaultKey, random: random)
    try SecretFile.create(keys.snapshotKey, random: random)
  }

  var administrator: Signer {
    guard let founder = all.first(where: { $0.role == .administrator }) else {
      preconditionFailure("a ledger begins with an administrator")
    }
    return founder.signer
  }

  /// `ledger.created`, then every key.
  func genesis(_ recovery: RecoveryPlan) -> EntryDraft {
    let created = DraftEvent(LedgerCreated(recoveryThreshold: recovery.threshold), in: .ledger)
    let registrations = all.map { founder in
      DraftEvent(
        KeyRegistered(
          key: PublicKeyBytes(spki: founder.signer.key.publicKey.spki), owner: founder.signer.actor,
          role: founder.role), in: .key(founder.signer.keyid))
    }
    return EntryDraft([created] + registrations)
  }
}
