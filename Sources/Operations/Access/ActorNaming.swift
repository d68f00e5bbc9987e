import CanonicalJSON
import Cryptography
import Events
import Foundation
import Projections

extension LedgerState {
  /// Whom somebody means: by a file with their key, or by the beginning or the end of their id:
  /// tables show the end.
  ///
  /// - Throws: ``AccessWorkError/unknown(_:)`` and ``AccessWorkError/ambiguous(_:_:)``;
  ///   `KeyFileError`.
  package func actor(named word: String, keyAt path: String) throws -> ActorID {
    if FileManager.default.fileExists(atPath: path) {
      let keyid = KeyID(bytes: try KeyFile.read(path).publicKey.keyid)
      guard let key = keys.byID[keyid] else { throw AccessWorkError.unknown(word) }
      return key.owner
    }
    let part = word.lowercased()
    let found = actors.filter { "\($0)".hasPrefix(part) || "\($0)".hasSuffix(part) }.sorted()
    guard let only = found.first, !word.isEmpty else { throw AccessWorkError.unknown(word) }
    guard found.count == 1 else { throw AccessWorkError.ambiguous(word, found) }
    return only
  }
}
