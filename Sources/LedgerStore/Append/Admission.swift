import CanonicalJSON
import Cryptography
import Events
import Foundation
import TransparencyLog

/// All checks of one entry, in the order of FORMAT.md: what comes out may be inserted.
///
/// Reads the ledger as the transaction sees it and changes nothing, so an entry that is refused
/// leaves no trace and its neighbours go on.
struct Admission {
  let entries: EntryIndex
  let streams: StreamIndex
  let tree: TreeReader
  let custody: LedgerCustody
  /// Asked for people who were erased.
  let isErased: (SubjectID) throws -> Bool
  /// Where the entry would stand: the size of the ledger.
  let position: Int
  /// Of the newest entry; nil before genesis.
  let previous: Timestamp?
  /// Keys whose signature over the envelope has been verified already.
  let verified: Set<KeyID>

  enum Outcome {
    case new(AdmittedEntry)
    /// The same entry stands at this position already.
    case repeated(Int)
  }

  /// - Throws: ``AppendError`` when the entry is refused; anything else concerns the ledger.
  func admit(_ envelope: SignedEnvelope, at now: Timestamp) throws -> Outcome {
    let recorded = try recordedTime(now)
    let line = try Self.line(envelope, recorded)
    let lineBytes = line.bytes
    guard lineBytes.count <= Limits.lineBytes else {
      throw AppendError.form(.lineTooLong(bytes: lineBytes.count))
    }
    let header = try Self.form { () throws(EntryFormError) in
      try envelope.readHeader()
    }
    if let first = try entries.position(of: header.entry) {
      guard try entries.hasHeader(envelope.header, at: first) else {
        throw AppendError.entryReused(header.entry, first: first)
      }
      return .repeated(first)
    }
    try checkOrigin(header)
    return .new(try admit(envelope, header, line: line, bytes: lineBytes))
  }

  private func admit(
    _ envelope: SignedEnvelope, _ header: EntryHeader, line: EntryLine, bytes: [UInt8]
  ) throws -> AdmittedEntry {
    let retention = try Self.form { () throws(EntryFormError) in
      try EntryRules.checkRuns(of: header)
    }
    let body = try self.body(envelope.body, of: header)
    let governing = try Self.form { () throws(EntryFormError) in
      try GoverningEvent.all(in: body, of: header)
    }
    try checkClock(header, recorded: line.recorded)
    try checkSigners(envelope, header, governing)
    try checkSeen(header)
    try HistoryRules(entries: entries, streams: streams).check(header)
    return AdmittedEntry(
      position: position, recorded: line.recorded, headerBytes: envelope.header, header: header,
      bodyBytes: envelope.body, signatures: line.signatures, retention: retention,
      governing: governing, sealings: try sealings(envelope, body, header),
      line: bytes, leaf: LibcryptoHashing().leaf(bytes))
  }
}

// The single checks, in their order.
extension Admission {
  /// The log's time, which never decreases: a clock that slipped by up to a second is held.
  private func recordedTime(_ now: Timestamp) throws(AppendError) -> Timestamp {
    guard let previous, now < previous else { return now }
    guard previous.microseconds(since: now) <= 1_000_000 else {
      throw AppendError.recordedBackwards(recorded: now, previous: previous)
    }
    return previous
  }

  private static func line(
    _ envelope: SignedEnvelope, _ recorded: Timestamp
  ) throws(AppendError) -> EntryLine {
    let keyids = Set(envelope.signatures.map(\.keyid))
    guard (1...Limits.signaturesPerEntry).contains(envelope.signatures.count),
      keyids.count == envelope.signatures.count,
      envelope.signatures.allSatisfy({ $0.signature.count == EntryLine.signatureBytes })
    else {
      throw AppendError.form(
        .lineForm(.field(path: "signatures", expected: "1 to 8 of 64 bytes, by different keys")))
    }
    return EntryLine(
      header: envelope.header, signatures: envelope.signatures, recorded: recorded)
  }

  private func checkOrigin(_ header: EntryHeader) throws(AppendError) {
    guard let valid = custody.origin else {
      try GenesisRules.checkKinds(header)
      return try Self.require(header.ledger, at: 1)
    }
    let startsNext = header.events.contains { $0.kind == IncarnationStarted.kind }
    guard startsNext else {
      guard header.ledger == valid else {
        throw AppendError.ledgerMismatch(named: header.ledger, valid: valid)
      }
      return
    }
    guard header.ledger.name == valid.name, header.ledger.log == valid.log else {
      throw AppendError.ledgerMismatch(named: header.ledger, valid: valid)
    }
    try Self.require(header.ledger, at: valid.incarnation + 1)
  }

