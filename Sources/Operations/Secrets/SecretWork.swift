import Access
import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import Projections
import SecretStore

/// `stele secret set`, `rotate`, `rm`: an environment's values, sealed, and a ledger that knows
/// which versions there are.
package struct SecretWork: Sendable {
  private let session: Session
  private let place: Place
  private let person: Signer

  package init(_ session: Session, in place: Place, by person: Signer) {
    self.session = session
    self.place = place
    self.person = person
  }

  package enum Manner: Sendable {
    /// The versions before stay for rollbacks.
    case setting
    /// The versions before are retired: no rollback brings them back, and their values are deleted.
    case rotating
  }

  /// What setting led to.
  package struct Changed: Sendable, Equatable {
    package let name: SecretName
    package let version: Int
    /// Nil when the newest version has this value already, and nothing was recorded.
    package let position: Int?
    /// Versions that were retired.
    package let retired: [Int]
    /// Where the same value is, in other environments.
    package let repeated: [String]
  }

  /// Seals a value as the next version of a name, and records it.
  ///
  /// The value is durable before its entry is recorded. Commit point: the entry. Whoever fails
  /// before it leaves a version that the ledger does not know and nothing is given: it is taken out
  /// again where that is possible, `stele doctor` names it where it is not, and the next version of
  /// the name takes its place. Values that a rotation retires are deleted after the entry; a crash
  /// in between leaves them to the next change of the place.
  ///
  /// - Throws: ``AccessDenied`` after the denial was recorded; ``SecretError``, `SecretStoreError`.
  package func set(
    _ name: SecretName, to value: SecretBytes, _ manner: Manner, opening: SecretOpening,
    reason: String?
  ) async throws -> Changed {
    try Self.check(value)
    let authorization = try await session.authorize(.writeSecret, by: person, in: place)
    if manner == .rotating { try await requireKnown(name) }
    let door = try SecretDoor(session, place)
    let open = try await door.openOrFound(opening)
    let sealed = try await session.seal(reason, of: person)
    let hmac = door.codes.code(of: value)
    return try await session.resting(
      on: authorization, .writeSecret, by: person, application: place.application,
      environment: place.environment
    ) { session, _, granted in
      try door.file.changing { file in
        let state = try session.state()  // Who waited for the file may have an older one.
        let before = try file.read()
        guard open.key.opens(before ?? open.sealed) else {
          throw SecretStoreError.keyReplaced(place)
        }
        let plan = try state.secrets.plan(name, hmac, manner, in: place)
        guard let version = plan.version else {
          try file.mend(before ?? open.sealed, name, version: plan.newest) {
            open.key.holds($0, name, version: plan.newest)
          } with: {
            open.key.seal(value, as: name, version: plan.newest, random: session.random)
          }
          return plan.changed(at: nil, state, hmac, place)
        }
        var after = before ?? open.sealed
        after.drop { state.secrets.isRetired($0, in: place) }
        after.put(
          open.key.seal(value, as: name, version: version, random: session.random), as: name,
          version: version)
        try file.replace(with: after)
        let events =
          [
            SecretEvent.set(
              SecretSet(name, version: version, hmac: hmac, reason: sealed?.sealed))
          ]
          + (plan.retired.last.map { [.retired(SecretRetired(name, through: $0))] } ?? [])
        let position = try session.record(
          events, making: after, of: file, insteadOf: before, in: place, state, on: granted,
          by: person, sealed: sealed)
        after.drop { $0.name == name && plan.retired.contains($0.version) }
        if !plan.retired.isEmpty { try file.replace(with: after) }
        return plan.changed(at: position, state, hmac, place)
      }
    }
  }

  /// Removes a name with all its versions.
  ///
  /// Commit point: the entry, before the values are deleted. A crash in between leaves them to the
  /// next change of the place.
  ///
  /// - Returns: The position of the entry.
  /// - Throws: As ``set(_:to:_:opening:reason:)``.
  package func remove(_ name: SecretName, reason: String?) async throws -> Int {
    let authorization = try await session.authorize(.writeSecret, by: person, in: place)
    let file = SecretsFile(place, in: session.workspace.ledger)
    let sealed = try await session.seal(reason, of: person)
    return try await session.resting(
      on: authorization, .writeSecret, by: person, application: place.application,
      environment: place.environment
    ) { session, _, granted in
      try file.changing { file in
        let state = try session.state()
        guard state.secrets.secret(name, in: place)?.newest != nil else {
          throw SecretError.unknown(name, place.environment)
        }
        let before = try file.read()
        let position = try session.record(
          [.removed(SecretRemoved(name, reason: sealed?.sealed))], making: before, of: file,
          insteadOf: before, in: place, state, on: granted, by: person, sealed: sealed)
        guard var after = before else { return position }
        after.drop { $0.name == name || state.secrets.isRetired($0, in: place) }
        try file.replace(with: after)
        return position
      }
    }
  }

  private static func check(_ value: SecretBytes) throws(SecretError) {
    guard value.count > 0 else { throw .empty }
    guard value.count <= SecretLimits.valueBytes else { throw .tooLong(bytes: value.count) }
  }

  private func requireKnown(_ name: SecretName) async throws {
    guard try await session.state().secrets.secret(name, in: place)?.newest != nil else {
      throw SecretError.unknown(name, place.environment)
    }
  }
}

