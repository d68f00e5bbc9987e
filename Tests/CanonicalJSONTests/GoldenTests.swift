import CanonicalJSON
import Testing

/// The golden file decides what is in the profile, and which error a departure gets, and where.
@Suite struct GoldenTests {
  @Test func `the golden file is there, with cases of both kinds`() throws {
    let golden = try #require(GoldenJSON.shared)

    #expect(golden.accepted.count == 23)
    #expect(golden.refused.count == 48)
  }

  @Test(arguments: GoldenJSON.shared?.accepted ?? [])
  func `an accepted text is read, and written again as the same bytes`(text: String) throws {
    let value = try JSONValue(parsing: text)

    #expect(try value.canonicalBytes() == Array(text.utf8))
  }

  @Test(arguments: GoldenJSON.shared?.refused ?? [])
  func `a refused text is refused with its reason and offset`(refused: GoldenJSON.Refused) throws {
    let reason = try #require(JSONFormError.Reason(rawValue: refused.reason))

    #expect(throws: JSONFormError(reason, at: refused.offset)) {
      try JSONValue(parsing: refused.bytes)
    }
  }

  @Test(arguments: GoldenJSON.shared?.refused ?? [])
  func `skipping a text refuses it exactly as reading does`(refused: GoldenJSON.Refused) throws {
    let reason = try #require(JSONFormError.Reason(rawValue: refused.reason))

    #expect(throws: JSONFormError(reason, at: refused.offset)) {
      try refused.bytes.withUnsafeBytes { bytes in
        var cursor = JSONCursor(bytes)
        try cursor.skipValue()
        try cursor.finish()
      }
    }
  }
}
