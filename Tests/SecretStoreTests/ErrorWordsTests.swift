import Events
import Projections
import Testing

@testable import SecretStore

/// Errors say what did not happen, what disagrees, and what to do next.
@Suite struct ErrorWordsTests {
  private static let place = Place("shop", "staging")

  static let errors: [(error: SecretStoreError, words: [String])] = [
    (.damaged(path: "/p", "it is empty"), ["No secret was opened", "/p", "it is empty", "list"]),
    (
      .locked(place, for: [.passphrase, .age]),
      ["a passphrase or an identity of age", "--identity", "recipient list staging"]
    ),
    (.keyFileDiffers(path: "/p"), ["/p is another key", "your copy"]),
    (.passphraseDiffers(place), ["not that of shop.staging", "Try again"]),
    (.ageMissing, ["age is not there", "apt-get install age"]),
    (.ageFailed("no identity matched"), ["no identity matched", "--identity"]),
    (.notAuthentic("token", version: 3, place), ["version 3 of token", "set staging token"]),
    (.missing("token", version: 3, path: "/p"), ["version 3 of token", "not in /p"]),
    (.keyReplaced(place), ["Nothing was changed", "Try again"]),
  ]

  @Test(arguments: errors)
  func `an error says what did not happen and what to do`(
    error: SecretStoreError, words: [String]
  ) {
    for word in words { #expect("\(error)".contains(word), "\(error)") }
  }
}
