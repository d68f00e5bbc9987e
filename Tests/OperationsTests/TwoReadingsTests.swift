import Events
import Testing

@testable import Verification

/// The program that writes and the verifier read the format independently, and know the same kinds.
@Suite struct TwoReadingsTests {
  @Test(arguments: KindCatalogue.rules.map(\.kind.text))
  func `a kind that is written is one that is verified`(kind: String) {
    #expect(KindRules.rule(for: kind) != nil)
  }
}
