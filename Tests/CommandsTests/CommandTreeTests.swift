import Access
import ArgumentParser
import CanonicalJSON
import Foundation
import TestKit
import Testing

@testable import Commands

/// Every command that changes, exports or reveals something asks first, and is refused to whoever
/// was granted nothing; a command that is not in the table fails the test.
@Suite struct CommandTreeTests {
  /// What a command may do.
  private enum Effect {
    /// Nothing but read.
    case reads
    /// Something that takes the action: run by somebody without grants, it has to be refused.
    case takes(String, line: String)
    /// The same, shown elsewhere, as it needs a state that no command line makes.
    case takesElsewhere(String)
    /// What is there before anybody can be granted anything.
    case founds
  }

  private static let effects: [String: Effect] = [
    "init": .founds,
    "config validate": .reads, "config show": .reads, "config explain": .reads,
    "config diff": .reads, "config schema": .reads, "status": .reads, "releases": .reads,
    "builds": .reads, "diff": .reads, "replay": .reads, "log": .reads, "verify": .reads,
    "key list": .reads, "access check": .reads, "access matrix": .reads, "access log": .reads,
    "doctor": .reads, "cost show": .reads, "flag list": .reads,
    "flag set": .takes(
      "configuration.apply", line: "flag set production x true --new --yes --key eve.pem"),
    "flag unset": .takes("configuration.apply", line: "flag unset development y --key eve.pem"),
    "show": .takes("entry.reveal", line: "show POSITION --reveal --key eve.pem"),
    "config apply": .takes("configuration.apply", line: "config apply staging --key eve.pem"),
    "build": .takes("build.record", line: "build dist/two --key eve.pem"),
    "deploy": .takes("deployment.start", line: "deploy development --key eve.pem"),
    "promote": .takes("deployment.start", line: "promote development staging --key eve.pem"),
    "rollback": .takes("deployment.rollBack", line: "rollback development --key eve.pem"),
    "pending": .reads,
    "approve": .takes("approval.give", line: "approve development --key eve.pem"),
    "reject": .takes("approval.give", line: "reject staging --key eve.pem"),
    "withdraw": .takes("approval.give", line: "withdraw production --key eve.pem"),
    "review list": .reads,
    "review close": .takes(
      "review.close",
      line: "review close development 1 --finding justified --rationale so --key eve.pem"),
    "secret list": .reads, "secret recipient list": .reads,
    "secret set": .takes("secret.write", line: "secret set development a --key eve.pem"),
    "secret rotate": .takes("secret.write", line: "secret rotate staging a --key eve.pem"),
    "secret rm": .takes("secret.write", line: "secret rm production a --yes --key eve.pem"),
    "secret recipient add": .takes(
      "secret.share", line: "secret recipient add development keyFile --key eve.pem"),
    "secret recipient rm": .takes(
      "secret.share", line: "secret recipient rm staging keyFile --key eve.pem"),
    "agent": .takes("agent.run", line: "agent development --key eve.pem"),
    "cost import": .takes(
      "cost.import", line: "cost import bill.csv --environment development --key eve.pem"),
    "recover": .takesElsewhere("InterruptionTests"),
    "drift": .takes("drift.scan", line: "drift development --key eve.pem"),
    "sync": .takes("sync.start", line: "sync development --key eve.pem"),
    "backup": .takes("ledger.export", line: "backup stolen --key eve.pem"),
    "restore": .takesElsewhere("RestoreTests"),
    "key add": .takes("key.add", line: "key add --role actor --key new.pem"),
    "key revoke": .takes("key.revoke", line: "key revoke KEY --reason left"),
    "key rotate-log": .takes("key.rotateLog", line: "key rotate-log"),
    "access grant": .takes(
      "access.grant", line: "access grant eve.pem --role deployer --environment all"),
    "access revoke": .takes("access.revoke", line: "access revoke ben.pem"),
    "access suspend": .takes("access.suspend", line: "access suspend ben.pem --environment all"),
    "access review list": .reads,
    "access review decide": .takes(
      "access.review", line: "access review decide ben.pem 1 --finding kept --rationale so"),
    "access reinstate": .takes("access.reinstate", line: "access reinstate ben.pem"),
    "access issuer list": .reads, "access identity list": .reads,
    "access issuer add": .takes(
      "issuer.trust",
      line: "access issuer add https://forge.example --audience stele --jwks issuer.json"),
    "policy show": .reads, "policy adopt": .takes("policy.adopt", line: "policy adopt"),
    "access issuer rm": .takesElsewhere("TokenCommandTests"),
    "access identity add": .takes(
      "identity.bind",
      line: "access identity add --issuer https://token.forge.example --claim sub=job"),
    "access identity rm": .takesElsewhere("TokenCommandTests"),
  ]