  private static func require(
    _ named: Origin, at incarnation: Int
  ) throws(AppendError) {
    guard named.incarnation != incarnation else { return }
    let valid = Origin(name: named.name, log: named.log, incarnation: incarnation) ?? named
    throw AppendError.ledgerMismatch(named: named, valid: valid)
  }

  private func body(_ bytes: [UInt8], of header: EntryHeader) throws(AppendError) -> EntryBody {
    guard bytes.count <= Limits.bodyBytes else {
      throw AppendError.form(.bodyTooLong(bytes: bytes.count))
    }
    let derived = Digest(bytes: SHA256.hash(EntryBody.digestPrefix + bytes))
    guard derived == header.body else {
      throw AppendError.bodyDigest(signed: header.body, derived: derived)
    }
    return try Self.form { () throws(EntryFormError) in
      let body = try EntryBody(parsing: bytes)
      try body.check(against: header)
      return body
    }
  }

  private func checkClock(
    _ header: EntryHeader, recorded: Timestamp
  ) throws(AppendError) {
    try Self.form { () throws(EntryFormError) in
      try EntryRules.checkClock(of: header, recorded: recorded)
    }
  }

  private func checkSigners(
    _ envelope: SignedEnvelope, _ header: EntryHeader, _ governing: [GoverningEvent]
  ) throws {
    let new = NewKey.all(in: governing)
    let signers = try Signers(
      envelope.signatures, over: envelope.signedMessage, verified: verified, new: new,
      custody: custody, position: position)
    let roles = try signers.rolesOfActor(header)
    guard position == 0 || !governing.isEmpty else { return }
    try CustodyRules(
      custody: custody, header: header, governing: governing, new: new, signers: signers,
      actorRoles: roles, position: position, root: try tree.root(ofSize: position)
    ).check()
  }

  private func checkSeen(_ header: EntryHeader) throws {
    let seen = header.seen
    guard seen.size <= position else {
      throw AppendError.seenAhead(size: seen.size, actual: position)
    }
    guard (seen.size == 0) == (position == 0) else {
      throw AppendError.form(.headerForm(.field(path: "seen.size", expected: "1 or more")))
    }
    let actual = try tree.root(ofSize: seen.size)
    guard seen.root == actual else {
      throw AppendError.seenRoot(size: seen.size, named: seen.root, actual: actual)
    }
  }

  /// Every `$sealed` of the body with the value behind it.
  private func sealings(
    _ envelope: SignedEnvelope, _ body: EntryBody, _ header: EntryHeader
  ) throws -> [Sealing] {
    guard envelope.body.mentionsSealed else { return [] }
    return try SealedPlace.all(in: body.data).map { place in
      guard let value = envelope.sealed.first(where: { $0.sealed == place.sealed }) else {
        throw AppendError.sealedMissing(event: place.index, pointer: place.pointer)
      }
      guard try !isErased(value.subject) else {
        throw AppendError.subjectErased(value.subject)
      }
      return Sealing(
        origin: header.ledger, entry: header.entry, place: place, value: value)
    }
  }

  private static func form<Result>(
    _ check: () throws(EntryFormError) -> Result
  ) throws(AppendError) -> Result {
    do { return try check() } catch { throw AppendError.form(error) }
  }
}

extension SignedEnvelope {
  fileprivate func readHeader() throws(EntryFormError) -> EntryHeader {
    guard let written else { return try EntryHeader(parsing: header) }
    try written.checkForm()
    return written
  }
}

extension [UInt8] {
  /// Whether a sealed value can be in this JSON: its key is never written with escapes.
  fileprivate var mentionsSealed: Bool {
    let key = Array("\(Sealed.key)\"".utf8)
    return withUnsafeBytes { bytes in
      var rest = bytes[...]
      while let dollar = rest.firstDollar {
        rest = rest[dollar...]
        if rest.starts(with: key) { return true }
        rest = rest.dropFirst()
      }
      return false
    }
  }
}

extension UnsafeRawBufferPointer.SubSequence {
  /// By the C library, which looks at many bytes at once: bodies have up to a mebibyte.
  fileprivate var firstDollar: Int? {
    let rest = UnsafeRawBufferPointer(rebasing: self)
    guard let start = rest.baseAddress, let found = memchr(start, 0x24, rest.count) else {
      return nil
    }
    return startIndex + (UnsafeRawPointer(found) - start)
  }
}
