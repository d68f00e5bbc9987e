import Testing

@testable import Environments

/// What is hidden, and what is shown.
@Suite struct SecrecyTests {
  @Test(arguments: [
    "password", "DB_PASSWORD", "apiKey", "api-key", "a.b.clientSecret", "access_token",
    "private.key.signing_key", "AWS_SECRET_ACCESS_KEY", "passphrase", "DB_PASS", "dbPass",
    "a.db-pass", "PASS", "DB_PWD", "ADMIN_PW", "--pass",
  ])
  func `a name that speaks of a secret hides its value`(name: String) {
    #expect(Secrecy.shown("hunter2", at: name) == "[hidden]")
  }

  @Test(arguments: [
    "security.encryption.keyManagement", "features.new-parser", "password.length", "primaryKey",
    "monkey", "PASSENGERS", "BYPASS", "COMPASS", "PASS_COUNT", "PWD", "OLDPWD",
    "TOKEN_BUCKET_SIZE", "tokenTtl", "PASSWORD_MAX_LENGTH",
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

  @Test(arguments: [
    "ghp_" + word(36), "gho_" + word(36), "ghu_" + word(36), "ghs_" + word(36),
    "ghr_" + word(76), "github_pat_" + word(22) + "_" + word(59), "glpat-" + word(20),
    "AKIA" + "IOSFODNN7EXAMPLE", "ASIA" + "IOSFODNN7EXAMPLE", "AIza" + word(35),
    "xoxb-" + "2420-" + word(24), "xoxp-" + word(12), "sk_live_" + word(24),
    "rk_live_" + word(24), "npm_" + word(36), "pypi-" + word(120),
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0." + word(43),
    "AGE-SECRET-KEY-1" + String(repeating: "Q", count: 58), "b3BlbnNzaC1rZXktdjEAAAAA",
    "--header=Authorization: Bearer ghp_" + word(36) + " and more",
    "https://host/path?key=AIza" + word(35),
  ])
  func `a token of a known form is a secret wherever it stands`(value: String) {
    #expect(Secrecy.isSecret(value: value))
    #expect(Secrecy.shown(value, at: "region") == "[hidden]")
  }

  @Test(arguments: [
    "Server=h;Password=abc;", "Server=h;Pwd=abc", "host=h user=u password='abc'",
    "jdbc:postgresql://h/db?user=u&password=abc", "{\"x\": \"db_password=abc\"}",
    "--options=password=abc", "PGPASSWORD=abc psql", "Bearer abcdefghijklmnop1234",
    "Authorization: bearer abcdefghijklmnop1234", "SG." + word(22) + "." + word(43),
    "https://x/?api_key=abcdef123456", "https://x/?a=1&apikey=abc", "https://x/?access_token=abc",
    "https://x/?token=abc#top", "/hook?secret=abc", "https://x/?password=abc",
    "https://x/?page=2&sig=abc",
  ])
  func `a secret inside a text is found wherever it stands`(value: String) {
    #expect(Secrecy.isSecret(value: value))
    #expect(Secrecy.shown(value, at: "region") == "[hidden]")
  }

  @Test(arguments: [
    "https://x/?page=2", "https://x/?token=", "https://x/?token=&page=2", "https://x/?api_key",
    "https://x/?api_key=${API_KEY}", "https://x/?reset_password=true", "token=abc", "sig=abc",
    "Server=h;Password=;", "Server=h;Password=${PASSWORD};", "password=env:NAME",
    "password=vault:secret/app/web#token", "vault:secret/app/web#token", "env:NAME",
    "write password= into the vault", "passwordless=yes", "bypass=10", "SG.short.short",
    "Bearer short1", "Bearer ${TOKEN}", "bearer authentication-required",
  ])
  func `what only speaks of a secret is none`(value: String) {
    #expect(!Secrecy.isSecret(value: value))
  }

  @Test(arguments: [
    String(repeating: "9f86d081", count: 8), "sha256:" + String(repeating: "9f86d081", count: 8),
    "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", "018f3c5e-7a10-7c4b-9d2e-1f2a3b4c5d6e",
    "eu-central-1", "AKIA", "ghp_short", "npm_config_registry", "xoxb-",
    "arn:aws:kms:eu-central-1:123456789012:key/018f3c5e", "eyJust-a-name",
    "ghcr.io/group/name:1.2.3", "2026-11-22T15:04:05.123456Z",
  ])
  func `hashes, digests, ids and names are none`(value: String) {
    #expect(!Secrecy.isSecret(value: value))
    #expect(!Secrecy.isSecret(value: value, at: "SIGNATURE_KEY"))
  }

  @Test(arguments: ["STRIPE_KEY", "basicAuth", "a.b.pwd"])
  func `what looks random is a secret under a name that speaks of keys`(name: String) {
    #expect(Secrecy.isSecret(value: "q8Zr2VtX0mLk5JhW9cNb", at: name))
    #expect(!Secrecy.isSecret(value: "q8Zr2VtX0mLk5JhW9cNb", at: "LABEL"))
    #expect(!Secrecy.isSecret(value: "aaaaaaaaaaaaaaaaaaA1", at: name))
    #expect(!Secrecy.isSecret(value: "orchestrator-database-primary", at: name))
  }

  /// Letters and digits without order, never a real token.
  private static func word(_ count: Int) -> String {
    String((0..<count).map { Array("a7Kq2ZxM9tBv4RcW")[$0 * 5 % 16] })
  }

  @Test func `what turns or hides text is written out`() {
    #expect(
      VisibleText.escaped("a\u{202E}b\u{2066}c\u{9B}d\n") == "a\\u{202E}b\\u{2066}c\\u{009B}d\\n")
    #expect(VisibleText.escaped("täglich 日本 👩‍💻\n", keepsLines: true) == "täglich 日本 👩‍💻\n")
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
