import CanonicalJSON
import Testing

@testable import Verification

@Suite struct DataFieldsTests {
  @Test func `a field that is absent is not there`() throws {
    var fields = DataFields(["reason": "rotated"])
    #expect(!fields.has("suspectFrom"))
    #expect(try fields.string("reason") == "rotated")
    #expect(!fields.has("suspectFrom"))
    #expect(!fields.has("reason"))
    #expect(try fields.optionalInteger("suspectFrom") == nil)
    try fields.end()
  }
}
