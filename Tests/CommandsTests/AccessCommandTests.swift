import CanonicalJSON
import Events
import LedgerStore
import Testing

/// `stele access`: granting, suspending, and what can be seen of it.
@Suite struct AccessCommandTests {
  private let project: Project
  private let ada: String

  init() async throws {
    project = try await Project()
    let added = try await project.run("key add --role actor --key ada.pem --output json").json()
    ada = try #require(added["owner"]?.stringValue)
    try project.write("dist/one/orchestrator/serve", "#!/bin/sh\nexit 0\n")
  }

  private func check(_ words: String) async -> Project.Ran {
    await project.run("access check \(words)")
  }

  private func deploy() async -> Project.Ran {
    await project.run("deploy development --build dist/one --key ada.pem")
  }

  @Test func `a grant lets somebody act there, and nowhere else`() async throws {
    #expect(await deploy().status == 77)
    let granted = await project.run(
      "access grant ada.pem --role deployer --environment development --ticket OPS-12 --reason",
      "joins the team")

    #expect(granted.status == 0, "\(granted.notices)")
    #expect(granted.results.hasPrefix("granted deployer in development to \(ada), at position "))
    #expect(await deploy().status == 0)
    #expect(await check("ada.pem deployment.start development").status == 0)
    #expect(await check("ada.pem deployment.start production").status == 4)
    #expect(await check("ada.pem key.add all").status == 4)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a check of what names no environment is of any moment too`() async throws {
    _ = await project.run("access grant ada.pem --role deployer --environment development")
    let granted = try #require(
      try await project.run("log --kind access.granted.v1 --output json").json()["events"]?
        .arrayValue?.last?.objectValue?["recorded"]?.stringValue)

