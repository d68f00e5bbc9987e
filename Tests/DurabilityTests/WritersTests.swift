import Foundation
import Synchronization
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Several writers of one ledger: who is next, and what the dead still hold.
@Suite struct WritersTests {
  let store: TemporaryLedger

  init() throws { store = try TemporaryLedger() }

  @Test func `eight processes append beside each other, and none is left behind`() async throws {
    let path = store.path
    let writers = (0..<8).map { "writer-\($0)" }

    let acknowledged = try await onOwnThread {
      var group = try AppenderGroup(path, writers: writers)
      try group.read { group in
        writers.allSatisfy { group.acknowledged[$0, default: []].count >= 5 }
      }
      try group.kill(writers.count)
      return group.acknowledged
    }

    let positions = acknowledged.values.flatMap { $0.map(\.position) }
    #expect(Set(positions).count == positions.count)
    #expect(try store.another(for: .reading).head().size > positions.max() ?? 0)
  }

  @Test func `whoever came first writes first, and who has just written writes last`() async throws
  {
    let directory = LedgerDirectory(store.path)
    let order = Order()

    try await onOwnThread {
      let queue = WriterQueue(file: try FileDescriptor(directory.lock, O_RDWR))
      let first = try Self.lock(directory)
      let waiting = DispatchGroup()
      try first.holding {
        for number in 1...7 {
          waiting.enter()
          Thread.detachNewThread {
            defer { waiting.leave() }
            try? Self.lock(directory).holding { order.add(number) }
          }
          while try queue.drawn() < number { usleep(100) }
        }
      }
      try first.holding { order.add(8) }
      waiting.wait()
    }

    #expect(order.numbers == Array(1...8))
  }

  /// Patient enough for a machine that does much else.
  private static func lock(_ directory: LedgerDirectory) throws -> WriterLock {
    try WriterLock(directory, patienceMilliseconds: 120_000)
  }

  @Test func `who died while waiting is passed over`() throws {
    let directory = LedgerDirectory(store.path)
    let lock = try WriterLock(directory, patienceMilliseconds: 20)
    var dying: FileDescriptor? = try FileDescriptor(directory.lock, O_RDWR)
    #expect(try dying.map { try WriterQueue(file: $0).draw() } == 0)
    #expect(throws: LedgerError.writerBusy(path: directory.lock, milliseconds: 20)) {
      try lock.holding {}
    }

    dying = nil

    #expect(try lock.holding { 7 } == 7)
  }

  @Test func `who is stopped while waiting is passed over after a second, and then at once`() throws
  {
    let directory = LedgerDirectory(store.path)
    let lock = try WriterLock(directory)
    let stopped = try FileDescriptor(directory.lock, O_RDWR)
    #expect(try WriterQueue(file: stopped).draw() == 0)

    let clock = SuspendingClock()
    let first = try clock.measure { try lock.holding {} }
    let second = try clock.measure { try lock.holding {} }

    #expect(first >= .seconds(1))
    #expect(second < .seconds(1))
  }

  @Test func `who is stopped while drawing a ticket keeps nobody out`() throws {
    let directory = LedgerDirectory(store.path)
    let stopped = try FileDescriptor(directory.lock, O_RDWR)
    #expect(try stopped.lockBytes(at: 0, count: 8))
    let waiting = try FileDescriptor(directory.lock, O_RDWR)
    #expect(try waiting.lockBytes(at: 4_096, count: 1))

    #expect(try WriterLock(directory).holding { 7 } == 7)
  }

  @Test func `the child of a killed writer does not keep the lock`() async throws {
    let path = store.path
    let envelope = try store.envelope(.health(), by: [.service])
    let child = try await onOwnThread {
      let holder = try AppenderProcess(path, writer: "held", options: ["--hold"])
      let child = try #require(try holder.lines()?.first.flatMap { pid_t($0) })
      let lock = try WriterLock(LedgerDirectory(path), patienceMilliseconds: 20)
      #expect(throws: LedgerError.writerBusy(path: path + "/lock", milliseconds: 20)) {
        try lock.holding {}
      }
      holder.kill()
      return child
    }
    defer { kill(child, SIGKILL) }

    #expect(kill(child, 0) == 0)
    #expect(try store.ledger.append(envelope).index == 1)
  }
}

/// Who has written, one after the other.
private final class Order: Sendable {
  private let added = Mutex<[Int]>([])

  var numbers: [Int] { added.withLock { $0 } }

  func add(_ number: Int) { added.withLock { $0.append(number) } }
}

extension WriterQueue {
  /// How many tickets were ever drawn.
  fileprivate func drawn() throws -> Int {
    try file.read(8, at: 0).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
