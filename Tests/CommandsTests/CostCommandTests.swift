import CanonicalJSON
import Events
import LedgerStore
import Testing

@testable import Commands

/// `stele cost`, and what a budget does to deployments.
@Suite struct CostCommandTests {
  private let project: Project
  private let today: String
  private let month: String

  init() async throws {
    project = try await Project()
    let now = SystemTime().now()
    today = Project.Charge.day(0, of: now)
    month = "\(CalendarMonth(of: now))"
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
    }
  }

  private func budget(_ text: String) throws {
    try project.write("config/policy.yaml", "development: {budget: {\(text)}}\n")
  }

  private func bill(_ charges: (amount: String, service: String)..., day: String? = nil) throws {
    try project.write(
      "bill.csv",
      Project.bill(
        charges.map {
          Project.Charge(
            amount: $0.amount, day: day ?? today, service: $0.service,
            tags: #"{"environment":"dev"}"#)
        }))
  }

  private func events(_ kind: String) async throws -> [JSONObject] {
    let log = try await project.run("log --kind \(kind) --output json").json()
    return try #require(log["events"]?.arrayValue).compactMap(\.objectValue)
  }

  @Test func `a bill is recorded once, by the program, for whoever imports it`() async throws {
    try bill(("1.5", "compute"), ("0.25", "compute"), ("-0.1", "store"))
    let first = await project.run("cost import bill.csv")
    let again = await project.run("cost import bill.csv")
    let costs = try await events("cost.imported.v1")

    #expect(first.status == 0, "\(first.notices)")
    #expect(first.results.contains("billed    1.65 EUR in 3 charges"))
    #expect(first.results.contains("recorded  1.65 EUR"))
    #expect(first.results.contains("left out  0.00 EUR"))
    #expect(again.status == 0)
    #expect(again.results.contains("nothing was recorded: all of it was known"))
    #expect(
      costs.compactMap { $0["data"]?.objectValue?["amountMicros"] } == [1_750_000, -100_000])
    let position = try #require(costs.first?["position"]?.integerValue)
    let entry = try await project.run("show \(position) --output json").json()
    #expect(entry["because"]?.arrayValue?.count == 1)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `what sums up is said to the last decimal`() async throws {
    try project.write(
      "bill.csv",
      Project.bill([
        .init(amount: "0.0000004", day: today, tags: #"{"environment":"development"}"#),
        .init(amount: "0.3", day: today, tags: #"{"environment":"qa"}"#),
        .init(amount: "2", day: today),
      ]))
    let ran = await project.run("cost import bill.csv --output json")
    let json = try ran.json()

    #expect(json["total"] == "2.3000004")
    #expect(json["recorded"] == "0.00")
    #expect(json["rounding"] == "-0.0000004")
    #expect(
      json["leftOut"] == [
        ["amount": "0.30", "name": "qa", "rows": 1], ["amount": "2.00", "rows": 1],
      ])
    #expect(ran.notices.contains("left out: 0.30 EUR in 1 charge; their tag names qa"))
    #expect(ran.notices.contains("--rest ENVIRONMENT"))
    let rest = try await project.run("cost import bill.csv --rest staging --output json").json()
    #expect(
      rest["environments"] == [
        [
          "added": 0, "environment": "development", "replaced": 0, "takenBack": 0, "unchanged": 1,
        ],
        ["added": 1, "environment": "staging", "replaced": 0, "takenBack": 0, "unchanged": 0],
      ])
  }

  @Test func `what a bill says otherwise is refused, and with the word for it replaces`()
    async throws
  {
    try bill(("1", "compute"), ("2", "store"))
    _ = await project.run("cost import bill.csv")
    let before = try await project.run("verify --output json").json()["size"]
    try bill(("1.25", "compute"))
    let refused = await project.run("cost import bill.csv")
    let after = try await project.run("verify --output json").json()["size"]
    let replaced = await project.run("cost import bill.csv --replace")
    let shown = try await project.run("cost development --output json").json()

    #expect(refused.status == 65)
    #expect(
      refused.notices.contains(
        """
        Nothing was recorded: of 2 charges the bill says something else than what was imported \
        before.
          development \(today) compute: 1.00 EUR, now 1.25 EUR
          development \(today) store: 2.00 EUR, not in the bill
        """), "\(refused.notices)")
    #expect(before == after)
    #expect(replaced.status == 0, "\(replaced.notices)")
    let spent = shown["costs"]?.arrayValue?.compactMap { $0.objectValue?["spentMicros"] }
    #expect(spent == [1_250_000, 0])
  }

  @Test func `a bill that is wrong records nothing, and says where`() async throws {
    try project.write("bill.csv", Project.bill().replacing("Usage", with: "usage"))
    let ran = await project.run("cost import bill.csv --environment development")
    let missing = await project.run("cost import none.csv")

    #expect(ran.status == 65)
    #expect(ran.notices.contains("bill.csv:2:36: ChargeCategory: \"usage\" is not known"))
    #expect(missing.status == 69)
    #expect(try await events("cost.imported.v1").isEmpty)
    for line in [
      "cost import", "cost import a.csv --environment dev --tag x",
      "cost import a.csv --environment mars", "cost import a.csv --rest mars",
    ] {
      #expect(await project.run(line).status == 64, "\(line)")
    }
  }

  @Test func `costs are shown by month and service, against the budget`() async throws {
    try budget("monthly: 2, currency: EUR")
    try bill(("0.5", "compute"), ("2", "store"))
    _ = await project.run("cost import bill.csv")
    let table = await project.run("cost")
    let json = try await project.run("cost show dev --output json").json()
    let records = try #require(json["costs"]?.arrayValue).compactMap(\.objectValue)

    let lines = table.results.split(separator: "\n").map {
      $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
    #expect(lines.count == 4, "\(table.results)")
    #expect(lines[1].hasPrefix("development \(month) all 2.50 EUR 2.00 EUR 125.0 %"))
    #expect(lines[2].hasPrefix("development \(month) compute 0.50 EUR 2.00 EUR 25.0 %"))
    #expect(records.map { $0["service"] } == ["compute", "store"])
    #expect(records.map { $0["sharePpm"] } == [250_000, 1_000_000])
    #expect(records.map { $0["budgetMicros"] } == [2_000_000, 2_000_000])
    #expect(records.allSatisfy { ($0["ageMs"]?.integerValue ?? -1) >= 0 })
  }

  @Test func `no data is not nothing`() async throws {
    let empty = await project.run("cost")
    try budget("monthly: 2, currency: EUR")
    let unknown = await project.run("cost development")
    let json = try await project.run("cost development --output json").json()

    #expect(empty.results == "no cost is known and no budget is set: stele cost import FILE\n")
    #expect(unknown.results.contains("no data"))
    #expect(unknown.results.contains("never"))
    let record = try #require(json["costs"]?.arrayValue?.first?.objectValue)
    #expect(record["spentMicros"] == nil)
    #expect(record["budgetMicros"] == 2_000_000)
  }

  @Test func `a time narrows what is shown, and a part of a month has no budget`() async throws {
    try budget("monthly: 2, currency: EUR")
    try bill(("1", "compute"), day: "2026-01-05")
    _ = await project.run("cost import bill.csv")
    let past = await project.run("cost --from 2026-01-01Z --until 2026-02-01Z")
    let part = await project.run("cost --from 2026-01-02Z --until 2026-02-01Z")
    let other = await project.run("cost --from 2026-02-01Z --until 2026-03-01Z")

    #expect(past.results.contains("50.0 %"))
    #expect(part.results.contains("1.00 EUR"))
    #expect(!part.results.contains("2.00 EUR"))
    #expect(other.results.contains("no cost is known"))
    #expect(await project.run("cost --from 2026-02-01Z --until 2026-01-01Z").status == 64)
    #expect(await project.run("cost --from yesterday").status == 64)
  }

  @Test func `a past moment shows what had been imported by then`() async throws {
    _ = await project.run("deploy development --build dist/one")
    try bill(("1", "compute"))
    _ = await project.run("cost import bill.csv")
    _ = await project.run("deploy development --build dist/two")
    try bill(("5", "compute"))
    _ = await project.run("cost import bill.csv --replace")

    #expect(await project.run("cost development#1").results.contains("1.00 EUR"))
    #expect(await project.run("cost development").results.contains("5.00 EUR"))
    #expect(await project.run("cost development#9").status == 65)
  }

  @Test func `a month that has cost more than its budget denies deployments, and no way back`()
    async throws
  {
    _ = await project.run("deploy development --build dist/one")
    _ = await project.run("deploy development --build dist/two")
    try budget("monthly: 2, currency: EUR")
    try bill(("2.5", "compute"))
    _ = await project.run("cost import bill.csv")
    let deploy = await project.run("deploy development --build dist/one")
    let back = await project.run("rollback development")
    let verdict = try #require(
      try await events("policy.decided.v1").last?["data"]?.objectValue)

    #expect(deploy.status == 6)
    #expect(
      deploy.notices.contains(
        """
        Nothing was changed: the budget denies a deployment of development.
        development/budget: \(month) may cost 2.00 EUR and has cost 2.50 EUR; known until
        """), "\(deploy.notices)")
    #expect(deploy.notices.contains("stele cost development"))
    #expect(back.status == 0, "\(back.notices)")
    #expect(verdict["decision"] == "deny")
    #expect(
      verdict["spent"]?.objectValue?["amounts"] == [["amountMicros": 2_500_000, "currency": "EUR"]])
    #expect(
      verdict["violations"] == [
        [
          "field": "cost.month.amountMicros", "found": "2.50 EUR", "rule": "development/budget",
        ]
      ])
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a promotion is held to the budget too, and its plan says so`() async throws {
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging"))
    try project.write(
      "config/policy.yaml", "staging: {budget: {monthly: 0, currency: EUR}}\n")
    _ = await project.run("deploy development --build dist/one")
    let free = await project.run("promote development staging --plan")
    try bill(("0.01", "compute"))
    _ = await project.run("cost import bill.csv --environment staging")
    let plan = await project.run("promote development staging --plan")
    let ran = await project.run("promote development staging")

    #expect(free.status == 2, "\(free.notices)")
    #expect(plan.status == 6)
    #expect(plan.notices.contains("may cost 0.00 EUR and has cost 0.01 EUR"))
    #expect(ran.status == 6)
  }

  @Test func `within its budget a deployment goes on, and the verdict says what was known`()
    async throws
  {
    try budget("monthly: 2, currency: EUR")
    try bill(("2", "compute"))
    _ = await project.run("cost import bill.csv")
    let deploy = await project.run("deploy development --build dist/one")
    let verdict = try #require(
      try await events("policy.decided.v1").last?["data"]?.objectValue)

    #expect(deploy.status == 0, "\(deploy.notices)")
    #expect(verdict["decision"] == "allow")
    #expect(
      verdict["spent"]?.objectValue?["amounts"] == [["amountMicros": 2_000_000, "currency": "EUR"]])
    let rule = try #require(verdict["rules"]?.arrayValue?.last?.objectValue)
    #expect(rule["value"] == 2_000_000)
    #expect(rule["withoutData"] == "deny")
  }

  @Test func `an environment that is new has no bill yet, and may be deployed`() async throws {
    try budget("monthly: 2, currency: EUR")

    for words in ["one", "two"] {
      let ran = await project.run("deploy development --build dist/\(words)")
      #expect(ran.status == 0, "\(ran.notices)")
    }
  }

  @Test func `a configuration costs nothing until it is deployed`() async throws {
    try budget("monthly: 0, currency: EUR")
    try bill(("1", "compute"))
    _ = await project.run("cost import bill.csv")

    #expect(await project.run("config apply development").status == 0)
    #expect(await project.run("deploy development --build dist/one").status == 6)
  }

  @Test func `another currency than the budget's is too little to say`() async throws {
    try budget("monthly: 2, currency: USD")
    try bill(("1", "compute"))
    _ = await project.run("cost import bill.csv")
    let denied = await project.run("deploy development --build dist/one")
    try budget("monthly: 2, currency: USD, withoutData: allow")
    let allowed = await project.run("deploy development --build dist/one")

    #expect(denied.status == 3)
    #expect(denied.notices.contains("may cost 2.00 USD and has cost 1.00 EUR"))
    #expect(denied.notices.contains("stele cost import FILE"))
    #expect(allowed.status == 0, "\(allowed.notices)")
  }

  @Test(arguments: [
    ("monthly: -1, currency: EUR", "monthly: -1 is out of range"),
    ("monthly: 1.0000001, currency: EUR", "monthly: 1.0000001 is finer than a millionth"),
    ("monthly: 1, currency: eur", "currency: eur is not accepted"),
    ("monthly: 1", "currency: is missing"), ("currency: EUR", "monthly: is missing"),
    ("monthly: 1, currency: EUR, maxAgeDays: 0", "maxAgeDays: 0 is out of range"),
    ("monthly: 1, currency: EUR, withoutData: pass", "withoutData: pass is not known here"),
    ("monthly: 1, currency: EUR, montly: 2", "montly: is not a field; did you mean monthly?"),
  ])
  func `a budget that is wrong is one problem with its place`(
    text: String, words: String
  ) async throws {
    try budget(text)
    let ran = await project.run("config validate development")

    #expect(ran.status == 1)
    let problems = ran.results.split(separator: "\n").filter { $0.contains("policy.yaml") }
    #expect(problems.count == 1, "\(ran.results)")
    #expect(problems.first?.contains("development.budget.\(words)") == true, "\(ran.results)")
  }
}
