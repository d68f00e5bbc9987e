import Access
import Cryptography
import Events
import LedgerStore

/// What a restored ledger has to say before it goes on: that entries were lost, who restored it,
/// and who was erased among them.
struct RestoreSuccession: Sendable {
  private let work: RestoreWork
  private let staged: StagedLedger
  private let keys: KeyRing
  /// Of the copy.
  private let origin: Origin

  init(_ work: RestoreWork, _ staged: StagedLedger, keys: KeyRing, origin: Origin) {
    self.work = work
    self.staged = staged
    self.keys = keys
    self.origin = origin
  }

  /// - Parameters:
  ///   - lost: The newest checkpoint that the copy does not reach; nil when nothing is lost.
  ///   - erased: Everybody who is erased.
  /// - Returns: Whose erasure had to be recorded again.
  /// - Throws: ``RestoreError/notRecorded(_:)``, ``RestoreError/logKeyMissing(keyid:)``,
  ///   ``RestoreError/denied(_:isRecorded:)``,
  ///   ``SignerError``, ``KeyWorkError/quorum(found:needed:)``, `AppendError`.
  func record(
    _ lost: KnownHistory.Known?, _ erased: Set<SubjectID>, _ request: RestoreWork.Request
  ) async throws -> [SubjectID] {
    let unrecorded = try staged.directory.reading { reader in
      try erased.sorted().filter { try reader.version(of: .privacy($0)) == 0 }
    }
    do {
      let session = try session(goingOnAs: lost == nil ? origin : successor())
      if let lost { try await startIncarnation(lost, request, in: session) }
      try await authorize(request, in: session)
      try await record(erased: unrecorded, in: session)
      try await session.close()
    } catch let error as KeyFileError {
      throw RestoreError.notRecorded(error)
    } catch LedgerError.logKeyMissing(let keyid) {
      throw RestoreError.logKeyMissing(keyid: keyid)
    }
    return unrecorded
  }

  private func authorize(_ request: RestoreWork.Request, in session: Session) async throws {
    let person = try await session.person(request.credential)
    do {
      _ = try await session.authorize(
        .restoreLedger, by: person, application: nil, environment: nil)
    } catch let denied as AccessDenied {
      throw RestoreError.denied(denied, isRecorded: await recordHere(denied))
    }
  }

  /// The copy is thrown away with what it says, so the ledger that stays keeps the denial.
  ///
  /// - Returns: Whether it does; one that does not open cannot.
  private func recordHere(_ denied: AccessDenied) async -> Bool {
    do {
      let here = try Session.open(
        work.workspace, for: .appending, variables: work.variables, time: work.time)
      try await here.record(denied)
      try await here.close()
      return true
    } catch {
      return false
    }
  }

  private func record(erased: [SubjectID], in session: Session) async throws {
    guard !erased.isEmpty else { return }
    let administrator = try await session.signer(.administrator)
    for subject in erased {
      let event = DraftEvent(PrivacyErased(basis: PrivacyErased.restored), in: .privacy(subject))
      _ = try await session.record(EntryDraft([event]), by: administrator)
    }
  }

  private func successor() throws(RestoreError) -> Origin {
    let next = Origin(name: origin.name, log: origin.log, incarnation: origin.incarnation + 1)
    guard let next else { throw .noSuccessor(origin) }
    return next
  }

  private func session(goingOnAs origin: Origin) throws -> Session {
    let workspace = Workspace(root: work.workspace.root, ledger: staged.directory.path)
    let purpose: Ledger.Purpose = origin == self.origin ? .appending : .startingIncarnation
    let ledger = try Ledger.open(
      directory: staged.directory.path, for: purpose, secrets: keys.secrets(), time: work.time)
    return Session(
      workspace: workspace, ledger: ledger, keys: keys, origin: origin, time: work.time,
      random: SystemRandom())
  }

  private func startIncarnation(
    _ lost: KnownHistory.Known, _ request: RestoreWork.Request, in session: Session
  ) async throws {
    let head = try session.ledger.head()
    let started = IncarnationStarted(
      lost: MachineWords(lost.note), previous: origin, root: head.root, size: head.size)
    let quorum = try await KeyAuthority(recovery: request.recoveryKeys).quorum(in: session)
    _ = try await session.record(
      EntryDraft([DraftEvent(started, in: .ledger)]), by: session.signer(.administrator),
      cosigners: quorum)
  }
}

extension PrivacyErased {
  /// The person was erased before, and the record of it was among the entries that were lost.
  static let restored: Code = "restored"
}
