import CanonicalJSON
import Events
import LedgerStore
import TestKit
import Testing
import TransparencyLog

/// Golden entries that one change made wrong, offered to a store that holds the golden ledger.
@Suite struct GoldenMutationTests {
  /// The mutations that are one more entry: what an append can see.
  static let appended =
    (try? GoldenStore.format().mutated.filter { mutation in
      mutation.ops.contains { $0.op == "append" }
    }) ?? []

  @Test func `the golden file has entries to append`() {
    #expect(Self.appended.count == 41)
  }

  @Test(arguments: appended.map(\.name))
  func `an appended entry is refused or accepted as the golden file says`(name: String) throws {
    let store = try GoldenStore()
    let mutation = try #require(Self.appended.first { $0.name == name })
    let operation = try #require(mutation.ops.first { $0.op == "append" })
    let (envelope, recorded) = try GoldenFormat.envelope(
      line: try #require(operation.line), body: operation.bodyBytes)
    store.time.set(recorded)

    let result = try store.ledger.append([envelope])[0]

    // A verifier may meet kinds newer than itself; an append refuses them.
    let expected = name == "unknown kind" ? "kindUnknown" : mutation.expected
    switch result {
    case .success(let receipt):
      #expect(expected == nil)
      #expect(receipt.index == 12)
      #expect(receipt.extra == Array(try #require(operation.line).utf8))
    case .failure(let error):
      #expect(error.code == expected, "\(error)")
      #expect(error.description.hasPrefix("Nothing was recorded: "))
      #expect(try store.ledger.head().size == 12)
    }
  }
}

extension GoldenFormat.Mutation.Operation {
  /// The body, written out or as one byte repeated.
  var bodyBytes: [UInt8] {
    if let body { return Array(body.utf8) }
    guard let repeated = bodyRepeated, let byte = repeated.byte.utf8.first else { return [] }
    return Array(repeating: byte, count: repeated.times)
  }
}
