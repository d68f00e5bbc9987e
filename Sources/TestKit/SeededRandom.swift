import Cryptography
import Synchronization

/// Chance that repeats itself: the same seed gives the same bytes, in the order they are asked for.
package final class SeededRandom: RandomSource {
  private let count = Mutex(UInt64(0))
  private let seed: UInt64

  package init(seed: UInt64 = 1) { self.seed = seed }

  /// SHA-256 of seed and a counter, as often as needed.
  package func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let turn = self.count.withLock { turn in
        turn += 1
        return turn
      }
      bytes += withUnsafeBytes(of: (seed.bigEndian, turn.bigEndian)) { SHA256.hash($0) }
    }
    return Array(bytes.prefix(count))
  }
}

/// Gives out prepared bytes, one answer a question: for known answers from outside.
package final class ScriptedRandom: RandomSource {
  private let answers: Mutex<[[UInt8]]>

  package init(_ answers: [[UInt8]]) { self.answers = Mutex(answers) }

  package func bytes(_ count: Int) -> [UInt8] {
    answers.withLock { answers in
      precondition(answers.first?.count == count, "no \(count) bytes prepared")
      return answers.removeFirst()
    }
  }
}
