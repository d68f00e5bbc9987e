import CanonicalJSON
import Events

/// What the format demands of entries that change keys, the ledger itself, or what may be pruned.
///
/// A pure decision over the custody before the entry. Genesis has rules of its own,
/// ``GenesisRules``.
struct CustodyRules {
  let custody: LedgerCustody
  let header: EntryHeader
  let governing: [GoverningEvent]
  let new: [NewKey]
  let signers: Signers
  /// With which the actor may record every kind of the entry.
  let actorRoles: Set<KeyRole>
  /// Where the entry would stand.
  let position: Int
  /// Of the entries before it.
  let root: Digest

  func check() throws(AppendError) {
    guard position > 0 else {
      return try GenesisRules(header: header, new: new, signers: signers).check()
    }
    for key in new { try checkRegistration(key) }
    for event in governing { try check(event) }
    try checkRecoveryActing()
  }

  private func check(_ event: GoverningEvent) throws(AppendError) {
    switch event.event {
    case .ledger(.created): throw AppendError.genesisRepeated
    case .ledger(.incarnationStarted(let incarnation)): try check(incarnation)
    case .key(.revoked(let revoked)): try checkRevocation(event, revoked)
    case .retention(let retention): try check(retention)
    default: break  // Registrations were checked as new keys; erasure has no rule beyond its form.
    }
  }

  private func checkRegistration(_ key: NewKey) throws(AppendError) {
    try key.checkStream()
    if let known = custody.keys[key.keyid] {
      throw AppendError.keyRepeated(key.keyid, registered: known.registered)
    }
    guard new.count(where: { $0.keyid == key.keyid }) == 1 else {
      throw AppendError.keyRepeated(key.keyid, registered: position)
    }
    try key.checkCoSigned(by: signers)
    switch key.registration.role {
    case .recovery: try requireQuorum()
    case .log: try checkLogKeyReplaced(by: key.keyid)
    case .actor, .service, .witness, .administrator: break
    }
  }

  private func checkRevocation(
    _ event: GoverningEvent, _ revoked: KeyRevoked
  ) throws(AppendError) {
    let keyid = KeyID(of: event.stream)
    guard let key = custody.keys[keyid] else { throw AppendError.keyUnknown(keyid) }
    guard key.revoked == nil else {
      throw AppendError.keyNotValid(keyid, registered: key.registered, revoked: key.revoked)
    }
    if let suspect = revoked.suspectFrom, suspect > position {
      throw AppendError.form(
        .dataForm(
          event: event.index,
          .field(path: "suspectFrom", expected: "a position up to \(position)")))
    }
    switch key.role {
    case .recovery: try requireQuorum()
    case .log: try checkLogKeyReplaced(revoking: keyid)
    case .actor, .service, .witness, .administrator: break
    }
  }

  /// The new log key comes as the valid one goes.
  private func checkLogKeyReplaced(by keyid: KeyID) throws(AppendError) {
    let leaving = custody.logKey(forSize: position + 1)?.keyid
    guard new.count(where: { $0.registration.role == .log }) == 1, let leaving,
      revokes(leaving)
    else { throw AppendError.logKeyUnpaired(keyid) }
    try checkLogKeySigners(leaving)
  }

  private func checkLogKeyReplaced(revoking keyid: KeyID) throws(AppendError) {
    guard new.count(where: { $0.registration.role == .log }) == 1 else {
      throw AppendError.logKeyUnpaired(keyid)
    }
  }

  /// An administrator, the new key, and the old one or the quorum. (The new key's signature is
  /// checked with its registration.)
  private func checkLogKeySigners(_ leaving: KeyID) throws(AppendError) {
    guard signers.count(of: .administrator) > 0 else {
      throw AppendError.kindRole(KeyRegistered.kind, roles: [.administrator])
    }
    if !signers.keyids.contains(leaving) { try requireQuorum() }
  }

  private func revokes(_ keyid: KeyID) -> Bool {
    governing.contains { event in
      if case .key(.revoked) = event.event { event.stream == .key(keyid) } else { false }
    }
  }

  private func check(_ incarnation: IncarnationStarted) throws(AppendError) {
    let actual = Seen(root: root, size: position)
    let named = Seen(root: incarnation.root, size: incarnation.size)
    guard named == actual else {
      throw AppendError.incarnationMismatch(named: named, actual: actual)
    }
    if let valid = custody.origin, incarnation.previous != valid {
      throw AppendError.ledgerMismatch(named: incarnation.previous, valid: valid)
    }
    try requireQuorum()
  }

  private func check(_ retention: RetentionApplied) throws(AppendError) {
    guard retention.retention != .permanent, retention.last < position else {
      throw AppendError.retentionForbidden(
        retention.retention, first: retention.first, last: retention.last)
    }
  }

  /// A recovery key acts only together with enough others.
  private func checkRecoveryActing() throws(AppendError) {
    if actorRoles == [.recovery] { try requireQuorum() }
  }

  private func requireQuorum() throws(AppendError) {
    let signed = signers.count(of: .recovery)
    guard signed >= custody.recoveryThreshold else {
      throw AppendError.quorumMissing(signed: signed, needed: custody.recoveryThreshold)
    }
  }
}

extension NewKey {
  /// Its stream is named by its own id.
  func checkStream() throws(AppendError) {
    guard stream == .key(keyid) else {
      throw AppendError.form(
        .dataForm(
          event: index, .field(path: "key", expected: "the key that \(stream) is named after")))
    }
  }

  /// Nobody else can have signed for it, and it did sign; witnesses need not.
  func checkCoSigned(by signers: Signers) throws(AppendError) {
    guard publicKey != nil else { throw AppendError.keyWeak(keyid) }
    guard registration.role == .witness || signers.keyids.contains(keyid) else {
      throw AppendError.registrationUnsigned(keyid)
    }
  }
}
