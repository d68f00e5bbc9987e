import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore

/// The files of the log's keys: `log.pem` signs now, `log-next.pem` is on its way to that, and each
/// key before has one named by its id.
///
/// Those before are kept: a copy that was made while one of them was valid goes on with it, as the
/// next incarnation.
extension KeyRing {
  /// The new log key before it is `log.pem`.
  var nextLog: String { directory + "/log-next.pem" }

  /// What a log key's file is called once another one signs.
  func previousLog(_ keyid: KeyID) -> String { "\(directory)/log-\(keyid.hex).pem" }

  /// The keys before, as far as they are here. `log-previous.pem` is what the last of them was
  /// called when no other was kept.
  var previousLogs: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter(Self.isPreviousLog).sorted().map { directory + "/" + $0 }
  }

  private static func isPreviousLog(_ name: String) -> Bool {
    guard name.hasPrefix("log-"), name.hasSuffix(".pem") else { return false }
    let middle = String(name.dropFirst("log-".count).dropLast(".pem".count))
    return middle == "previous" || KeyID(hex: middle) != nil
  }

  /// Every file of a log key that is here.
  private var logKeyPaths: [String] {
    [path(.log), nextLog].filter { FileManager.default.fileExists(atPath: $0) } + previousLogs
  }

  /// The log's key, and those before and after it. Of these others one that is not safe to use is
  /// not used; nothing that is signed now needs it.
  ///
  /// - Throws: `KeyFileError` when there is none, or when the log's own is damaged, somebody else's
  ///   or readable by others.
  func logKeys() throws(KeyFileError) -> [SigningKey] {
    let others = logKeyPaths.filter { $0 != path(.log) }.compactMap { try? KeyFile.read($0) }
    guard !others.isEmpty, !FileManager.default.fileExists(atPath: path(.log)) else {
      return [try KeyFile.read(path(.log))] + others
    }
    return others
  }

  /// The log key with this id, whatever its file is called; nil when it is not at hand.
  ///
  /// - Throws: As ``logKeys()``.
  func logKey(_ keyid: KeyID) throws(KeyFileError) -> SigningKey? {
    guard !logKeyPaths.isEmpty else { return nil }
    return try logKeys().first { KeyID(bytes: $0.publicKey.keyid) == keyid }
  }

  /// `log.pem` is named by its id, and `log-next.pem` takes its name.
  func promoteNextLogKey() throws {
    if FileManager.default.fileExists(atPath: path(.log)) {
      let keyid = KeyID(bytes: try key(.log).publicKey.keyid)
      try move(path(.log), to: previousLog(keyid))
    }
    try move(nextLog, to: path(.log))
  }

  private func move(_ path: String, to name: String) throws {
    guard rename(path, name) == 0 else {
      throw LedgerError.system(operation: "rename", path: path, errno: errno)
    }
  }
}
