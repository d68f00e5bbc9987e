import ArgumentParser
import CanonicalJSON
import TestKit
import Testing

@testable import Commands

/// Every JSON that a command prints says what it is.
@Suite struct SchemaTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    try project.write("bill.csv", Project.bill())
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\n# \(words)\n")
      let ran = await project.run("deploy development --build dist/\(words)")
      try #require(ran.status == 0, "\(ran.notices)")
    }
  }

  /// What to run for each command, in order; each of them prints something.
  private func lines() async throws -> [String] {
    let receipt = await project.run("show 1 --receipt")
    try project.write("config/policy.yaml", "everywhere: {promotion: any}\n")
    try project.write("1.receipt", receipt.results)
    try project.write("issuer.json", TestIssuer().keySet)
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging"))
    let added = try await project.run("key add --role actor --key ada.pem --output json").json()
    let keyid = try #require(added["keyid"]?.stringValue)
    return [
      "config validate", "config show development", "config show development#1",
      "config explain all development", "config diff development staging",
      "config apply development", "build dist/one", "builds", "status", "releases development",
      "diff development#1 development#2", "replay development#1", "log", "show 3", "doctor",
      "promote development staging --plan", "promote development staging",
      "rollback development --plan", "rollback development", "deploy development --build dist/two",
      "access matrix", "access log", "access check ada.pem deployment.start development",
      "access grant ada.pem --role deployer --environment all",
      "access review list", "access review decide ada.pem 1 --finding kept --rationale so",
      "access suspend ada.pem --environment staging", "access reinstate ada.pem",
      "access revoke ada.pem",
      "access issuer add \(TestIssuer.issuer) --audience stele --jwks issuer.json",
      "access issuer list",
      "access identity add --issuer \(TestIssuer.issuer) --claim sub=job --owner ada.pem",
      "access identity list", "access identity rm ada.pem 6",
      "access issuer rm \(TestIssuer.issuer)", "key list", "key add --role actor --key bob.pem",
      "key revoke \(keyid) --reason left",
      "flag set development x true --new", "drift development", "sync development",
      "flag list development", "flag unset development x",
      "secret set development token", "secret rotate development token --exact",
      "secret list development", "secret recipient add development \(Self.age)",
      "secret recipient list development", "secret recipient rm development \(Self.age)",
      "secret rm development token",
      "cost import bill.csv --environment development", "cost show --from 2026-01-01Z",
      "policy show", "policy adopt --ticket OPS-1",
      "verify", "verify 1.receipt", "backup copy", "backup other", "key rotate-log",
    ]
  }

  /// Age's own example, of its manual page.
  private static let age = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

  @Test(arguments: ["json", "jsonl"])
  func `every line of every command carries schema and version`(format: String) async throws {
    var schemas: [String: Set<String>] = [:]
    for line in try await lines() {
      // Each format needs a folder of its own.
      let ran = await project.run(line + " --output \(format)", input: "\(line) \(format)\n")
      let texts = ran.results.split(separator: "\n")
      #expect(!texts.isEmpty, "\(line): \(ran.notices)")
      for text in texts {
        let object = try #require(JSONValue(parsing: String(text)).objectValue, "\(line)")
        let schema = try #require(object["schema"]?.stringValue, "\(line): \(text)")
        #expect(schema.hasPrefix("stele."), "\(line)")
        #expect(object["version"] == 1, "\(line): \(text)")
        schemas[line, default: []].insert(schema)
      }
    }

    #expect(schemas["log"] == [format == "json" ? "stele.log" : "stele.event"])
    #expect(
      schemas["status"] == [format == "json" ? "stele.status" : "stele.status.environment"])
    #expect(
      schemas["rollback development"] == [format == "json" ? "stele.deploy" : "stele.event"])
  }

  @Test func `a ledger's beginning and its return say so as well`() async throws {
    let fresh = try await Project(isInitialized: false)
    for format in ["json", "jsonl"] {
      _ = await project.run("backup copy-\(format)")
      let made = await fresh.run(
        "init tamma --output \(format)", variables: ["STELE_LEDGER": fresh.file(format)])
      let back = await project.run("restore copy-\(format) --output \(format)")

      #expect(made.results.contains(#""schema":"stele.init""#), "\(made.notices)")
      #expect(back.results.contains(#""schema":"stele.restore""#), "\(back.notices)")
    }
  }

  @Test(arguments: ["json", "jsonl"])
  func `what people say of a plan, and of broken glass, says so as well`(
    format: String
  ) async throws {
    try project.write(
      "config/policy.yaml",
      """
      development:
        approvals: {quorum: 1, separation: none}
        breakGlass: {reviewWithinHours: 1}
      """)
    _ = await project.run("key add --role actor --key ada.pem --grant approver --environment all")
    _ = await project.run("deploy development --build dist/one")
    for verb in ["pending", "reject", "withdraw", "approve"] {
      let words = verb == "pending" ? "" : "development --key ada.pem"
      let ran = await project.run("\(verb) \(words) --output \(format)")
      #expect(ran.results.contains(#""schema":"stele.\#(verb)"#), "\(ran.notices)")
    }
    let broken = await project.run("deploy development --break-glass --reason so")
    let listed = await project.run("review list --output \(format)")
    let words = "--finding justified --rationale so --key ada.pem"
    let closed = await project.run("review close development 1 \(words) --output \(format)")
    #expect(broken.status == 0, "\(broken.notices)")
    #expect(listed.results.contains(#""schema":"stele.review"#), "\(listed.notices)")
    #expect(closed.results.contains(#""schema":"stele.review.close""#), "\(closed.notices)")
  }

  @Test func `there is no command that these tests do not know`() async throws {
    let tested = try await lines().map { $0.split(separator: " ") }
    let known = Set(
      tested.flatMap { words in (1...3).map { words.prefix($0).joined(separator: " ") } })
    // An agent prints nothing; `recover` prints what `rollback` and `deploy` do, by the same view;
    // a JSON Schema is a document of its own.
    let others = known.union(["init", "restore", "agent", "recover", "config schema"])
      .union(["pending", "approve", "reject", "withdraw", "review list", "review close"])

    for command in Self.leaves(of: SteleRoot.self) {
      #expect(others.contains(command), "\(command)")
    }
  }

  private static func leaves(of command: any ParsableCommand.Type, _ path: String = "") -> [String]
  {
    let configuration = command.configuration
    let children =
      configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
    guard !children.isEmpty else { return [path] }
    return children.flatMap { child in
      leaves(
        of: child,
        (path + " " + (child.configuration.commandName ?? "")).split(separator: " ")
          .joined(separator: " "))
    }
  }
}
