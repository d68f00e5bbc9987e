import CanonicalJSON
import Cryptography
import Events
import Foundation
import Projections

/// The log's key, and those before and after it: only a rotation changes which one it is.
struct DoctorLogKeys {
  private let ring: KeyRing
  private let known: Keys

  init(_ ring: KeyRing, _ known: Keys) {
    self.ring = ring
    self.known = known
  }

  func findings() -> [DoctorFinding] {
    let isOnItsWay = FileManager.default.fileExists(atPath: ring.nextLog)
    return [current] + (isOnItsWay ? [next] : []) + ring.previousLogs.map(previous)
  }

  /// What a file holds, as far as it can be read.
  private enum Held {
    case unreadable(any Error)
    case unknown(KeyID)
    case registered(Keys.Key)
  }

  private func held(_ path: String) -> Held {
    do {
      let keyid = KeyID(bytes: try KeyFile.read(path).publicKey.keyid)
      return known.byID[keyid].map(Held.registered) ?? .unknown(keyid)
    } catch {
      return .unreadable(error)
    }
  }

  private func finding(
    _ path: String, _ verdict: DoctorFinding.Verdict, _ value: String, expected: String,
    next: String? = nil
  ) -> DoctorFinding {
    DoctorFinding(
      .keys, URL(fileURLWithPath: path).lastPathComponent, verdict, value, expected: expected,
      next: next)
  }

  private var current: DoctorFinding {
    let path = ring.path(.log)
    let expected = "registered as log, not revoked"
    switch held(path) {
    case .registered(let key) where key.role == .log && key.isValid:
      return finding(path, .ok, "\(key.keyid.short), log", expected: expected)
    case .registered(let key):
      return finding(path, .failed, key.standing, expected: expected, next: replacement)
    case .unknown(let keyid):
      return finding(
        path, .failed, "\(keyid.short) is not registered", expected: expected, next: replacement)
    case .unreadable(KeyFileError.cannotRead(_, ENOENT)):
      return finding(path, .failed, "it does not exist", expected: expected, next: replacement)
    case .unreadable(let error):
      return finding(
        path, .failed, "\(error)", expected: expected,
        next: KeyFileError.next(after: error, at: path))
    }
  }

  /// What puts the log's key in its place again: it is here under another name, or it is lost.
  private var replacement: String {
    let valid = known.all.last { $0.role == .log && $0.isValid }
    let isAtHand = (try? valid.flatMap { try ring.logKey($0.keyid) }) != nil
    return isAtHand
      ? "stele key rotate-log" : "stele key rotate-log --log-key-lost --recovery FILE"
  }

  private var next: DoctorFinding {
    let path = ring.nextLog
    let expected = "none but while the log's key is rotated"
    switch held(path) {
    case .unknown:
      return finding(
        path, .warning, "of a rotation that stopped before its entry", expected: expected,
        next: "stele key rotate-log")
    case .registered(let key) where key.role == .log && key.isValid:
      return finding(
        path, .warning, "of a rotation that stopped after its entry", expected: expected,
        next: "stele key rotate-log")
    case .registered(let key):
      return finding(
        path, .warning, "\(key.standing): it cannot become the log's", expected: expected,
        next: "mv \(path) \(path).unused")
    case .unreadable(let error):
      return finding(
        path, .failed, "\(error)", expected: expected,
        next: KeyFileError.next(after: error, at: path))
    }
  }

  private func previous(_ path: String) -> DoctorFinding {
    let expected = "a log key of before: older copies go on with it"
    switch held(path) {
    case .registered(let key) where key.role == .log:
      return finding(path, .ok, key.standing, expected: expected)
    case .registered(let key):
      return finding(
        path, .warning, key.standing, expected: expected, next: "mv \(path) \(path).unused")
    case .unknown:
      // Of entries that a restore has given up: another copy may still go on with it.
      return finding(path, .ok, "not registered in this ledger", expected: expected)
    case .unreadable(let error):
      return finding(
        path, .failed, "\(error)", expected: expected,
        next: KeyFileError.next(after: error, at: path))
    }
  }
}

extension Keys.Key {
  fileprivate var standing: String {
    revoked.map { "revoked at entry \($0)" } ?? "registered as \(role.rawValue)"
  }
}

extension KeyFileError {
  /// What to type where a key's file could not be used: bytes that are no key stand in the way of
  /// what goes on without one.
  static func next(after error: any Error, at path: String) -> String {
    let isDamage = (error as? KeyFileError)?.isDamage == true
    return isDamage ? "mv \(path) \(path).damaged" : "ls -l \(path)"
  }
}

extension KeyID {
  fileprivate var short: String { "\(hex.prefix(16))…" }
}
