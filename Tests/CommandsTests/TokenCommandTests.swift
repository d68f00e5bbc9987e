import CanonicalJSON
import Foundation
import LedgerStore
import Operations
import TestKit
import Testing

@testable import Commands

/// `stele access issuer`, `stele access identity`, and what a job with a token sees.
@Suite struct TokenCommandTests {
  let project: Project
  let issuer = TestIssuer()

  init() async throws {
    project = try await Project()
    try project.write("issuer.json", issuer.keySet)
  }

  private func trust() async throws {
    let ran = await project.run(
      "access issuer add \(TestIssuer.issuer) --audience stele --jwks issuer.json")
    try #require(ran.status == 0, "\(ran.notices)")
  }

  private func bind(_ more: String = "") async throws -> String {
    let ran = await project.run(
      "access identity add --issuer \(TestIssuer.issuer) --claim repository_id=17 "
        + "--claim sub=repo:shop/web:environment:staging\(more) --output json")
    try #require(ran.status == 0, "\(ran.notices)")
    return try #require(try ran.json()["actor"]?.stringValue)
  }

  private func token() throws -> String {
    try issuer.token(TestIssuer.claims(at: try project.session().time.now()))
  }

  @Test func `what is trusted and whom it proves is listed, and goes again`() async throws {
    #expect(await project.run("access issuer list").results == "no issuer's tokens count here\n")
    #expect(await project.run("access identity list").results == "no token proves anybody here\n")
    try await trust()
    let actor = try await bind()

    let issuers = await project.run("access issuer list")
    #expect(issuers.results.contains("key-1 (EdDSA)"))
    #expect(issuers.results.contains(TestIssuer.issuer))
    let identities = await project.run("access identity list")
    #expect(
      identities.results.contains("repository_id=17 sub=repo:shop/web:environment:staging"))
    #expect(identities.results.contains(actor))

