import CanonicalJSON
import Crypto
import Foundation

/// `vault.sqlite` and `vault-keys.sqlite`, opened with the key that wraps the people's keys.
///
/// A value that is not there, whose person has no key, or that does not open gives the same answer:
/// an erasure looks like that, and only the ledger can say whether it was one.
final class VaultFiles: Sendable {
  private let values: SQLitePool
  private let people: SQLitePool
  private let key: SymmetricKey

  /// - Parameter people: The directory with the people's keys, where it is another one.
  init(directory: String, people: String? = nil, key: [UInt8]) {
    values = SQLitePool(directory + "/vault.sqlite")
    self.people = SQLitePool((people ?? directory) + "/vault-keys.sqlite")
    self.key = SymmetricKey(data: key)
  }

  /// Whether the key opens any of the people's keys, or there is nobody whose key it could open.
  ///
  /// With another vault's key everything would look erased, and nothing would have been found out.
  func fits() throws(LedgerReadError) -> Bool {
    guard [values, people].allSatisfy({ FileManager.default.fileExists(atPath: $0.file) }) else {
      return false
    }
    return try people.withReader { reader throws(LedgerReadError) in
      var (any, fits) = (false, false)
      try reader.query("SELECT subject, wrapped FROM person") { row in
        any = true
        if let subject = Identifier(bytes: Array(row.bytes(0))) {
          fits =
            VaultFiles.open(Array(row.bytes(1)), key, VaultFiles.wrapping(subject)) != nil
        }
        return !fits
      }
      return fits || !any
    }
  }

  func open(_ place: SealedPlace) throws(LedgerReadError) -> SealedAnswer {
    guard let ciphertext = try ciphertext(place), let key = try personKey(place.subject),
      let opened = VaultFiles.open(ciphertext, key, place.associatedData)
    else { return .missing }
    return .opened(opened)
  }

  private func ciphertext(_ place: SealedPlace) throws(LedgerReadError) -> [UInt8]? {
    try values.withReader { reader throws(LedgerReadError) in
      try VaultFiles.blob(
        reader,
        """
        SELECT ciphertext FROM sealed
        WHERE entry = ? AND event = ? AND pointer = ? AND subject = ?
        """,
        [
          .blob(place.entry.bytes), .integer(place.event), .text(place.pointer),
          .blob(place.subject.bytes),
        ])
    }
  }

  /// A person's key, unwrapped: its row is nonce ‖ ciphertext ‖ tag, bound to the person by its id.
  private func personKey(_ subject: Identifier) throws(LedgerReadError) -> SymmetricKey? {
    let wrapped = try people.withReader { reader throws(LedgerReadError) in
      try VaultFiles.blob(
        reader, "SELECT wrapped FROM person WHERE subject = ?", [.blob(subject.bytes)])
    }
    return wrapped.flatMap { VaultFiles.open($0, key, VaultFiles.wrapping(subject)) }
      .map { SymmetricKey(data: $0) }
  }

  /// What a wrapped key is bound to.
  static func wrapping(_ subject: Identifier) -> [UInt8] {
    Array("stele/person-key/v1\0\(subject)".utf8)
  }

  private static func blob(
    _ reader: SQLiteReader, _ sql: String, _ parameters: [SQLiteParameter]
  ) throws(LedgerReadError) -> [UInt8]? {
    var found: [UInt8]?
    try reader.query(sql, parameters) {
      found = Array($0.bytes(0))
      return false
    }
    return found
  }

  /// Opens nonce(12) ‖ ciphertext ‖ tag(16) of AES-256-GCM.
  static func open(_ combined: [UInt8], _ key: SymmetricKey, _ associated: [UInt8]) -> [UInt8]? {
    guard let box = try? AES.GCM.SealedBox(combined: combined),
      let plaintext = try? AES.GCM.open(box, using: key, authenticating: associated)
    else { return nil }
    return Array(plaintext)
  }
}

extension SealedPlace {
  /// Origin ‖ 0 ‖ entry ‖ 0 ‖ decimal index into `data` ‖ 0 ‖ pointer.
  var associatedData: [UInt8] {
    Array("\(origin)\0\(entry)\0\(event)\0\(pointer)".utf8)
  }
}
