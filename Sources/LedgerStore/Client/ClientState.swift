import CanonicalJSON
import Cryptography
import Events
import Foundation
import TransparencyLog

/// What this client has verified of ledgers, kept where their owner does not write: a ledger that
/// is replaced, shortened or altered afterwards is refused.
///
/// Two small files an origin, named by its SHA-256: the last checkpoint verified, and the verifier
/// key that was pinned, if one was.
package struct ClientState: Sendable {
  private let directory: String

  /// - Parameter directory: `$XDG_STATE_HOME/stele`, made when it is missing.
  package init(directory: String) { self.directory = directory }

  /// Makes the directory, so that what is verified can be remembered.
  ///
  /// - Throws: ``LedgerError/system(operation:path:errno:)``: nothing can be written there.
  package func prepare() throws(LedgerError) {
    try LedgerDirectory.makePath(directory)
    guard access(directory, W_OK | X_OK) == 0 else {
      throw LedgerError.system(operation: "access", path: directory, errno: errno)
    }
  }

  /// The last checkpoint of `origin` that this client verified.
  ///
  /// - Throws: ``LedgerError/clientStateInvalid(path:)``.
  package func checkpoint(of origin: Origin) throws -> Checkpoint? {
    guard let note = try note(of: origin) else { return nil }
    return try Checkpoint(parsing: SignedNote(parsing: note).text)
  }

  /// The same as it was signed.
  ///
  /// - Throws: ``LedgerError/clientStateInvalid(path:)``.
  package func note(of origin: Origin) throws -> String? {
    let path = checkpointFile(of: origin)
    guard let note = try StateFile(path).text() else { return nil }
    guard (try? Checkpoint(parsing: SignedNote(parsing: note).text)) != nil else {
      throw LedgerError.clientStateInvalid(path: path)
    }
    return note
  }

  /// Where the checkpoint of `origin` stands, if one was verified.
  package func checkpointFile(of origin: Origin) -> String { file(of: origin, "checkpoint") }

  /// Compares the ledger with what was verified of it before, and remembers the newest checkpoint.
  ///
  /// - Throws: As ``compare(_:)`` and ``remember(_:)``.
  @discardableResult
  package func check(_ reader: LedgerReader) throws -> [LostEntries] {
    let lost = try compare(reader)
    try remember(reader)
    return lost
  }

  /// Compares the ledger with what was verified of it before.
  ///
  /// - Returns: What of it an incarnation says was lost; kept as evidence, and told each time.
  /// - Throws: ``LedgerError/clientStateDiffers(path:size:verified:actual:)``,
  ///   ``LedgerError/clientStateAhead(path:verified:size:)``,
  ///   ``LedgerError/clientStateBeyondLost(path:verified:named:)``,
  ///   ``LedgerError/pinDiffers(path:pinned:actual:)``, ``LedgerError/pinInvalid(path:)``,
  ///   ``LedgerError/clientStateInvalid(path:)``;
  ///   ``LedgerError/system(operation:path:errno:)``: what is remembered cannot be read.
  package func compare(_ reader: LedgerReader) throws -> [LostEntries] {
    let custody = try reader.custody()
    let verified = try custody.origins.map { ($0, try checkpoint(of: $0)) }
    // The head after what is remembered: others append and remember meanwhile.
    let head = try reader.head()
    return try verified.compactMap { origin, verified in
      try comparePin(custody, origin)
      return try verified.flatMap { try compare(reader, head, custody, $0, of: origin) }
    }
  }

  /// Remembers the newest checkpoint of a ledger that was compared.
  ///
  /// - Throws: ``LedgerError/checkpointForeign(size:)``;
  ///   ``LedgerError/system(operation:path:errno:)``: nothing was remembered.
  package func remember(_ reader: LedgerReader) throws {
    let head = try reader.head()
    let custody = try reader.custody()
    guard let origin = head.origin, let note = head.checkpoint else { return }
    try remember(note, of: origin, custody: custody)
  }

  /// Remembers a checkpoint that is known to be consistent with what was remembered before.
  private func remember(
    _ note: SignedNote, of origin: Origin, custody: LedgerCustody
  ) throws {
    let checkpoint = try Checkpoint(parsing: note.text)
    guard try custody.isSigned(note, as: checkpoint) else {
      throw LedgerError.checkpointForeign(size: checkpoint.size)
    }
    // Several commands end at once: none takes back what another has remembered.
    try LedgerDirectory.makePath(directory)
    try LockedFile.holding(directory + "/lock") { _ in
      guard try self.checkpoint(of: origin)?.size ?? 0 < checkpoint.size else { return }
      try StateFile(checkpointFile(of: origin)).replace(with: note.serialized)
    }
  }

  private func compare(
    _ reader: LedgerReader, _ head: LedgerHead, _ custody: LedgerCustody,
    _ verified: Checkpoint, of origin: Origin
  ) throws -> LostEntries? {
    let path = checkpointFile(of: origin)
    if let end = custody.positions(of: origin)?.upperBound, end < verified.size {
      return try lost(verified, of: origin, from: end, in: reader)
    }
    guard verified.size <= head.size else {
      throw LedgerError.clientStateAhead(path: path, verified: verified.size, size: head.size)
    }
    let actual = try reader.root(ofSize: verified.size)
    guard actual == verified.root else {
      throw LedgerError.clientStateDiffers(
        path: path, size: verified.size, verified: verified.root, actual: actual)
    }
    return nil
  }

  /// What an incarnation gave up it says itself; it must name at least what was verified here.
  private func lost(
    _ verified: Checkpoint, of origin: Origin, from end: Int, in reader: LedgerReader
  ) throws -> LostEntries {
    let path = checkpointFile(of: origin)
    let named = try reader.lostCheckpoint(at: end)
    if let named, named.size < verified.size {
      throw LedgerError.clientStateBeyondLost(
        path: path, verified: verified.size, named: named.size)
    }
    if let named, named.size == verified.size, named.root != verified.root {
      throw LedgerError.clientStateDiffers(
        path: path, size: verified.size, verified: verified.root, actual: named.root)
    }
    return LostEntries(
      origin: origin, positions: end..<verified.size, namedSize: named?.size, saidAt: end)
  }

  private func file(of origin: Origin, _ suffix: String) -> String {
    let name = Hex.encode(SHA256.hash(Array(origin.description.utf8)))
    return "\(directory)/\(name).\(suffix)"
  }
}

