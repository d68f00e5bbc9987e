import CanonicalJSON

/// Reads entries and finds out all that can be known of each without the ones before it: forms,
/// digests, hashes, signatures by keys already met, and what the vault has.
///
/// One per task: it owns a buffer and a copy of the keys. What it says of an entry does not depend
/// on which entries it read before, except that a signature by a key it has not met is left open.
final class EntryExaminer {
  private let source: any LedgerSource
  private let directory: KeyDirectory
  private let hasVault: Bool
  private var keys: [Digest: VerificationKey]
  /// DSSE's PAE of the header being read.
  private let message = UnsafeMutableRawBufferPointer.allocate(
    byteCount: EntryExaminer.paePrefixMax + LineForm.bytesMax, alignment: 16)
  /// The vault could not be read; the run ends with this.
  private(set) var readError: LedgerReadError?

  private static let paePrefix = "DSSEv1 35 application/vnd.stele.entry.v1+json "
  /// The prefix, a length of at most five digits, and a space.
  private static let paePrefixMax = 64

  init(source: any LedgerSource, directory: KeyDirectory, hasVault: Bool) {
    self.source = source
    self.directory = directory
    self.hasVault = hasVault
    keys = directory.snapshot
  }

  deinit { message.deallocate() }

  func examine(_ entry: EntryBytes) -> EntryFacts {
    var facts = EntryFacts(position: entry.position, leaf: Hashing.leaf(entry.line))
    facts.storedRunCount = entry.stored?.runs.count ?? 0
    guard entry.line.count <= LineForm.bytesMax else {
      facts.find(.line, .lineTooLong(bytes: entry.line.count))
      return facts
    }
    do throws(FormFault) {
      let line = try LineForm(entry.line)
      let pae = try decode(UnsafeRawBufferPointer(rebasing: entry.line[line.payload]), line)
      facts.recorded = line.recorded
      read(entry, line, pae, &facts)
    } catch {
      facts.find(.line, .lineForm(error))
    }
    if let stored = entry.stored { StoredRules.compare(stored, &facts) }
    return facts
  }

  /// Decodes the payload behind its PAE prefix, so that hashing, parsing and checking share bytes.
  private func decode(
    _ payload: UnsafeRawBufferPointer, _ line: LineForm
  ) throws(FormFault) -> (pae: UnsafeRawBufferPointer, header: UnsafeRawBufferPointer) {
    let start = line.payload.lowerBound
    guard let count = Base64Codec.decodedCount(payload) else {
      throw FormFault(offset: start, expected: "padded base64")
    }
    let prefix = "\(EntryExaminer.paePrefix)\(count) ".utf8
    message.copyBytes(from: prefix)
    let room = UnsafeMutableRawBufferPointer(
      rebasing: message[prefix.count..<prefix.count + count])
    if let offset = Base64Codec.decode(payload, into: room) {
      throw FormFault(offset: start + offset, expected: "base64 with zero trailing bits")
    }
    return (
      UnsafeRawBufferPointer(rebasing: message[0..<prefix.count + count]),
      UnsafeRawBufferPointer(room)
    )
  }

  private func read(
    _ entry: EntryBytes, _ line: LineForm,
    _ bytes: (pae: UnsafeRawBufferPointer, header: UnsafeRawBufferPointer),
    _ facts: inout EntryFacts
  ) {
    do throws(FormFault) {
      let header = try HeaderForm(bytes.header)
      facts.header = header
      RunRules.apply(to: &facts, header)
      if facts.findings.isEmpty { readBody(entry, header, &facts) }
      ClockRules.apply(to: &facts, header)
      check(line.signatures, bytes.pae, &facts)
    } catch {
      facts.find(.header, .headerForm(error))
    }
  }

  private func check(
    _ signatures: [LineSignature], _ pae: UnsafeRawBufferPointer, _ facts: inout EntryFacts
  ) {
    facts.signatures = signatures.map { signature in
      let verifies = keys[signature.keyid].map { key in
        signature.bytes.withUnsafeBytes { key.verifies($0, pae) }
      }
      return SignatureFacts(keyid: signature.keyid, bytes: signature.bytes, verifies: verifies)
    }
    if facts.signatures.contains(where: { $0.verifies == nil }) { facts.message = Array(pae) }
  }
}

