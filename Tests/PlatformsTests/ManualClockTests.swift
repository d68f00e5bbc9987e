import TestKit
import Testing

/// Time that passes when it is told to.
@Suite struct ManualClockTests {
  @Test func `sleepers wake in the order of their times`() async throws {
    let clock = ManualClock()
    let (stream, told) = AsyncStream<Int>.makeStream()
    for seconds in [3, 1, 2] {
      Task {
        try await clock.sleep(for: .seconds(seconds))
        told.yield(seconds)
      }
    }
    while clock.sleeping < 3 { await Task.yield() }

    var woken: [Int] = []
    var wakings = stream.makeAsyncIterator()
    for _ in 0..<3 {
      clock.advance(by: .seconds(1))
      woken.append(try #require(await wakings.next()))
    }

    #expect(woken == [1, 2, 3])
    #expect(clock.now.offset == .seconds(3))
  }

  @Test func `a sleep until now is none`() async throws {
    try await ManualClock().sleep(for: .zero)
  }

  @Test func `a cancelled sleeper wakes at once`() async {
    let clock = ManualClock()
    let sleeper = Task { try await clock.sleep(for: .seconds(1)) }
    while clock.sleeping == 0 { await Task.yield() }

    sleeper.cancel()

    await #expect(throws: CancellationError.self) { try await sleeper.value }
    #expect(clock.sleeping == 0)
  }

  @Test func `a sleeper cancelled before it sleeps does not`() async {
    let clock = ManualClock()
    let sleeper = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await clock.sleep(for: .seconds(1))
    }

    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }
}
