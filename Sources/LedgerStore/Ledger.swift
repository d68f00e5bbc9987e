import CanonicalJSON
import Cryptography
import Events
import Foundation
import Synchronization
import TransparencyLog

/// A ledger in a directory: appends signed entries, and reads them.
///
/// Any number of processes may have it open. One at a time appends, for the length of a
/// transaction; readers never wait. Methods block while the disk works.
package final class Ledger: Sendable {
  /// What a ledger is opened for.
  package enum Purpose: Hashable, Sendable {
    case reading
    case appending
    /// Entries were lost, and the anchor knows it: only `ledger.incarnation_started` is accepted,
    /// and everything after it.
    case startingIncarnation
  }

  package let directory: LedgerDirectory
  /// What it was opened for.
  package let purpose: Purpose
  let environment: LedgerEnvironment
  /// Holds nothing when opened for reading.
  /// Of the database, from before it was opened.
  private let identity: FileIdentity?
  private let writer: Mutex<LedgerWriter?>
  private let reader: Mutex<LedgerReader>
  let window: Mutex<VaultWindow>

  private init(
    _ environment: LedgerEnvironment, purpose: Purpose
  ) throws {
    self.environment = environment
    self.purpose = purpose
    directory = environment.directory
    identity = FileIdentity(path: directory.database)
    // The anchor before the database: another process may append in between, and an anchor never
    // leads what is read after it.
    let anchor = try environment.anchor.read(2 * AnchorSlot.byteCount)
    let slot = anchor.flatMap { AnchorSlot.all(in: $0).first }
    // Opening makes the log anew: whether it was there is asked before.
    let missingLog = directory.hasLog ? nil : directory.log
    let opened = try LedgerReader(directory)
    let check = AnchorCheck(
      slot, path: directory.anchor, exists: anchor != nil, missingLog: missingLog)
    let refusal = try check.refusal(by: opened.state)
    if let refusal, purpose != .startingIncarnation { throw refusal }
    writer = Mutex(
      purpose == .reading
        ? nil : try LedgerWriter(environment, refusal: refusal, anchored: slot?.note))
    reader = Mutex(opened)
    window = Mutex(VaultWindow(environment))
  }

  deinit { try? close() }

  /// Makes an empty ledger; the first envelope appended must be its genesis.
  ///
  /// Commit point: the last of three schemas. A failure before leaves nothing, a crash leaves files
  /// that ``open(directory:for:secrets:time:random:observer:anchor:)`` refuses; delete the directory
  /// then.
  ///
  /// - Throws: ``LedgerError/exists(path:)`` when there is one.
  package static func create(
    directory path: String, secrets: LedgerSecrets = LedgerSecrets(),
    time: any TimeSource = SystemTime(), random: any RandomSource = SystemRandom(),
    observer: any WriteObserver = UnobservedWrites(), anchor: (any AnchorStorage)? = nil
  ) throws -> Ledger {
    let directory = LedgerDirectory(path)
    try directory.create()
    do {
      for (file, schema) in [
        (directory.vaultKeys, Schema.vaultKeys), (directory.vault, .vault),
        (directory.database, .ledger),
      ] {
        try schema.create(on: Connection(path: file, access: .writing))
      }
      try directory.sync()
    } catch {
      directory.discard()
      throw error
    }
    return try open(
      directory: path, secrets: secrets, time: time, random: random, observer: observer,
      anchor: anchor)
  }

  /// Opens the ledger in `path`; reads only its right edge and governing entries, whatever its
  /// size.
  ///
  /// - Throws: ``LedgerError``: settings, schema or anchor are not as they should be.
  package static func open(
    directory path: String, for purpose: Purpose = .appending,
    secrets: LedgerSecrets = LedgerSecrets(), time: any TimeSource = SystemTime(),
    random: any RandomSource = SystemRandom(), observer: any WriteObserver = UnobservedWrites(),
    anchor: (any AnchorStorage)? = nil
  ) throws -> Ledger {
    let directory = LedgerDirectory(path)
    return try Ledger(
      LedgerEnvironment(
        directory: directory, secrets: secrets, time: time, random: random, observer: observer,
        anchor: anchor ?? AnchorFile(in: directory)),
      purpose: purpose)
  }

  /// Makes the anchor durable. Whatever was appended is durable already.
  package func close() throws {
    try writer.withLock { try $0?.close() }
  }
}

extension Ledger {
  /// Records `envelope`, durable when this returns.
  ///
  /// - Throws: ``AppendError`` when it is refused, ``LedgerError`` when nothing can be recorded.
  package func append(_ envelope: SignedEnvelope) throws -> Receipt {
    try append([envelope])[0].get()
  }

  /// Records each envelope that is in order, all in one transaction; one that is not fails alone.
  ///
  /// - Returns: One result an envelope, in their order.
  /// - Throws: ``LedgerError`` when nothing can be recorded.
  package func append(
    _ envelopes: [SignedEnvelope]
  ) throws -> [Result<Receipt, AppendError>] {
    try writing { try $0.append(envelopes) }
  }

  /// Reads through the ledger's own reader; others wait meanwhile.
  package func read<Result: Sendable>(
    _ work: (LedgerReader) throws -> Result
  ) throws -> Result {
    try reader.withLock { try work($0) }
  }

  /// A reader of one's own, to read for long or in parallel.
  package func makeReader() throws -> LedgerReader { try LedgerReader(directory) }

  package func head() throws -> LedgerHead { try read { try $0.head() } }

  /// For who has it open for long, before what is read here is acted upon: after a restore a reader
  /// goes on with the file that was replaced.
  ///
  /// - Throws: ``LedgerError/fileReplaced(path:)`` when another file has taken its place.
  package func demandInPlace() throws(LedgerError) {
    guard FileIdentity(path: directory.database) == identity else {
      throw .fileReplaced(path: directory.database)
    }
  }

  /// The version of the stream's newest event; 0 for a stream that does not exist.
  package func version(of stream: StreamName) throws -> Int {
    try read { try $0.version(of: stream) }
  }

  func writing<Result: Sendable>(_ work: (LedgerWriter) throws -> Result) throws -> Result {
    try writer.withLock { writer in
      guard let writer else { throw LedgerError.readOnly(path: directory.database) }
      return try work(writer)
    }
  }
}
