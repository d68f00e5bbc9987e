import Testing

@testable import Environments

/// What is hidden, and what is shown.
@Suite struct SecrecyTests {
  @Test(arguments: [
    "password", "DB_PASSWORD", "apiKey", "api-key", "a.b.clientSecret", "access_token",
    "private.key.signing_key", "AWS_SECRET_ACCESS_KEY", "passphrase",
  ])
  func `a name that speaks of a secret hides its value`(name: String) {
    #expect(Secrecy.shown("hunter2", at: name) == "[hidden]")
  }

  @Test(arguments: [
    "security.encryption.keyManagement", "features.new-parser", "password.length", "primaryKey",
    "monkey",
  ])
  func `any other name does not`(name: String) {
    #expect(Secrecy.shown("value", at: name) == "value")
  }

  @Test(arguments: [
    "postgres://app:hunter2@db/tamma", "see https://a:b@c", "--password=hunter2",
    "-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY----- MII",
  ])
  func `a value that gives itself away is hidden under any name`(value: String) {
    #expect(Secrecy.shown(value, at: "command") == "[hidden]")
  }

  @Test(arguments: [
    "https://host/path@2", "git@host:group/name", "--level=info", "--password=${PASSWORD}", "a:b@c",
  ])
  func `a value without a secret is shown`(value: String) {
    #expect(Secrecy.shown(value, at: "command") == value)
  }

  @Test func `a truth value under a secret's name is no secret`() {
    #expect(Secrecy.shown("true", at: "features.token-refresh") == "true")
  }

  @Test func `what is shown stays one short line without control characters`() {
    #expect(Secrecy.shown("a\nb\u{1B}[31m", at: "x") == "a\\nb\\u{1B}[31m")
    let long = Secrecy.shown(String(repeating: "x", count: 200), at: "x")
    #expect(long.count == 80)
    #expect(long.hasSuffix("x…"))
  }

  @Test func `an argument after an option with a secret's name is a secret`() {
    #expect(
      Secrecy.secretArguments([
        "run", "--token", "abc", "--level", "info", "--api-key=x", "--password", "--quiet",
        "--secret", "${SECRET}", "--token=x", "y",
      ]) == [2, 5, 10])
  }

  @Test(arguments: [
    ("memroy", ["cpu", "memory"], "memory"), ("prod", ["staging", "production"], "production"),
    ("completely", ["cpu", "memory"], nil), ("xy", ["ab"], nil), ("cp", ["cpu"], "cpu"),
    ("", ["cpu"], nil),
  ])
  func `the nearest name is suggested, and none that is far`(
    word: String, names: [String], suggestion: String?
  ) {
    #expect(Spelling.suggestion(for: word, among: names) == suggestion)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 1),
    ("ca", "abc", 3), ("flaw", "lawn", 2),
  ])
  func `distances are those of the textbook`(left: String, right: String, edits: Int) {
    #expect(Spelling.distance(left, right) == edits)
  }
}
