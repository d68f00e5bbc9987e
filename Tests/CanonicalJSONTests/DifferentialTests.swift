import CanonicalJSON
import Foundation
import TestKit
import Testing

/// Two thousand generated values and their mutations, against PyPI's `rfc8785` and Python's `json`.
@Suite struct DifferentialTests {
  struct Pair: Sendable {
    /// As Python's `json` writes it: indented, unsorted, non-ASCII escaped.
    let plain: String
    let canonical: String
  }

  static let script = Bundle.module.bundlePath + "/Fixtures/differential.py"

  static func pairs() async throws -> [Pair] {
    let output = try await TestProgram.python([script, "values", "8785", "2000"]).output
    return try output.split(separator: UInt8(ascii: "\n")).map { line in
      let pair = try JSONDecoder().decode([String].self, from: line)
      return Pair(plain: pair[0], canonical: pair[1])
    }
  }

  @Test func `what rfc8785 writes is read, and written the same`() async throws {
    let pairs = try await Self.pairs()

    #expect(pairs.count == 2000)
    for pair in pairs {
      let value = try JSONValue(parsing: pair.canonical)
      #expect(try value.canonicalText().utf8.elementsEqual(pair.canonical.utf8))
    }
  }

  @Test func `a value that another reader found in free text is written as rfc8785 does`()
    async throws
  {
    for pair in try await Self.pairs() {
      let value = try Foreign.value(of: pair.plain)
      #expect(try value.canonicalText().utf8.elementsEqual(pair.canonical.utf8))
      #expect(try JSONValue(parsing: pair.canonical) == value)
    }
  }

  @Test func `text that is not canonical is refused`() async throws {
    for pair in try await Self.pairs() where pair.plain != pair.canonical {
      #expect(throws: JSONFormError.self) { try JSONValue(parsing: pair.plain) }
    }
  }

  @Test func `whatever is accepted, rfc8785 and json write back as it was`() async throws {
    var accepted: [String] = []
    for pair in try await Self.pairs() where pair.canonical.utf8.count < 60 {
      let bytes = Array(pair.canonical.utf8)
      for index in bytes.indices {
        for byte in Array("\"\\{}[]:,0-1eun. \u{1}".utf8) {
          var changed = bytes
          changed[index] = byte
          if (try? JSONValue(parsing: changed)) != nil {
            accepted.append(String(decoding: changed, as: UTF8.self))
          }
        }
      }
    }

    let answer = try await TestProgram.python(
      [Self.script, "judge"], input: JSONEncoder().encode(accepted))
    let judged = try JSONDecoder().decode([String?].self, from: answer.output)

    #expect(accepted.count > 1000)
    #expect(judged.count == accepted.count)
    for (text, verdict) in zip(accepted, judged) {
      #expect(verdict.map { $0.utf8.elementsEqual(text.utf8) } == true, "\(text)")
    }
  }
}

/// Foundation's reader, which shares nothing with ours.
private enum Foreign {
  struct Unknown: Error {}

  static func value(of text: String) throws -> JSONValue {
    try value(
      JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed]))
  }

  private static func value(_ found: Any) throws -> JSONValue {
    switch found {
    case is NSNull: return .null
    case let text as String: return .string(text)
    case let array as [Any]: return .array(try array.map(value))
    case let object as [String: Any]:
      return .object(JSONObject(try object.map { ($0.key, try value($0.value)) }))
    case let number as NSNumber:
      let isBool = String(cString: number.objCType) == "c"
      return isBool ? .bool(number.boolValue) : .integer(number.int64Value)
    default: throw Unknown()
    }
  }
}
