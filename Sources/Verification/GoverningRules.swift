import CanonicalJSON

/// Whether the signers of one entry may do to keys, origin and retention what it does.
///
/// Everything is checked against the state before the entry, then all of it takes effect or none.
struct GoverningRules {
  let facts: EntryFacts
  let signers: SignerRules
  let keys: KeyRegister

  private var isGenesis: Bool { facts.position == 0 }

  private var recoverySigners: Int { signers.signers.count { $0.role == .recovery } }

  /// m recovery keys signed; without any threshold there is no such way.
  private var isQuorum: Bool {
    keys.recoveryThreshold > 0 && recoverySigners >= keys.recoveryThreshold
  }

  private var isByAdministrator: Bool { signers.signers.contains { $0.role == .administrator } }

  private var quorumMissing: VerificationError {
    .quorumMissing(signed: recoverySigners, needed: max(keys.recoveryThreshold, 1))
  }

  private var registrations: [KeyRegistration] {
    facts.governing.compactMap { if case .registered(let key) = $0 { key } else { nil } }
  }

  private var revokedLogKeys: [Digest] {
    facts.governing.compactMap {
      if case .revoked(let keyid, _) = $0, keys[keyid]?.role == .log { keyid } else { nil }
    }
  }

  /// The first rule that is broken; nil if the entry may take effect.
  func error() -> VerificationError? {
    var registered: Set<Digest> = []
    for event in facts.governing {
      let error: VerificationError?
      switch event {
      case .registered(let registration):
        error =
          registered.insert(registration.keyid).inserted
          ? registrationError(registration)
          : .keyRepeated(keyid: registration.keyid, registered: facts.position)
      case .revoked(let keyid, _): error = revocationError(keyid)
      case .incarnation: error = isByAdministrator && isQuorum ? nil : quorumMissing
      case .retention(let name, let first, let last): error = retentionError(name, first, last)
      case .created, .erased: error = nil  // Their kinds' signers are all that is asked.
      }
      if let error { return error }
    }
    return isGenesis ? genesisKeyError() : nil
  }

  private func registrationError(_ registration: KeyRegistration) -> VerificationError? {
    let keyid = registration.keyid
    if let known = keys[keyid] {
      return .keyRepeated(keyid: keyid, registered: known.registered)
    }
    if registration.key == nil { return .keyWeak(keyid: keyid) }
    if registration.role != .witness, !signers.signed.contains(keyid) {
      return .registrationUnsigned(keyid: keyid)
    }
    if isGenesis { return nil }
    switch registration.role {
    case .recovery: return isQuorum ? nil : quorumMissing
    case .log: return logKeyError(keyid, counterparts: revokedLogKeys)
    case .actor, .service, .witness, .administrator:
      return isByAdministrator || isQuorum ? nil : quorumMissing
    }
  }

  private func revocationError(_ keyid: Digest) -> VerificationError? {
    guard let record = keys[keyid] else { return .keyUnknown(keyid: keyid) }
    if let revoked = record.revoked {
      return .keyNotValid(keyid: keyid, registered: record.registered, revoked: revoked)
    }
    switch record.role {
    case .recovery: return isQuorum ? nil : quorumMissing
    case .log:
      return logKeyError(keyid, counterparts: registrations.filter { $0.role == .log }.map(\.keyid))
    case .actor, .service, .witness, .administrator:
      return isByAdministrator || isQuorum ? nil : quorumMissing
    }
  }

  /// A log key is replaced in one entry, signed by an administrator, the new key, and the old one
  /// or m recovery keys.
  private func logKeyError(_ keyid: Digest, counterparts: [Digest]) -> VerificationError? {
    guard counterparts.count == 1 else { return .logKeyUnpaired(keyid: keyid) }
    guard isByAdministrator else {
      return .kindRole(kind: "key.registered.v1", roles: signers.actorRoles)
    }
    let isByOldKey = revokedLogKeys.contains { signers.signed.contains($0) }
    return isByOldKey || isQuorum ? nil : quorumMissing
  }

  /// Genesis registers exactly one log key.
  private func genesisKeyError() -> VerificationError? {
    let logKeys = registrations.filter { $0.role == .log }
    guard logKeys.count != 1, let key = logKeys.last ?? registrations.first else { return nil }
    return .logKeyUnpaired(keyid: key.keyid)
  }

  /// Earlier entries of one class that is not permanent.
  private func retentionError(_ name: String, _ first: Int, _ last: Int) -> VerificationError? {
    let retention = RetentionClass(rawValue: name)
    guard let retention, retention != .permanent, first <= last, last < facts.position else {
      return .retentionForbidden(class: name, first: first, last: last)
    }
    return nil
  }
}
