/// What is fuzzed: everything that reads bytes which others may have written.
///
/// Each has a check that reads any input, and throws ``BrokenPromise`` when the parser gives what
/// it should not; a crash or a hang is found by whoever runs it. The raw value names its corpus,
/// `Tests/FuzzingTests/Fixtures/<name>`.
package enum Parser: String, CaseIterable, Sendable {
  case json
  case note
  case line
  case receipt
  case pem
  case selector
  case configuration
  case bill
  case haproxy
  case agent
  case token

  /// - Throws: ``BrokenPromise``.
  package func check(_ input: [UInt8]) throws {
    switch self {
    case .json: try checkJSON(input)
    case .note: try checkNote(input)
    case .line: try checkLine(input)
    case .receipt: try checkReceipt(input)
    case .pem: try checkPEM(input)
    case .selector: try checkSelector(input)
    case .configuration: try checkConfiguration(input)
    case .bill: try checkBill(input)
    case .haproxy: try checkServerRows(input)
    case .agent: try checkAgentMessage(input)
    case .token: try checkToken(input)
    }
  }
}

/// What a parser gave for an input and should not have given.
package struct BrokenPromise: Error, Hashable, CustomStringConvertible {
  package let description: String
}

/// - Throws: ``BrokenPromise`` with `words`, unless `holds` is true.
func promise(
  _ holds: @autoclosure () throws -> Bool, _ words: @autoclosure () -> String
) throws {
  do {
    if try holds() { return }
  } catch {
    throw BrokenPromise(description: "\(words()): \(error)")
  }
  throw BrokenPromise(description: words())
}
