import CanonicalJSON
import Testing
import TransparencyLog

@testable import Verification

/// A ledger held to what was remembered of it.
@Suite struct CheckpointFollowerTests {
  private func checkpoint(_ size: Int, root: Digest? = nil) throws -> Checkpoint {
    let golden = try #require(Digest(hex: GoldenFile.shared.entries[size - 1].rootAfter))
    return try Checkpoint(origin: LedgerForge.origin, size: size, root: root ?? golden)
  }

  @Test(arguments: 1...12)
  func `a ledger that only grew is followed`(size: Int) throws {
    let follower = CheckpointFollower(remembered: try checkpoint(size))
    for now in size...12 {
      try follower.follow(checkpoint(now), in: MemoryLedger.golden)
    }
  }

  @Test func `a shrunken ledger is refused with both sizes`() throws {
    let follower = CheckpointFollower(remembered: try checkpoint(12))
    let error = #expect(throws: FollowError.shrunken(remembered: 12, now: 7)) {
      try follower.follow(checkpoint(7), in: MemoryLedger.golden)
    }
    #expect(error?.description.contains("12 entries were verified before, and only 7") == true)
  }

  @Test func `another history is refused with both roots`() throws {
    let other = Hashing.emptyRoot
    for size in [5, 12] {
      let follower = CheckpointFollower(remembered: try checkpoint(size, root: other))
      let now = try checkpoint(12)
      let expected = FollowError.forked(
        remembered: .init(root: other, size: size), now: .init(root: now.root, size: 12))
      let error = #expect(throws: expected) { try follower.follow(now, in: MemoryLedger.golden) }
      #expect(error?.description.contains(other.hex) == true)
    }
  }

  @Test func `another ledger is refused by its origin, a later incarnation is not`() throws {
    let remembered = try checkpoint(5)
    let next = try Checkpoint(
      origin: String(LedgerForge.origin.dropLast()) + "2", size: 12, root: checkpoint(12).root)
    try CheckpointFollower(remembered: remembered).follow(next, in: MemoryLedger.golden)

    let error = #expect(throws: FollowError.self) {
      try CheckpointFollower(remembered: next).follow(checkpoint(12), in: MemoryLedger.golden)
    }
    #expect(error?.description.contains("was verified before") == true)
  }

  @Test func `tiles give the proof where there are any`() async throws {
    var forge = try LedgerForge.staffed()
    for version in 1...598 { forge.append(.init(runs: [.health(from: version)], secondsLater: 1)) }
    let file = try LedgerFile(forge.ledger)
    let now = try Checkpoint(origin: LedgerForge.origin, size: 600, root: forge.tree.root)
    for size in [1, 255, 256, 257, 300, 511, 512, 513, 599, 600] {
      let root = forge.roots[size]
      let remembered = try Checkpoint(origin: LedgerForge.origin, size: size, root: root)
      try CheckpointFollower(remembered: remembered).follow(now, in: file.source())
    }

    try file.dropTriggers()
    try file.execute("UPDATE tile SET hashes = zeroblob(8192), root = zeroblob(32)")
    let remembered = try Checkpoint(
      origin: LedgerForge.origin, size: 300, root: forge.roots[300])
    #expect(throws: FollowError.self) {
      try CheckpointFollower(remembered: remembered).follow(now, in: file.source())
    }
    try file.execute("UPDATE tile SET hashes = x'00'")
    #expect(throws: FollowError.self) {
      try CheckpointFollower(remembered: remembered).follow(now, in: file.source())
    }
  }
}
