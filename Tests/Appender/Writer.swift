import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import TestKit
import TransparencyLog

/// Signs one entry after the other, every third with a personal value, and appends them.
final class Writer {
  private let ledger: Ledger
  private let environment: EnvironmentName
  private let random = SystemRandom()
  private let time: FixedTime
  private var count = 0

  init(_ name: String, directory: String, observer: any WriteObserver) throws {
    guard let environment = EnvironmentName(rawValue: name) else { exit(64) }
    self.environment = environment
    time = FixedTime(try Timestamp(parsing: TemporaryLedger.start))
    ledger = try Ledger.open(
      directory: directory, secrets: TemporaryLedger.secrets(tombstones: directory + ".erased"),
      time: time, observer: observer)
  }

  /// - Returns: What is said of it.
  func append() throws -> String {
    count += 1
    let isPersonal = count.isMultiple(of: 3)
    let comment = try SealedValue(
      .string("comment \(count)"), of: GoldenKey.approver.owner, random: random)
    let draft = isPersonal ? approval(comment) : .health(environment: environment)
    let key = isPersonal ? GoldenKey.approver : GoldenKey.service
    let (header, body) = try sign(draft, as: key)
    let receipt = try ledger.append(
      SignedEnvelope(header: header, body: body, by: [key], sealed: isPersonal ? [comment] : []))
    return "\(receipt.index) \(header.entry)\n"
  }

  private func approval(_ comment: SealedValue) -> EntryDraft {
    EntryDraft(
      [
        DraftEvent(
          kind: "approval.given.v1",
          data: ["action": "deployment.start", "comment": comment.sealed.json],
          in: .approval(environment), scope: Scope(environment: environment))
      ], expects: [.grant(GoldenKey.approver.owner): 0])
  }

  private func sign(
    _ draft: EntryDraft, as key: GoldenKey
  ) throws -> (header: EntryHeader, body: [UInt8]) {
    let body = try draft.body(salt: random.bytes(Limits.saltBytes)).canonicalBytes()
    let head = try ledger.head()
    guard let origin = head.origin else { exit(65) }
    let header = try draft.header(
      entry: EntryID.make(at: time.now(), random: random.bytes(10)), actor: key.owner,
      at: time.now(), ledger: origin, seen: head.seen,
      body: Digest(bytes: SHA256.hash(EntryBody.digestPrefix + body)),
      nextVersion: { try ledger.version(of: $0) + 1 })
    return (header, body)
  }
}

/// Writes all of it at once: a reader sees whole lines.
func say(_ line: String) {
  FileHandle.standardOutput.write(Data(line.utf8))
}

/// Starts a child in the middle of a write, and never goes on.
struct HoldingWriter: WriteObserver {
  func reached(_ point: WritePoint) {
    var child = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("600"), nil]
    // It gets every descriptor that is not closed on exec, as a careless program's child does.
    guard posix_spawn(&child, "/bin/sleep", nil, nil, &arguments, nil) == 0 else { exit(71) }
    say("\(child)\n")
    while true { pause() }
  }
}
