import CanonicalJSON
import Events
import TestKit
import Testing

@testable import LedgerStore

/// Errors say what did not happen, the values that disagree, and what to do next.
@Suite struct ErrorWordsTests {
  static let digest = Digest(bytes: Array(repeating: 0xAB, count: 32))
  static let other = Digest(bytes: Array(repeating: 0xCD, count: 32))
  static let hex = String(repeating: "ab", count: 32)

  static let ledger: [(error: LedgerError, words: [String])] = [
    (.notFound(path: "/p"), ["/p", "stele doctor"]),
    (.notFound(path: "/s/ledger.sqlite"), ["/s/ledger.sqlite", "stele init", "stele restore"]),
    (.notFound(path: "/s/vault.sqlite"), ["/s/vault.sqlite", "stele restore COPY"]),
    (.notFound(path: "/s/vault-keys.sqlite"), ["/s/vault-keys.sqlite", "--people-keys FILE"]),
    (.notFound(path: "/k/vault.key"), ["/k/vault.key", "your copy of the key ring"]),
    (.notFound(path: "/k/snapshot.key"), ["/k/snapshot.key", "your copy of the key ring"]),
    (.exists(path: "/p"), ["Nothing was created", "/p"]),
    (.system(operation: "write", path: "/p", errno: 28), ["write of /p", "No space", "28"]),
    (.system(operation: "open", path: "/p", errno: 13), ["open of /p", "ls -ld /p", "owner"]),
    (.system(operation: "open", path: "/p", errno: 20), ["open of /p", "ls -ld /p"]),
    (
      .database(path: "/p", code: 11, message: "malformed"),
      ["/p", "malformed", "(11)", "stele restore"]
    ),
    (.database(path: "/p", code: 13, message: "full"), ["Nothing more", "full (13)", "df -h /p"]),
    (.database(path: "/p", code: 8, message: "readonly"), ["Nothing was recorded", "ls -l /p"]),
    (.database(path: "/p", code: 14, message: "unable"), ["Nothing was opened", "unable (14)"]),
    (.database(path: "/p", code: 5, message: "locked"), ["another process holds /p", "(5)"]),
    (.database(path: "/p", code: 778, message: "disk I/O error"), ["disk failed /p", "(778)"]),
    (.foreignFile(path: "/p", expected: 7, actual: 3), ["/p", "application 3", "names 7"]),
    (.syncFailed(path: "/p", errno: 5), ["/p may be lost", "(5)", "not recorded twice"]),
    (.writingEnded(path: "/p"), ["Nothing was recorded", "sync of /p", "Open the ledger again"]),
    (
      .settingRefused(path: "/p", setting: "synchronous", expected: "2", actual: "1"),
      ["synchronous = 1", "demands 2"]
    ),
    (.schemaNewer(path: "/p", known: 1, found: 3), ["schema 3", "knows 1"]),
    (
      .migrationDiffers(path: "/p", number: 1, expected: "aa", actual: "bb"),
      ["migration 1", "was bb", "has aa"]
    ),
    (.schemaDiffers(path: "/p", expected: "aa", actual: "bb"), ["is bb", "expected aa"]),
    (.notOurs(path: "/p"), ["/p", "no regular file"]),
    (.modeTooOpen(path: "/p", mode: 0o640), ["mode 0640", "chmod 600 /p"]),
    (.secretLength(path: "/p", bytes: 31), ["31 bytes", "32"]),
    (.vaultLocked(path: "/p"), ["Nothing was sealed or revealed", "/p", "vault.key"]),
    (.writerBusy(path: "/p", milliseconds: 9), ["9 ms", "lsof /p"]),
    (.fileReplaced(path: "/p"), ["Nothing more was recorded", "another file"]),
    (.readOnly(path: "/p"), ["Nothing was recorded", "for reading"]),
    (.logKeyMissing(keyid: digest), [hex, "Nothing was recorded"]),
    (.anchorMissing(path: "/p", size: 7), ["7 entries", "no anchor at /p", "stele restore"]),
    (.anchorInvalid(path: "/p", size: 7), ["7 entries", "/p", "stele verify"]),
    (.anchorAhead(path: "/p", anchored: 9, size: 7), ["seen 9", "holds 7", "2 were lost"]),
    (
      .logMissing(path: "/p", anchored: 9, size: 7),
      ["/p, which", "seen 9", "holds 7", "stele restore"]
    ),
    (
      .anchorDisagrees(path: "/p", size: 7, anchored: digest, actual: other),
      ["first 7", hex, other.hex]
    ),
    (.notWritable(path: "/p", errno: 13), ["/p cannot be written", "ls -l /p", "chmod u+w /p"]),
    (.anchorNotWritten(path: "/p", errno: 28), ["Appending stopped", "No space"]),
    (.rowDamaged(position: 5, detail: "it is missing"), ["Entry 5", "it is missing"]),
    (.tileMissing(level: 1, index: 2), ["tile 1/2", "stele verify"]),
    (.positionOutside(position: 9, size: 7), ["no entry 9", "has 7"]),
    (.notSealed(position: 4, pointer: "/a"), ["entry 4", "/a"]),
    (.sealedDiffers(position: 4, pointer: "/a"), ["Nothing was revealed", "/a of entry 4"]),
    (.checkpointForeign(size: 7), ["Nothing was kept", "7 entries"]),
    (.checkpointDamaged(detail: "No note."), ["No note.", "stele verify", "stele restore"]),
    (.vaultBehind(path: "/p", position: 7), ["position 7", "/p", "stele restore"]),
    (.tombstoneInvalid(path: "/p", line: 3), ["line 3 of /p", "stele log --kind"]),
    (.erasureForged(path: "/p", people: 2), ["/p says", "2 people", "--people-keys"]),
    (.erasureUndone(path: "/p", people: 2), ["2 people", "/p has again", "--vault-only"]),
    (.directoryBusy(path: "/p"), ["Nothing was done", "lsof /p", "try again"]),
    (.changedMeanwhile(path: "/p"), ["/p has changed", "stele status"]),
    (
      .clientStateDiffers(path: "/p", size: 7, verified: digest, actual: other),
      [hex, other.hex, "Keep /p"]
    ),
    (.clientStateAhead(path: "/p", verified: 9, size: 7), ["verified 9", "has 7"]),
    (.clientStateInvalid(path: "/p"), ["/p holds no checkpoint"]),
    (.pinInvalid(path: "/p"), ["/p holds no verifier key", "stele verify"]),
    (.pinDiffers(path: "/p", pinned: "x", actual: "y"), ["is x", "is y"]),
  ]

