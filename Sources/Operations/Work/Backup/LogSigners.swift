import Cryptography
import Foundation
import LedgerStore
import TransparencyLog

/// The keys of which it is known that they sign for a log: those that a copy of the ledger has,
/// those of the ring on this machine, and the one that was pinned.
///
/// A checkpoint beside a database is a file that anybody may have written. One that none of these
/// has signed says nothing of what was lost.
struct LogSigners {
  /// Raw public keys.
  private var keys: Set<[UInt8]> = []

  /// - Throws: `LedgerError` when the copy cannot be read.
  init(_ copy: LedgerDirectory, ring: KeyRing, pinned: String) throws {
    for verifier in try copy.reading({ try $0.custody().verifierKeys() }) {
      keys.insert(verifier.key)
    }
    if let pinned = try? VerifierKey(parsing: pinned, using: LibcryptoHashing()) {
      keys.insert(pinned.key)
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: ring.directory)) ?? []
    for name in names where name.hasPrefix("log") && name.hasSuffix(".pem") {
      // What cannot be read has signed nothing that could be told from a forgery.
      guard let key = try? KeyFile.read(ring.directory + "/" + name) else { continue }
      keys.insert(key.publicKey.raw)
    }
  }

  func haveSigned(_ note: String) -> Bool {
    guard let signed = try? SignedNote(parsing: note),
      let checkpoint = try? Checkpoint(parsing: signed.text)
    else { return false }
    return keys.contains { raw in
      guard let key = try? PublicKey(raw: raw),
        let verifier = try? VerifierKey(
          name: checkpoint.origin, algorithm: .ed25519, key: raw, using: LibcryptoHashing())
      else { return false }
      let answer: Void? = try? signed.requireSignature(by: verifier) {
        key.isValid(signature: $1, for: $2)
      }
      return answer != nil
    }
  }
}