    #expect(await check("ada.pem build.record all@\(granted)").status == 0)
    let before = try Timestamp(parsing: granted).adding(milliseconds: -1)
    #expect(await check("ada.pem build.record all@\(before)").status == 4)
    #expect(await check("ada.pem build.record all@2999-01-01Z").status == 65)
    #expect(await check("ada.pem build.record all@yesterday").status == 64)
    #expect(await check("ada.pem build.record all#1").status == 64)
  }

  private func reviews(_ options: String = "") async throws -> [JSONObject] {
    let json = try await project.run("access review list --output json \(options)").json()
    return try #require(json["grants"]?.arrayValue).compactMap(\.objectValue)
  }

  private func review(_ words: String, because rationale: String) async -> Project.Ran {
    await project.run("access review decide \(words) --rationale", rationale)
  }

  @Test func `each grant is reviewed by somebody else, who keeps it or takes it away`() async throws
  {
    for environment in ["development", "staging"] {
      _ = await project.run("access grant \(ada) --role deployer --environment \(environment)")
    }
    let before = try await reviews().filter { $0["actor"] == .string(ada) }
    #expect(before.map { $0["grant"] } == [1, 2])
    #expect(before.allSatisfy { $0["reviewed"] == nil })
    let moment = try #require(before.last?["recorded"]?.stringValue)

    let kept = await review("ada.pem 1 --finding kept", because: "on call until March")
    let withdrawn = await review("ada.pem 2 --finding withdrawn", because: "left staging")

    #expect(
      kept.results.hasPrefix("reviewed and kept grant 1 of \(ada), at position "), "\(kept.notices)"
    )
    #expect(withdrawn.results.hasPrefix("reviewed and withdrew grant 2 of \(ada)"))
    #expect(await check("ada.pem deployment.start development").status == 0)
    #expect(await check("ada.pem deployment.start staging").status == 4)
    let after = try await reviews().filter { $0["actor"] == .string(ada) }
    #expect(after.map { $0["grant"] } == [1])
    #expect(after.first?["reviewed"]?.objectValue?["actor"]?.stringValue != nil)
    #expect(try await reviews("--at \(moment)").count == 1 + after.count + 1)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `what nobody has looked at is a negative verdict`() async throws {
    _ = await project.run("access grant \(ada) --role viewer --environment all")
    let given = try #require(try await reviews().last?["recorded"]?.stringValue)
    #expect(await project.run("access review list --since 2020-01-01Z").status == 0)

    let since = try Timestamp(parsing: given).adding(milliseconds: 1)
    let due = await project.run("access review list --since \(since)")

    #expect(due.status == 1)
    #expect(due.results.contains("viewer") && due.results.contains("never"))
    #expect(await project.run("access review list --since 2999-01-01Z").status == 65)
  }

  @Test func `a review of an own grant, or of none, is refused`() async throws {
    let own = try #require(try await reviews().first?["actor"]?.stringValue)
    let mine = await review("\(own) 1 --finding kept", because: "why not")
    #expect(mine.status == 4)
    #expect(mine.notices.contains("grant 1 is your own"))

    let none = await review("ada.pem 7 --finding kept", because: "why not")
    #expect(none.status == 65)
    #expect(none.notices.contains("has no grant 7"))
    _ = await project.run("access grant \(ada) --role viewer --environment all")
    let silent = await review("ada.pem 1 --finding kept", because: "")
    #expect(silent.status == 64)
    #expect(silent.notices.contains("Say why with --rationale"))
    #expect(await review("ada.pem 1 --finding fine", because: "so").status == 64)
  }

  @Test func `a check says which grant decided, and what it would take`() async throws {
    _ = await project.run(
      "access grant \(ada.prefix(30)) --role operator --environment staging production")
    let allowed = await check("\(ada) deployment.rollBack production")
    let denied = await check("\(ada) deployment.start production")
    let json = try await project.run(
      "access check \(ada) deployment.rollBack staging --output json"
    ).json()

    #expect(
      allowed.results.contains("allowed: deployment.rollBack in production to \(ada): grant"))
    #expect(allowed.results.contains("by the entry at position"))
    #expect(denied.status == 4)
    #expect(denied.results.contains("roleInsufficient"))
    #expect(denied.results.contains("it takes the role deployer or administrator"))
    #expect(json["decision"] == "allow")
    #expect(json["position"]?.integerValue != nil)
  }

  @Test(arguments: ["OPS-12 for Ada", "", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "Żółw"])
  func `a ticket is a name, and neither words nor a secret`(ticket: String) async throws {
    let ran = await project.run(
      "access grant ada.pem --role viewer --environment all --ticket", ticket)

    #expect(ran.status == 64, "\(ran.notices)")
    #expect(ran.notices.contains("is no ticket: write one like OPS-12, without blanks"))
    #expect(!ran.notices.contains("ghp_16C7"))
  }

  @Test func `who may deploy to one environment may not take the whole ledger out`() async throws {
    _ = await project.run("access grant ada.pem --role deployer --environment development")
    let one = await project.run("backup copy --key ada.pem")
    _ = await project.run("access grant ada.pem --role auditor --environment all")
    let all = await project.run("backup copy --key ada.pem")

    #expect(one.status == 77)
    #expect(one.notices.contains("environmentNotGranted"), "\(one.notices)")
    #expect(all.status == 0, "\(all.notices)")
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a check of a moment has the grants of then`() async throws {
    let before = SystemTime().now()
    _ = await project.run("access grant ada.pem --role deployer --environment development")

    #expect(await check("ada.pem deployment.start development").status == 0)
    #expect(await check("ada.pem deployment.start development@\(before)").status == 4)
  }

  @Test func `a suspension wins, and reinstating ends it`() async throws {
    _ = await project.run("access grant ada.pem --role deployer --environment all")
    let suspended = await project.run(
      "access suspend ada.pem --environment development --until 2999-01-01Z")
    let denied = await deploy()
    let checked = await check("ada.pem deployment.start development")
    let elsewhere = await check("ada.pem deployment.start staging")
    let matrix = await project.run("access matrix")
    _ = await project.run("access reinstate ada.pem")

    #expect(suspended.status == 0, "\(suspended.notices)")
    #expect(denied.status == 77)
    #expect(denied.notices.contains("suspended"))
    #expect(denied.notices.contains("stele access reinstate \(ada)"))
    #expect(checked.status == 4)
    #expect(checked.results.contains("stele access reinstate \(ada)"))
    #expect(!checked.results.contains("it takes the role"))
    #expect(elsewhere.status == 0)
    #expect(matrix.results.contains("suspended, deployer"))
    #expect(await deploy().status == 0)
    #expect(await project.run("access reinstate ada.pem").status == 65)
  }

  @Test func `a revoked grant counts no more`() async throws {
    _ = await project.run("access grant ada.pem --role deployer --environment development")
    _ = await project.run("access grant ada.pem --role auditor --environment all")
    let revoked = await project.run("access revoke ada.pem --role deployer")

    #expect(revoked.status == 0)
    #expect(await check("ada.pem deployment.start development").status == 4)
    #expect(await check("ada.pem ledger.export all").status == 0)
    #expect(await project.run("access revoke ada.pem --role deployer").status == 65)
    #expect(await project.run("access revoke ada.pem").status == 0)
    #expect(await check("ada.pem ledger.export all").status == 4)
  }

  @Test func `the matrix shows everybody's roles, now and then`() async throws {
    let before = SystemTime().now()
    _ = await project.run(
      "access grant ada.pem --role deployer --environment staging --application tamma")
    let now = await project.run("access matrix")
    let then = try await project.run("access matrix --output json --at", "\(before)").json()
    let ahead = await project.run("access matrix --at 2999-01-01Z")
    let lines = now.results.split(separator: "\n")

    #expect(lines.first?.contains("PRODUCTION") == true)
    let row = try #require(lines.first { $0.hasPrefix(ada) })
    #expect(row.contains("deployer of tamma"))
    #expect(then["grants"]?.arrayValue?.count == 1)
    #expect(then["grants"]?.arrayValue?.first?.objectValue?["role"] == "administrator")
    #expect(ahead.status == 65)
  }

  @Test func `the log has every decision, and can be narrowed`() async throws {
    _ = await deploy()
    let all = try await project.run("access log --output json").json()
    let denied = try await project.run(
      "access log development --denied --actor \(ada) --output json"
    ).json()
    let none = await project.run("access log production")
    let one = try await project.run("access log --limit 1 --output jsonl").json()

    let decisions = try #require(all["decisions"]?.arrayValue).compactMap(\.objectValue)
    #expect(decisions.map { $0["action"] } == ["key.add", "deployment.start"])
    #expect(denied["decisions"]?.arrayValue?.count == 1)
    #expect(none.results == "no decision matches\n")
    #expect(one["number"]?.integerValue != nil)
  }

  @Test(arguments: [60, 80]) func `tables of access fit the terminal`(columns: Int) async throws {
    _ = await deploy()
    _ = await project.run("access grant ada.pem --role deployer --environment all")
    for line in ["access log", "access matrix"] {
      let ran = await project.run(line, columns: columns)
      let widest = ran.results.split(separator: "\n").map(\.count).max() ?? 0
      #expect((1...columns).contains(widest), "\(line): \(ran.results)")
    }
  }

  @Test func `the last who may change access cannot be shut out`() async throws {
    let matrix = try await project.run("access matrix --output json").json()
    let grants = try #require(matrix["grants"]?.arrayValue).compactMap(\.objectValue)
    let founder = try #require(grants.first?["actor"]?.stringValue)

    for line in [
      "access revoke \(founder)", "access revoke \(founder) --role administrator",
      "access suspend \(founder) --environment all",
    ] {
      let ran = await project.run(line)
      #expect(ran.status == 77, "\(line)")
      #expect(ran.notices.contains("nobody is left who may change access"))
    }
    #expect(await project.run("access suspend \(founder) --environment production").status == 0)
  }

  @Test(arguments: [
    (
      "access grant nobody --role deployer --environment all", 65,
      "no key, no grant and no identity is of"
    ),
    ("access grant 0 --role deployer --environment all", 65, "Write more of it"),
    ("access grant ada.pem --role king --environment all", 64, "king"),
    ("access grant ada.pem --role deployer --environment mars", 64, "'mars' is no environment"),
    (
      "access grant ada.pem --role deployer --environment all --until 2001-01-01Z", 65,
      "it would be over at 2001-01-01"
    ),
    ("access check ada.pem deployment.begin production", 64, "'deployment.begin' is no action"),
    ("access log --limit 0", 64, "--limit is 1 or more"),
  ])
  func `what makes no sense is refused in words`(line: String, status: Int32, words: String) async {
    let ran = await project.run(line)

    #expect(ran.status == status, "\(ran.notices)")
    #expect(ran.notices.contains(words), "\(ran.notices)")
  }
}
