import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Projections

/// The key ring against what the ledger knows of keys, and access that ends.
struct DoctorKeys: Sendable {
  private let session: Session?
  private let time: any TimeSource

  init(_ session: Session?, time: any TimeSource) {
    self.session = session
    self.time = time
  }

  /// Grants that end within this are told of, in milliseconds: 14 days.
  private static let soonMilliseconds = 14 * 86_400_000

  func findings() async -> [DoctorFinding] {
    guard let session, let state = try? await session.state() else {
      return [
        .unknown(
          .keys, "key ring", "the ledger does not open", expected: "every key registered",
          next: "stele verify")
      ]
    }
    let ring = session.keys
    let daily = KeyRing.Name.allCases.compactMap { name in
      name.dailyRole.map { finding(name.rawValue + ".pem", ring.path(name), role: $0, state.keys) }
    }
    return daily + DoctorLogKeys(ring, state.keys).findings() + recoveries(ring, state.keys)
      + others(ring, state.keys)
      + [Self.grants(state.grants.all, now: time.now())]
  }

  /// A recovery key's file, which should not be here at all.
  private func recovery(_ path: String, _ known: Keys) -> DoctorFinding {
    let check = URL(fileURLWithPath: path).lastPathComponent
    let read = finding(check, path, role: .recovery, known)
    guard read.verdict == .ok else { return read }
    return DoctorFinding(
      .keys, check, .warning, "at \(path)", expected: "on another machine",
      next: "scp \(path) OTHER-MACHINE: && shred -u \(path)")
  }

  private func recoveries(_ ring: KeyRing, _ known: Keys) -> [DoctorFinding] {
    let here = ring.recoveryPaths.filter { FileManager.default.fileExists(atPath: $0) }
    guard here.isEmpty else { return here.map { recovery($0, known) } }
    return [
      DoctorFinding(
        .keys, "recovery.pem", .ok, "not on this machine", expected: "on another machine")
    ]
  }

  /// - Parameter role: What it has to be; nil for a file of another name, which nothing needs.
  private func finding(
    _ check: String, _ path: String, role: KeyRole?, _ known: Keys
  ) -> DoctorFinding {
    let wrong: DoctorFinding.Verdict = role == nil ? .warning : .failed
    let expected = "registered\(role.map { " as \($0.rawValue)" } ?? ""), not revoked"
    let keyid: KeyID
    do { keyid = KeyID(bytes: try KeyFile.read(path).publicKey.keyid) } catch {
      return DoctorFinding(
        .keys, check, .failed, "\(error)", expected: expected,
        next: KeyFileError.next(after: error, at: path))
    }
    guard let key = known.byID[keyid] else {
      return DoctorFinding(
        .keys, check, wrong, "\(keyid.hex.prefix(16))… is not registered", expected: expected,
        next: "stele key add --role \((role ?? .actor).rawValue) --key \(path)")
    }
    guard key.revoked == nil, role == nil || key.role == role else {
      let value =
        key.revoked.map { "revoked at entry \($0)" } ?? "registered as \(key.role.rawValue)"
      return DoctorFinding(
        .keys, check, wrong, value, expected: expected,
        next: role == nil ? "shred -u \(path)" : "stele key list")
    }
    return DoctorFinding(
      .keys, check, .ok, "\(keyid.hex.prefix(16))…, \(key.role.rawValue)", expected: expected)
  }

  /// Key files of other names.
  private func others(_ ring: KeyRing, _ known: Keys) -> [DoctorFinding] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: ring.directory)) ?? []
    let own = Set(
      KeyRing.Name.allCases.map(ring.path) + ring.recoveryPaths + ring.previousLogs
        + [ring.nextLog])
    let paths = names.filter { $0.hasSuffix(".pem") }.sorted().map { ring.directory + "/" + $0 }
    return paths.filter { !own.contains($0) }.map { path in
      finding(URL(fileURLWithPath: path).lastPathComponent, path, role: nil, known)
    }
  }

  /// Keys do not expire; grants may.
  static func grants(_ grants: [Grants.Grant], now: Timestamp) -> DoctorFinding {
    let soon = now.adding(milliseconds: soonMilliseconds)
    let ending = grants.filter { $0.until.map { $0 <= soon } ?? false }
    let first = ending.min { ($0.until ?? soon) < ($1.until ?? soon) }
    guard let first, let until = first.until else {
      return DoctorFinding(
        .keys, "expiry", .ok, "\(grants.count) grants, none ends soon; keys do not expire",
        expected: "no grant that ends within 14 days")
    }
    return DoctorFinding(
      .keys, "expiry", .warning,
      "\(first.role.rawValue) of \(first.actor) \(until <= now ? "ended" : "ends") \(until)"
        + (ending.count > 1 ? " and \(ending.count - 1) more" : ""),
      expected: "no grant that ends within 14 days", next: "stele key list")
  }
}

extension KeyRing.Name {
  /// What the key of this name is registered as; nil for the log's, which is looked at by itself,
  /// and for one that belongs elsewhere.
  fileprivate var dailyRole: KeyRole? {
    switch self {
    case .service: .service
    case .administrator: .administrator
    case .actor: .actor
    case .log, .recovery: nil
    }
  }
}
