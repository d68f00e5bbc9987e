import Cryptography
import Events
import Foundation
import LedgerStore
import TestKit
import Testing
import Verification

@testable import Operations

/// A restore stopped at each of its points: what stands then, and what the next one makes of it.
@Suite struct RestoreCrashTests {
  struct Stopped: Error, Equatable {}

  let shop: Shop
  let copy: String
  var ledger: String { shop.workspace.ledger }

  init() async throws {
    (shop, copy) = try await Shop.backedUp()
    try await shop.remark("lost")
    // Newer than the copy, and broken: what a restore with a new incarnation is for.
    try shop.tamper(
      ledger + "/ledger.sqlite", "UPDATE entry SET recorded = recorded + 1 WHERE position = 5")
  }

  func restore(stoppingAt point: RestorePoint? = nil) async throws -> RestoreWork.Restored {
    try await shop.restore(
      copy, { $0.startsIncarnation = true }, reached: { if $0 == point { throw Stopped() } })
  }

  func stop(at point: RestorePoint) async {
    await #expect(throws: Stopped()) { _ = try await restore(stoppingAt: point) }
  }

  @Test(arguments: RestorePoint.allCases)
  func `the next restore finishes what was decided and begins anew what was not`(
    point: RestorePoint
  ) async throws {
    await stop(at: point)

    // Nothing in between can be opened and appended to, but for the old ledger or the new one.
    let opened = try? Ledger.open(directory: ledger, for: .reading).head().size
    switch point {
    case .staged: #expect(try shop.session.ledger.head().size == 6)
    case .published: #expect(opened == 7)
    case .anchorRetired, .decided, .retired, .placed: #expect(opened == nil)
    }

    let next = try await restore()

    let isDecided = ![.staged, .anchorRetired].contains(point)
    #expect(next.isEarlierOne == isDecided)
    #expect(next.origin.incarnation == 2)
    #expect(next.size == 7)
    #expect(try await shop.verify().verdict == .verified)
    let left = try FileManager.default.contentsOfDirectory(atPath: ledger)
    #expect(left.filter { $0.hasPrefix("restore.") } == [])
    #expect(left.filter { $0.hasPrefix("replaced-") } == ["replaced-1"])
    let session = try shop.open()
    try await shop.remark("and on", in: session)
    #expect(try session.ledger.head().size == 8)
  }

  @Test func `what was replaced is kept whole, people's keys excepted`() async throws {
    _ = try await restore()

    let kept = try FileManager.default.contentsOfDirectory(atPath: ledger + "/replaced-1")
    #expect(Set(kept).isSuperset(of: ["anchor", "ledger.sqlite", "vault.sqlite"]))
    #expect(!kept.contains("vault-keys.sqlite"))
    #expect(FileManager.default.fileExists(atPath: ledger + "/vault-keys.sqlite"))
  }

  @Test func `a process that had the old files open appends nothing to them`() async throws {
    _ = try await restore()

    await #expect(throws: LedgerError.fileReplaced(path: ledger + "/ledger.sqlite")) {
      try await shop.remark("into the old one")
    }
  }
}