// Pinning.
extension ClientState {
  /// Trusts only ledgers whose log had this key at some time under this origin.
  ///
  /// - Parameter key: As `stele key list` shows it, got by another way than the ledger.
  package func pin(_ key: VerifierKey, for origin: Origin) throws {
    try StateFile(file(of: origin, "pin")).replace(with: key.text)
  }

  /// The pinned verifier key's text; nil when none was.
  ///
  /// - Throws: ``LedgerError/pinInvalid(path:)``;
  ///   ``LedgerError/system(operation:path:errno:)``: there is one and it cannot be read.
  package func pin(for origin: Origin) throws(LedgerError) -> String? {
    let path = file(of: origin, "pin")
    guard let text = try StateFile(path).text() else { return nil }
    guard (try? VerifierKey(parsing: text, using: LibcryptoHashing())) != nil else {
      throw .pinInvalid(path: path)
    }
    return text
  }

  private func comparePin(_ custody: LedgerCustody, _ origin: Origin) throws {
    guard let pinned = try pin(for: origin) else { return }
    let known = try custody.verifierKeys().map(\.text)
    guard known.contains(pinned) else {
      throw LedgerError.pinDiffers(
        path: file(of: origin, "pin"), pinned: pinned, actual: known.last ?? "none")
    }
  }
}
