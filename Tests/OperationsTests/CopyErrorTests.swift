import CanonicalJSON
import Cryptography
import Events
import Testing

@testable import Operations

/// What a refused backup or restore says: what did not happen, and what to type next.
@Suite struct CopyErrorTests {
  private static let root = Digest(bytes: Array(repeating: 0xab, count: 32))

  @Test(arguments: [
    (
      BackupError.exists("/a") as any ExitingError, Operations.ExitStatus.cannotWrite,
      "stele backup /a-2"
    ),
    (BackupError.peopleKeysInside(file: "/a/k", folder: "/a"), .usage, "--people-keys FILE"),
    (BackupError.unsound(position: 4, what: "bad", findings: 2), .integrity, "Entry 4: bad"),
    (BackupError.receipt(size: 4, copied: 3), .integrity, "covers 4 entries, the copy has 3"),
    (BackupError.behind(source: "/a", known: 9, copied: 7), .integrity, "2 are lost"),
    (BackupError.notRecorded(.cannotRead(path: "/k", errno: 2)), .noPermission, "with --key"),
    (RestoreError.keysAreHere("/k"), .usage, "Leave --people-keys out"),
    (RestoreError.keysDamaged("/k"), .integrity, "mv '/k' '/k.damaged'"),
    (RestoreError.notRecorded(.notAFile(path: "/k")), .noPermission, "the copy stays as it is"),
    (
      RestoreError.logKeyMissing(keyid: root), .noPermission, "can be verified and read"
    ),
    (RestoreError.notFound("/a"), .badData, "/a is no file"),
    (RestoreError.unsound(position: 4, what: "bad", findings: 2), .integrity, "Entry 4: bad"),
    (RestoreError.unsigned(size: 4, signed: 3), .integrity, "signed for 3 of them"),
    (RestoreError.receipt(path: "/r", size: 4, copied: 3), .integrity, "/r is of a copy of 4"),
    (RestoreError.newer(path: "/a", here: 4, copied: 3), .cannotWrite, "has 4 entries, the copy 3"),
    (
      RestoreError.lost(source: "/a", known: 9, copied: 7, copy: "/c"), .integrity,
      "stele restore /c --start-incarnation --recovery FILE"
    ),
    (RestoreError.nothingLost(size: 4), .usage, "Leave --start-incarnation out"),
    (
      RestoreError.personalValues(sealed: 2, missing: "people's keys"), .integrity,
      "--without-personal-values"
    ),
  ])
  func `a refusal says what did not happen and what to do`(
    error: any ExitingError, status: Operations.ExitStatus, words: String
  ) {
    #expect(error.exitStatus == status)
    #expect(error.description.contains(words), "\(error.description)")
    #expect(error.description.hasPrefix("No backup was made") || error is RestoreError)
    #expect(error.description.hasPrefix("Nothing was restored") || error is BackupError)
  }

  @Test func `another history is named with both values`() throws {
    let first = try Origin(parsing: "shop/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1")
    let second = try Origin(parsing: "shop/d6e783f2-e0bb-42df-8968-fc88bfaa7910/2")
    let errors: [HistoryError] = [
      .anotherLedger(source: "/a", known: first, copied: second),
      .superseded(source: "/a", known: second, copied: first),
    ]

    for error in errors {
      #expect(error.exitStatus == .integrity)
      for value in ["/a", "\(first)", "\(second)"] { #expect(error.description.contains(value)) }
    }
    let differs = HistoryError.differs(source: "/a", size: 7, known: Self.root, copied: Self.root)
    #expect(differs.description.contains("first 7 entries /a knows the root abab"))
    #expect(RestoreError.notPinned(first).description.contains("--vkey KEY"))
    #expect(RestoreError.noSuccessor(first).exitStatus == .integrity)
    #expect(RestoreError.noSuccessor(first).description.contains("stele init"))
  }
}
