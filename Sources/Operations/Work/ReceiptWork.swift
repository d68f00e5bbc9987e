import Events
import Foundation
import LedgerStore
import Projections
import TransparencyLog
import Verification

/// `stele verify RECEIPT`: offline, with whatever keys are at hand.
package struct ReceiptWork: Sendable {
  private let variables: [String: String]

  package init(variables: [String: String]) { self.variables = variables }

  /// - Parameters:
  ///   - path: Absolute.
  ///   - vkey: The log's key as the caller knows it; nil for the one pinned here, if any.
  ///   - session: A ledger at hand, whose registered keys may recognise signers and witnesses; nil
  ///     for none.
  /// - Throws: ``ReceiptFileError`` when there is nothing to read; `ReceiptError` when it is no
  ///   receipt or proves nothing; `LedgerError` when what was pinned cannot be read.
  package func verify(
    fileAt path: String, vkey: VerifierKey?, session: Session?
  ) async throws -> ReceiptReport {
    let text = try read(path)
    let keys = try await session?.state().keys.all ?? []
    let logKey = try vkey?.text ?? pinned(for: text)
    return try ReceiptVerifier(
      logKeys: logKey.map { [$0] } ?? [],
      signerKeys: keys.filter { Self.counts($0, in: text, isLogKnown: logKey != nil) }
        .map(\.spki.spki),
      witnessKeys: keys.filter(\.isValid).compactMap(\.witnessKey?.text)
    ).verify(text)
  }

  /// Who has a revoked key is not known: what it signed before its revocation counts only where the
  /// log's own signature says that it was before.
  private static func counts(_ key: Keys.Key, in text: String, isLogKnown: Bool) -> Bool {
    guard !key.isValid else { return true }
    guard isLogKnown, let receipt = try? Receipt(parsing: text) else { return false }
    return key.signs(receipt.index)
  }

  private func read(_ path: String) throws(ReceiptFileError) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw .unreadable(path: path)
    }
    // One byte more than a receipt may have, so that a longer file is refused as one.
    guard let data = try? file.read(upToCount: Receipt.byteCountMax + 1),
      let text = String(validating: data, as: UTF8.self)
    else { throw .unreadable(path: path) }
    return text
  }

  /// What this client has pinned for the ledger that the receipt says it is of.
  private func pinned(for text: String) throws -> String? {
    guard let receipt = try? Receipt(parsing: text),
      let checkpoint = try? Checkpoint(parsing: receipt.note.text),
      let origin = try? Origin(parsing: checkpoint.origin)
    else { return nil }
    return try ClientState(directory: KeyRing.stateDirectory(variables: variables)).pin(for: origin)
  }
}

extension Keys.Key {
  /// A witness's key as notes know it; nil for every other.
  fileprivate var witnessKey: VerifierKey? {
    guard role == .witness, let name = registration.name else { return nil }
    return try? VerifierKey(
      name: name.text, algorithm: .cosignature, key: Array(spki.spki.suffix(32)),
      using: LibcryptoHashing())
  }
}

/// Why a receipt was not read.
package enum ReceiptFileError: ExitingError, Equatable {
  case unreadable(path: String)

  package var exitStatus: ExitStatus { .badData }

  package var description: String {
    switch self {
    case .unreadable(let path):
      """
      Nothing was verified: \(path) is not a text that can be read.
      Get a receipt with `stele show POSITION --receipt > FILE`.
      """
    }
  }
}

extension ReceiptError: ExitingError {
  /// What is no receipt at all is bad data; one that is altered does not hold together.
  package var exitStatus: ExitStatus {
    switch self {
    case .form, .lineMissing: .badData
    case .entry, .originMismatch, .proofInvalid, .checkpointSignature: .integrity
    }
  }
}