/// What setting a name comes to, as the ledger stands.
private struct SecretPlan {
  let name: SecretName
  /// Nil where the newest is the same.
  let version: Int?
  let newest: Int
  /// Ascending.
  let retired: [Int]

  func changed(
    at position: Int?, _ state: LedgerState, _ hmac: Digest, _ place: Place
  ) -> SecretWork.Changed {
    SecretWork.Changed(
      name: name, version: version ?? newest, position: position, retired: retired,
      repeated: state.secrets.others(with: hmac, than: place).map {
        "\($0.place.environment) \($0.name)"
      })
  }
}

extension Secrets {
  fileprivate func plan(
    _ name: SecretName, _ hmac: Digest, _ manner: SecretWork.Manner, in place: Place
  ) throws(SecretError) -> SecretPlan {
    let known = secret(name, in: place)
    let kept = known?.kept.map(\.number) ?? []
    if let newest = known?.newest, newest.hmac == hmac {
      guard manner == .setting else { throw .same(name, place.environment) }
      return SecretPlan(name: name, version: nil, newest: newest.number, retired: [])
    }
    guard known?.newest != nil || all(in: place).count < SecretLimits.namesPerPlace else {
      throw .tooMany(place.environment)
    }
    guard manner == .rotating || kept.count < SecretLimits.versionsKept else {
      throw .tooManyVersions(name, place.environment)
    }
    let next = known?.next ?? 1
    return SecretPlan(
      name: name, version: next, newest: next, retired: manner == .rotating ? kept : [])
  }

  /// Whether the ledger says of a value in the file that nothing may be given it any more.
  func isRetired(_ value: SealedSecrets.Value, in place: Place) -> Bool {
    secret(value.name, in: place)?.version(value.version)?.isRetired ?? false
  }
}

extension Session {
  /// Records what was changed in a place's file, and with it who can open that file, where the
  /// ledger says otherwise. When nothing was recorded the file is put back.
  func record(
    _ events: [SecretEvent], making after: SealedSecrets?, of file: SecretsChange,
    insteadOf before: SealedSecrets?, in place: Place, _ state: LedgerState,
    on granted: Authorization, by person: Signer, sealed: SealedValue? = nil
  ) throws -> Int {
    let stream = StreamName.secret(place.application, place.environment)
    let all = state.secrets.recipientEvents(for: after, in: place) + events
    // A file that was lost and is made again for those whom the ledger knows says nothing new.
    guard !all.isEmpty else { return state.size - 1 }
    do {
      return try record(
        EntryDraft(
          all.map { $0.draft(in: stream, place.scope) }, expects: granted.expects,
          because: [granted.decision]),
        by: person, sealed: sealed.map { [$0] } ?? [],
        versions: [stream: state.secrets.version(in: place) + 1]
      ).position
    } catch let error as AppendError {
      file.restore(before)
      throw error
    } catch LedgerError.writerBusy(let path, let milliseconds) {
      file.restore(before)
      throw LedgerError.writerBusy(path: path, milliseconds: milliseconds)
    }
  }
}

extension DataKey {
  /// Whether a version is in the file and opens.
  fileprivate func holds(_ sealed: SealedSecrets, _ name: SecretName, version: Int) -> Bool {
    guard let box = sealed.box(name, version: version) else { return false }
    return (try? open(box, as: name, version: version)) != nil
  }
}

extension SecretsChange {
  /// Puts a version in again that the ledger knows and the file has lost.
  fileprivate func mend(
    _ sealed: SealedSecrets, _ name: SecretName, version: Int,
    unless isThere: (SealedSecrets) -> Bool, with box: () -> SealedBytes
  ) throws {
    guard !isThere(sealed) else { return }
    var mended = sealed
    mended.put(box(), as: name, version: version)
    try replace(with: mended)
  }
}

extension Secrets {
  /// What the ledger has to learn of who can open a place's file.
  fileprivate func recipientEvents(
    for sealed: SealedSecrets?, in place: Place
  ) -> [SecretEvent] {
    guard let sealed else { return [] }
    let (there, known) = (sealed.recipients.map(\.recipient), recipients(in: place).map(\.content))
    return there.filter { !known.contains($0) }.map { .recipientAdded(.init($0)) }
      + known.filter { !there.contains($0) }.map { .recipientRemoved(.init($0)) }
  }
}

extension SecretEvent {
  fileprivate func draft(in stream: StreamName, _ scope: Scope) -> DraftEvent {
    switch self {
    case .set(let event): DraftEvent(event, in: stream, scope: scope)
    case .retired(let event): DraftEvent(event, in: stream, scope: scope)
    case .removed(let event): DraftEvent(event, in: stream, scope: scope)
    case .recipientAdded(let event): DraftEvent(event, in: stream, scope: scope)
    case .recipientRemoved(let event): DraftEvent(event, in: stream, scope: scope)
    }
  }
}
