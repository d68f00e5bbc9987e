import CanonicalJSON
import Events
import Testing

/// Every golden ledger with one change, as far as an entry's form can tell: whatever the form
/// refuses is refused under the golden name, and whatever else is wrong with it passes here.
@Suite struct GoldenRefusalTests {
  /// The refusals that need no state.
  static let formCodes: Set<String> = [
    "lineTooLong", "lineForm", "headerForm", "tooManyEvents", "scopeMixed", "classMixed",
    "streamName", "releaseNumber", "bodyTooLong", "bodyForm", "dataForm", "kindUnknown",
    "clockSkew",
  ]

  @Test(arguments: Golden.ledger.mutated)
  func `a changed ledger is refused for its form exactly when its form is wrong`(
    mutation: Golden.Mutation
  ) throws {
    let expected = mutation.expected.flatMap { Self.formCodes.contains($0) ? $0 : nil }
    // A verifier passes over a kind that it does not know; an append refuses it.
    let found = mutation.name == "unknown kind" ? [] : try refusals(of: mutation)

    #expect(found == (expected.map { [$0] } ?? []))
  }

  @Test func `an append refuses a kind that a verifier would pass over`() throws {
    let mutation = try #require(Golden.ledger.mutated.first { $0.name == "unknown kind" })

    #expect(try refusals(of: mutation) == ["kindUnknown"])
  }

  private func refusals(of mutation: Golden.Mutation) throws -> [String] {
    try mutation.ops.compactMap { operation in
      switch (operation.op, operation.of) {
      case ("append", _):
        try refusal(line: #require(operation.line), body: operation.bodyText)
      case ("appendRepeated", _):
        try refusal(
          line: String(
            repeating: #require(operation.byte), count: #require(operation.times)), body: nil)
      case ("edit", "line"):
        try refusal(line: edited(#require(position(operation)).line, operation), body: nil)
      case ("edit", "body"):
        try refusal(
          line: #require(position(operation)).line,
          body: edited(#require(position(operation)).body, operation))
      default: nil
      }
    }
  }

  private func position(_ operation: Golden.Mutation.Operation) -> Golden.Entry? {
    operation.position.map(Golden.entry)
  }

  private func edited(_ text: String, _ operation: Golden.Mutation.Operation) throws -> String {
    let find = try #require(operation.find)
    let parts = text.split(separator: find, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    return "\(parts[0])\(try #require(operation.replace))\(parts[1])"
  }

  /// The format's checks in its order, without those that need state.
  private func refusal(line: String, body: String?) throws -> String? {
    do {
      let line = try EntryLine(parsing: Array(line.utf8))
      let header = try EntryHeader(parsing: line.header)
      try EntryRules.checkRuns(of: header)
      if let body { try EntryBody(parsing: Array(body.utf8)).check(against: header) }
      try EntryRules.checkClock(of: header, recorded: line.recorded)
      return nil
    } catch {
      return error.code
    }
  }
}