  @Test func `every command is in the table`() {
    #expect(Set(Self.leaves(of: SteleRoot.self)) == Set(Self.effects.keys))
  }

  @Test func `every action that can be granted is some command's`() {
    let taken = Self.effects.values.compactMap { effect -> String? in
      if case .takes(let action, _) = effect { action } else { nil }
    }
    let others = [
      "deployment.breakGlass", "deployment.recover", "ledger.restore", "peopleKeys.export",
    ]
    #expect(Set(taken + others) == Set(Action.allCases.map(\.rawValue)))
  }

  @Test func `who was granted nothing is refused everything, and only that is recorded`()
    async throws
  {
    let project = try await prepared()
    let keys = try await project.run("key list --output json").json()
    let key = keys["keys"]?.arrayValue?.compactMap(\.objectValue).first { $0["role"] == "actor" }
    let keyid = try #require(key?["keyid"]?.stringValue)
    let started = try await state(of: project).events
      .first { $0["kind"] == "deployment.started.v1" }
    let position = try #require(started?["position"]?.integerValue)
    for (command, effect) in Self.effects.sorted(by: { $0.key < $1.key }) {
      guard case .takes(let action, let line) = effect else { continue }
      let before = try await state(of: project)
      let ran = await project.run(
        line.replacing("KEY", with: keyid).replacing("POSITION", with: "\(position)"))
      let after = try await state(of: project)

      #expect(ran.status == 77, "\(command): \(ran.notices)")
      #expect(ran.notices.contains("\(action)"), "\(command): \(ran.notices)")
      let new = after.events.dropFirst(before.events.count)
      #expect(new.allSatisfy { $0["kind"] == "access.decided.v1" }, "\(command): \(new)")
      let decided = new.compactMap { $0["data"]?.objectValue }
      #expect(decided.map { $0["decision"] } == ["deny"], "\(command)")
      #expect(decided.map { $0["action"] } == [.string(action)], "\(command)")
      #expect(after.files == before.files, "\(command)")
    }
    #expect(await project.run("verify").status == 0)
  }

  /// Two releases, a backup, Ben who is suspended, and Eve, who has a key and no grant; the
  /// administrator's key of the key ring is of somebody without a grant too.
  private func prepared() async throws -> Project {
    let project = try await Project()
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
    }
    try project.write("issuer.json", TestIssuer().keySet)
    for line in [
      "access issuer add \(TestIssuer.issuer) --audience stele --jwks issuer.json",
      "deploy development --build dist/one --reason because",
      "flag set development y 1 --new", "deploy development --build dist/two",
      "key add --role actor --key eve.pem",
      "key add --role actor --key ben.pem --grant viewer --environment all",
      "access suspend ben.pem --environment staging",
      "key add --role administrator --key mallory.pem",
      "backup copy",
    ] {
      let ran = await project.run(line)
      try #require(ran.status == 0, "\(line): \(ran.notices)")
    }
    // A denial of the same in the same environment would only be counted.
    for name in ["staging", "production"] {
      try project.write(
        "config/environments/\(name).yaml",
        Project.development.replacing("name: development", with: "name: \(name)"))
    }
    try project.write("bill.csv", Project.bill())
    try project.write("config/policy.yaml", "everywhere: {promotion: any}\n")
    let ring = try await project.keyRing() + "/administrator.pem"
    try FileManager.default.removeItem(atPath: ring)
    try FileManager.default.copyItem(atPath: project.file("mallory.pem"), toPath: ring)
    return project
  }

  private struct Seen {
    let events: [JSONObject]
    let files: Set<String>
  }

  /// What the ledger says, and what lies in the project beside it.
  private func state(of project: Project) async throws -> Seen {
    let lines = await project.run("log --output jsonl").results.split(separator: "\n")
    let names = try FileManager.default.subpathsOfDirectory(atPath: project.root)
    return Seen(
      events: try lines.compactMap { try JSONValue(parsing: String($0)).objectValue },
      files: Set(names.filter { !$0.hasPrefix(".stele") }))
  }

  private static func leaves(
    of command: any ParsableCommand.Type, _ path: [String] = []
  ) -> [String] {
    let configuration = command.configuration
    let children =
      configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
    guard !children.isEmpty else { return [path.joined(separator: " ")] }
    return children.flatMap { leaves(of: $0, path + [$0.configuration.commandName ?? ""]) }
  }
}