  @Test func `every error of a ledger names its values and a next step`() {
    for (error, words) in Self.ledger {
      for word in words { #expect(error.description.contains(word), "\(error)") }
      #expect(error.description.hasSuffix("."))
    }
  }

  static let append: [(error: AppendError, words: [String])] = [
    (.form(.lineTooLong(bytes: 70_000)), ["70000"]),
    (.entryReused(entry, first: 4), ["\(entry)", "position 4", "stele show 4"]),
    (.ledgerMismatch(named: second, valid: origin), ["\(second)", "\(origin)"]),
    (.genesisMissing(kind: "health.checked.v1"), ["health.checked.v1", "stele init"]),
    (.genesisRepeated, ["begun already"]),
    (.bodyDigest(signed: digest, derived: other), [hex, other.hex]),
    (.recordedBackwards(recorded: .earliest, previous: .latest), ["1970", "9999", "clock"]),
    (.signatureInvalid(digest), [hex, "does not verify"]),
    (.keyUnknown(digest), [hex, "stele key add"]),
    (.keyNotValid(digest, registered: 3, revoked: 9), ["after position 3 and up to 9"]),
    (.keyNotValid(digest, registered: 3, revoked: nil), ["after position 3, not here"]),
    (.actorUnsigned(GoldenKey.deployer.owner), ["\(GoldenKey.deployer.owner)", "key list"]),
    (
      .kindRole("key.registered.v1", roles: [.recovery, .administrator]),
      ["key.registered.v1", "administrator or recovery"]
    ),
    (.keyRepeated(digest, registered: 3), [hex, "position 3"]),
    (.keyWeak(digest), [hex, "anybody"]),
    (.registrationUnsigned(digest), [hex, "did not sign"]),
    (.logKeyUnpaired(digest), [hex, "none or two"]),
    (.quorumMissing(signed: 1, needed: 2), ["1 of the 2"]),
    (
      .incarnationMismatch(
        named: Seen(root: digest, size: 1), actual: Seen(root: other, size: 2)),
      [hex, other.hex, "1 entries", "has 2"]
    ),
    (.retentionForbidden(.permanent, first: 1, last: 2), ["permanent", "1 to 2"]),
    (.seenAhead(size: 9, actual: 7), ["seen 9", "has 7"]),
    (.seenRoot(size: 9, named: digest, actual: other), ["9 entries", hex, other.hex]),
    (.becauseUnknown(entry), ["\(entry)", "stele log"]),
    (.expectsMismatch("grant/x", expected: 1, actual: 2), ["at version 2", "decided at 1"]),
    (
      .streamScope("release/a.b", was: Scope(application: "a"), named: Scope(application: "c")),
      ["release/a.b", "a in no environment", "c in no environment"]
    ),
    (.versionNotNext("release/a.b", expected: 1, actual: 2), ["at version 2", "decided at 1"]),
    (.sealedMissing(event: 3, pointer: "/a"), ["/a of event 3"]),
    (.subjectErased(GoldenKey.deployer.owner), ["\(GoldenKey.deployer.owner)", "erased"]),
  ]

  static let entry = EntryID.make(at: .earliest, random: Array(repeating: 1, count: 10))
  static let origin =
    Origin(
      name: "a", log: Origin.makeLog(random: Array(repeating: 1, count: 16)), incarnation: 1)
    ?? second
  static let second: Origin = {
    let log = Origin.makeLog(random: Array(repeating: 1, count: 16))
    guard let origin = Origin(name: "a", log: log, incarnation: 2) else {
      preconditionFailure("an origin")
    }
    return origin
  }()

  @Test func `every refusal names its values and has the code of its case`() {
    for (error, words) in Self.append {
      #expect(error.description.hasPrefix("Nothing was recorded: "))
      for word in words { #expect(error.description.contains(word), "\(error)") }
      if case .form(let form) = error {
        #expect(error.code == form.code)
      } else {
        let label = Mirror(reflecting: error).children.first?.label ?? "genesisRepeated"
        #expect(error.code == label)
      }
    }
  }
}
