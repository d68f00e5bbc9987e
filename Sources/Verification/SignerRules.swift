import CanonicalJSON

/// Who signed one entry, and the first rule about signatures, owner and role that it breaks.
struct SignerRules {
  /// Keys whose signature verified and that were valid here.
  private(set) var signers: [KeyRecord] = []
  /// Keyids whose signature verified, those that this entry registers included.
  private(set) var signed: Set<Digest> = []
  /// Roles of the actor's own keys among ``signers``.
  private(set) var actorRoles: Set<SigningRole> = []
  private(set) var error: VerificationError?

  init(_ facts: EntryFacts, _ header: HeaderForm, _ keys: KeyRegister) {
    let registering = SignerRules.registrations(facts, header)
    for signature in facts.signatures where error == nil {
      add(signature, facts, registering, keys)
    }
    actorRoles = Set(signers.lazy.filter { $0.owner == header.actor }.map(\.role))
    // Without the body nobody knows which keys the entry registers; its absence is said elsewhere.
    if error == nil, !registering.values.contains(where: { $0 == nil }) {
      error = authorityError(header)
    }
  }

  /// The keys that the entry registers, by keyid; nil where the data is not to be had.
  private static func registrations(
    _ facts: EntryFacts, _ header: HeaderForm
  ) -> [Digest: KeyRegistration?] {
    var found: [Digest: KeyRegistration?] = [:]
    for run in header.runs where run.kind == "key.registered.v1" {
      if let keyid = Digest(hex: String(run.stream.dropFirst(4))) {
        found.updateValue(nil, forKey: keyid)
      }
    }
    for case .registered(let registration) in facts.governing {
      found.updateValue(registration, forKey: registration.keyid)
    }
    return found
  }

  private mutating func add(
    _ signature: SignatureFacts, _ facts: EntryFacts, _ registering: [Digest: KeyRegistration?],
    _ keys: KeyRegister
  ) {
    let keyid = signature.keyid
    let record = keys[keyid]
    guard record != nil || registering[keyid] != nil else {
      error = .keyUnknown(keyid: keyid)
      return
    }
    guard let key = record?.key ?? registering[keyid]??.key else {
      // A weak key, or one whose registration cannot be read; both are findings of their own.
      return
    }
    guard signature.verifies ?? key.verifies(signature.bytes, facts.message) else {
      error = .signatureInvalid(keyid: keyid)
      return
    }
    signed.insert(keyid)
    if let record, record.isValid(at: facts.position) {
      signers.append(record)
    } else if let registration = registering[keyid] ?? nil {
      guard facts.position == 0 else { return }  // It only co-signs its own registration.
      signers.append(
        KeyRecord(key: key, owner: registration.owner, role: registration.role, registered: 0))
    } else if let record {
      error = .keyNotValid(
        keyid: keyid, registered: record.registered, revoked: record.revoked ?? facts.position)
    }
  }

  /// At least one signature is by a key of the actor's whose role each kind allows.
  private func authorityError(_ header: HeaderForm) -> VerificationError? {
    guard !actorRoles.isEmpty else { return .actorUnsigned(actor: header.actor) }
    for run in header.runs {
      guard let rule = KindRules.rule(for: run.kind) else { continue }
      if rule.signers.isDisjoint(with: actorRoles) {
        return .kindRole(kind: run.kind, roles: actorRoles)
      }
    }
    return nil
  }
}