    #expect(await project.run("access identity rm \(actor) 1").status == 0)
    #expect(await project.run("access identity rm \(actor) 1").status == 65)
    #expect(await project.run("access issuer rm \(TestIssuer.issuer)").status == 0)
    let again = await project.run("access issuer rm \(TestIssuer.issuer)")
    #expect(again.status == 65)
    #expect(again.notices.contains("no tokens of '\(TestIssuer.issuer)' count"))
    #expect(await project.run("verify").status == 0)
  }

  /// When the first that a list shows was added.
  private func since(_ list: String, _ field: String) async throws -> String {
    let json = try await project.run("\(list) --output json").json()
    let first = try #require(json[field]?.arrayValue?.first?.objectValue)
    return try #require(first["since"]?.stringValue)
  }

  @Test func `what was trusted, and whom it proved, is of the moment that is asked for`()
    async throws
  {
    let (issuers, identities) = ("access issuer list", "access identity list")
    try await trust()
    let actor = try await bind()
    let trusted = try await since(issuers, "issuers")
    let bound = try await since(identities, "identities")
    _ = await project.run("access identity rm \(actor) 1")
    _ = await project.run("access issuer rm \(TestIssuer.issuer)")

    let nobody = "no token proved anybody here by then\n"
    #expect(await project.run("\(issuers) --at", trusted).results.contains("key-1 (EdDSA)"))
    #expect(await project.run("\(identities) --at", trusted).results == nobody)
    #expect(await project.run("\(identities) --at", bound).results.contains(actor))
    #expect(
      await project.run("\(issuers) --at 2020-01-01Z").results
        == "no issuer's tokens counted here by then\n")
    #expect(await project.run("\(identities) --at 2020-01-01Z").results == nobody)
    #expect(await project.run(issuers).results == "no issuer's tokens count here\n")
    #expect(await project.run(identities).results == "no token proves anybody here\n")
  }

  @Test func `an issuer's file says what is wrong with it, and nothing is recorded`()
    async throws
  {
    try project.write("secret.json", #"{"keys":[{"kty":"oct","k":"AAAA","kid":"one"}]}"#)
    try project.write("other.json", #"{"keys":[{"kty":"EC","crv":"P-521","kid":"one"}]}"#)
    let line = "access issuer add \(TestIssuer.issuer) --audience stele --jwks"
    for (file, words) in [
      ("secret.json", "has to stay secret"), ("other.json", "it is for none of"),
      ("missing.json", "is no JSON Web Key Set"),
    ] {
      let ran = await project.run("\(line) \(file)")
      #expect(ran.status == 65)
      #expect(ran.notices.contains(words), "\(ran.notices)")
    }
    let plain = await project.run(
      "access issuer add http://forge.example --audience stele --jwks issuer.json")
    #expect(plain.status == 65)
    #expect(plain.notices.contains("begins with https://"))
    try await trust()
    let unchanged = await project.run("\(line) issuer.json")
    #expect(unchanged.status == 65)
    #expect(unchanged.notices.contains("has this audience and these keys"))
  }

  @Test func `a key that tokens cannot be checked with is said to be left out`() async throws {
    let both = issuer.keySet.replacing(
      "{\"keys\": [", with: #"{"keys": [{"kty":"RSA","use":"enc","kid":"two"},"#)
    try project.write("issuer.json", both)
    let ran = await project.run(
      "access issuer add \(TestIssuer.issuer) --audience stele --jwks issuer.json")

    #expect(ran.status == 0)
    #expect(ran.notices.contains("the key two is left out: it is not for signatures"))
  }

  @Test(arguments: [
    ("--claim sub=repo:a/b:ref:refs/heads/main", "`repository_id` cannot"),
    ("--claim sub=project_path:a/b:ref_type:branch:ref:main", "`project_id` cannot"),
    ("--claim repository_id=17", "without `sub`"),
    ("--claim sub=repo:a/*:ref --claim repository_id=1", "has a star"),
    ("--claim sub=a --claim actor=ada", "is a person's"),
    ("--claim sub=a --claim exp=1", "another in every token"),
    ("--claim sub=a --claim sub=b", "asked for twice"), ("--claim sub=", "1 to 1000 bytes"),
  ])
  func `what would let too many in is not bound`(claims: String, words: String) async throws {
    try await trust()
    let ran = await project.run("access identity add --issuer \(TestIssuer.issuer) \(claims)")

    #expect(ran.status == 65)
    #expect(ran.notices.contains(words), "\(ran.notices)")
  }

  @Test func `only what an issuer says is bound, and to one`() async throws {
    let unknown = await project.run("access identity add --issuer https://x.example --claim sub=a")
    #expect(unknown.status == 65)
    #expect(unknown.notices.contains("stele access issuer add"))
    try await trust()
    let actor = try await bind()
    let twice = await project.run(
      "access identity add --issuer \(TestIssuer.issuer) --claim repository_id=17 "
        + "--claim sub=repo:shop/web:environment:staging")
    #expect(twice.status == 65)
    #expect(twice.notices.contains("stele access identity rm \(actor) 1"))
    let word = await project.run("access identity add --issuer \(TestIssuer.issuer) --claim sub")
    #expect(word.status == 64)
  }

  @Test func `a job's entry is shown as attested by the service`() async throws {
    try await trust()
    let actor = try await bind()
    _ = await project.run("access grant \(actor) --role deployer --environment all")
    let ran = await project.run(
      "flag set development x true --new", variables: ["STELE_OIDC_TOKEN": try token()])

    #expect(ran.status == 0, "\(ran.notices)")
    let log = await project.run("log --kind configuration.applied --limit 1")
    #expect(log.results.contains("\(actor.suffix(12)), attested by "))
    let events = await project.run("log --kind configuration.applied --limit 1 --output jsonl")
    let event = try #require(
      try events.results.split(separator: "\n").first.map {
        try JSONValue(parsing: String($0)).objectValue
      } ?? nil)
    #expect(event["behalf"] == .string(actor))
    let position = try #require(event["position"]?.integerValue)
    let shown = await project.run("show \(position)").results
    #expect(shown.contains("actor      \(actor), attested by \(event["actor"]?.stringValue ?? "")"))
    #expect(shown.contains("evidence   "))
    #expect(!shown.contains("signed by  \(actor)"))
    #expect(await project.run("verify").status == 0)
  }

  @Test func `what a job asks for others approve, with keys of their own`() async throws {
    try await trust()
    let actor = try await bind()
    try project.write("dist/one/orchestrator/serve", "#!/bin/sh\nexit 0\n")
    try project.write("config/policy.yaml", "development:\n  approvals: {quorum: 1}\n")
    for line in [
      "access grant \(actor) --role administrator --environment all", "build dist/one",
      "key add --role actor --key ada.pem --grant approver --environment all",
    ] {
      let ran = await project.run(line)
      try #require(ran.status == 0, "\(ran.notices)")
    }
    let job = ["STELE_OIDC_TOKEN": try token()]

    #expect(await project.run("deploy development", variables: job).status == 5)
    #expect(await project.run("pending").results.contains(actor))
    let own = await project.run("approve development", variables: job)
    #expect(own.status == 77)
    #expect(own.notices.contains("ownKeyNeeded"))
    #expect(await project.run("approve development --key ada.pem").status == 0)
    let deployed = await project.run("deploy development", variables: job)
    #expect(deployed.status == 0, "\(deployed.notices)")
    #expect(await project.run("verify").status == 0)

    let check = await project.run("access check \(actor) approval.give development")
    #expect(check.status == 4)
    #expect(check.results.contains("stele key add --owner \(actor)"))
    #expect(await project.run("access check \(actor) deployment.start development").status == 0)
  }

  @Test func `an empty token is no reason to act by another key`() async throws {
    let ran = await project.run(
      "flag set development x true --new", variables: ["STELE_OIDC_TOKEN": ""])

    #expect(ran.status == 65)
    #expect(ran.notices.contains("STELE_OIDC_TOKEN"))
  }

  @Test func `who may not say whose tokens count is refused`() async throws {
    try await trust()
    let actor = try await bind()
    #expect(await project.run("key add --role administrator --key mallory.pem").status == 0)
    let ring = try await project.keyRing() + "/administrator.pem"
    try FileManager.default.removeItem(atPath: ring)
    try FileManager.default.copyItem(atPath: project.file("mallory.pem"), toPath: ring)
    let issuer = await project.run("access issuer rm \(TestIssuer.issuer)")
    let identity = await project.run("access identity rm \(actor) 1")

    #expect(issuer.status == 77)
    #expect(issuer.notices.contains("issuer.trust"))
    #expect(identity.status == 77)
    #expect(identity.notices.contains("identity.bind"))
  }

  @Test func `two who act are one too many`() async throws {
    let options = await project.run(
      "flag set development x true --new --key a.pem --oidc-token-file token")
    let variables = await project.run(
      "flag set development x true --new", variables: ["STELE_OIDC_TOKEN": "a", "STELE_KEY": "b"])

    #expect(options.status == 64)
    #expect(variables.status == 64)
    #expect(variables.notices.contains("unset one"))
  }

  @Test func `a file that others can read proves nobody`() async throws {
    try await trust()
    let actor = try await bind()
    _ = await project.run("access grant \(actor) --role deployer --environment all")
    try project.write("token", try token() + "\n")
    let line = "flag set development x true --new --oidc-token-file token"
    let missing = await project.run(line.replacing("token-file token", with: "token-file none"))
    let open = await project.run(line)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: project.file("token"))

    #expect(missing.status != 0)
    #expect(missing.notices.contains("none"))
    #expect(open.status != 0)
    #expect(open.notices.contains("chmod 600"))
    #expect(await project.run(line).status == 0)
  }
}
