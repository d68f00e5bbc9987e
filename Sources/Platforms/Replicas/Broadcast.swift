import Synchronization

/// Tells everyone who listens the same things in the same order. Who begins to listen hears what
/// is told from then on; who stops is forgotten.
package final class Broadcast<Element: Sendable>: Sendable {
  private struct Listeners {
    var continuations: [Int: AsyncStream<Element>.Continuation] = [:]
    var ever = 0
    var isOver = false
  }

  private let listeners = Mutex(Listeners())

  package init() {}

  deinit { finish() }

  package func listen() -> AsyncStream<Element> {
    let (stream, continuation) = AsyncStream<Element>.makeStream()
    let number = listeners.withLock { listeners -> Int? in
      guard !listeners.isOver else { return nil }
      listeners.ever += 1
      listeners.continuations[listeners.ever] = continuation
      return listeners.ever
    }
    guard let number else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { $0.continuations[number] = nil }
    }
    return stream
  }

  package func tell(_ element: Element) {
    for continuation in listeners.withLock({ Array($0.continuations.values) }) {
      continuation.yield(element)
    }
  }

  /// Nothing more will be told.
  package func finish() {
    let all = listeners.withLock { listeners in
      listeners.isOver = true
      return Array(listeners.continuations.values)
    }
    for continuation in all { continuation.finish() }
  }
}