extension EntryExaminer {
  private func readBody(_ entry: EntryBytes, _ header: HeaderForm, _ facts: inout EntryFacts) {
    guard let body = entry.body else {
      facts.bodyIsMissing = true
      return
    }
    guard body.count <= BodyForm.bytesMax else {
      return facts.find(.body, .bodyTooLong(bytes: body.count))
    }
    let derived = Hashing.body(body)
    guard derived == header.body else {
      return facts.find(.body, .bodyDigest(signed: header.body, derived: derived))
    }
    do throws(FormFault) {
      let form = try BodyForm(body)
      guard form.events.count == facts.eventCount else {
        throw FormFault(offset: 0, expected: "\(facts.eventCount) events")
      }
      readData(body, form, header, &facts)
    } catch {
      facts.find(.body, .bodyForm(error))
    }
  }

  /// Reads the few events that need more than a check of their form.
  private func readData(
    _ body: UnsafeRawBufferPointer, _ form: BodyForm, _ header: HeaderForm,
    _ facts: inout EntryFacts
  ) {
    guard form.hasReservedKeys || header.runs.contains(where: \.isGoverning) else { return }
    var event = 0
    for run in header.runs {
      for index in event..<event + run.count {
        do throws(FormFault) {
          try readData(body, form.events[index], event: index, run, header, &facts)
        } catch {
          return facts.find(.body, .dataForm(event: index, error))
        }
      }
      event += run.count
    }
  }

  private func readData(
    _ body: UnsafeRawBufferPointer, _ range: Range<Int>, event: Int, _ run: Run,
    _ header: HeaderForm, _ facts: inout EntryFacts
  ) throws(FormFault) {
    let value: JSONValue
    do throws(JSONFormError) {
      value = try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: body[range]))
    } catch {
      throw FormFault(offset: range.lowerBound + error.offset, expected: "the JSON profile")
    }
    for sealed in try ReservedValues(in: value).sealed {
      check(sealed, event: event, header, &facts)
    }
    guard let governing = try GoverningEvent(run, value) else { return }
    if case .revoked(_, let suspect?) = governing, suspect > facts.position {
      throw FormFault(offset: 0, expected: "suspectFrom, a position up to \(facts.position)")
    }
    if case .registered(let registration) = governing, let key = registration.key {
      keys[key.keyid] = key
      directory.add(key)
    }
    facts.governing.append(governing)
  }

  private func check(
    _ sealed: SealedReference, event: Int, _ header: HeaderForm, _ facts: inout EntryFacts
  ) {
    let place = SealedPlace(
      origin: header.ledger, entry: header.entry, event: event, pointer: sealed.pointer,
      subject: sealed.subject)
    switch answer(place) {
    case .opened(let plaintext):
      let derived = plaintext.withUnsafeBytes { Hashing.sealed(saltAndValue: $0) }
      facts.sealedOpened += 1
      if derived != sealed.commitment {
        facts.find(.sealed, .sealedCommitment(event: event, pointer: sealed.pointer))
      }
    case .missing:
      facts.unopened.append(
        UnopenedValue(
          position: facts.position, event: event, pointer: sealed.pointer, subject: sealed.subject))
    case .notReadable: facts.sealedNotReadable += 1
    }
  }

  private func answer(_ place: SealedPlace) -> SealedAnswer {
    guard hasVault else { return .notReadable }
    do throws(LedgerReadError) {
      return try source.sealed(place)
    } catch {
      readError = error
      return .notReadable
    }
  }
}

/// The two clocks of an entry.
enum ClockRules {
  /// 15 minutes, in microseconds.
  static let skewMax: Int64 = 900_000_000

  /// Both clocks agree to 15 minutes; what is imported late may be any time in the past.
  static func apply(to facts: inout EntryFacts, _ header: HeaderForm) {
    let behind = facts.recorded - header.at
    guard behind < -skewMax || (behind > skewMax && !facts.isLate) else { return }
    facts.find(.clock, .clockSkew(at: header.at, recorded: facts.recorded))
  }
}
