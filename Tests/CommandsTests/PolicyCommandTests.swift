import CanonicalJSON
import Testing

/// `config/policy.yaml` on the command line: found by `config validate`, kept by whatever records.
@Suite struct PolicyCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    try project.write("dist/one/orchestrator/serve", "#!/bin/sh\nexit 0\n")
  }

  private func allow(_ strategy: String) throws {
    try project.write(
      "config/policy.yaml",
      "development: {rules: {strategy: {field: deployment.strategy, is: \(strategy)}}}\n")
  }

  private func verdicts() async throws -> [JSONObject] {
    let log = await project.run("log --kind policy.decided.v1 --output json")
    return try #require(try log.json()["events"]?.arrayValue).compactMap(\.objectValue)
  }

  @Test func `a configuration that breaks a rule is not valid, with the place of the value`()
    async throws
  {
    try allow("blue-green")
    let ran = await project.run("config validate development")

    #expect(ran.status == 1)
    #expect(
      ran.results.contains(
        "config/environments/development.yaml:15:13: deployment.strategy: rolling breaks "
          + "development/strategy in development; write blue-green"))
  }

  @Test func `a rule for everywhere is broken in each environment by name`() async throws {
    for name in ["staging", "production"] {
      try project.write(
        "config/environments/\(name).yaml",
        Project.development.replacing("name: development", with: "name: \(name)"))
    }
    try project.write(
      "config/policy.yaml",
      "everywhere: {rules: {strategy: {field: deployment.strategy, is: blue-green}}}\n")
    let ran = await project.run("config validate")

    #expect(ran.status == 1)
    for name in ["development", "staging", "production"] {
      #expect(
        ran.results.contains(
          "config/environments/\(name).yaml:15:13: deployment.strategy: rolling breaks "
            + "everywhere/strategy in \(name); write blue-green"))
    }
  }

  @Test(arguments: ["config apply development", "deploy development --build dist/one"])
  func `what breaks a rule is denied and recorded, and nothing else happens`(
    line: String
  ) async throws {
    try allow("blue-green")
    let ran = await project.run(line)
    let verdict = try #require(try await verdicts().first?["data"]?.objectValue)

    #expect(ran.status == 4)
    #expect(
      ran.notices.contains(
        "development/strategy: deployment.strategy is rolling, and has to be blue-green"))
    #expect(verdict["decision"] == "deny")
    #expect(verdict["rules"]?.arrayValue?.count == 1)
    #expect(
      verdict["violations"] == [
        [
          "field": "deployment.strategy", "found": "rolling", "rule": "development/strategy",
        ]
      ])
    #expect(await project.run("releases development").results.contains("development#1") == false)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `what keeps the rules goes on, and cites its verdict`() async throws {
    try allow("rolling")
    let ran = await project.run("deploy development --build dist/one")
    let verdict = try #require(try await verdicts().first)
    let position = try #require(verdict["position"]?.integerValue)
    let started = await project.run("log --kind deployment.started.v1 --output json")
    let shown = await project.run("show \(position) --output json")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(verdict["data"]?.objectValue?["decision"] == "allow")
    let start = try #require(try started.json()["events"]?.arrayValue?.first?.objectValue)
    let place = try #require(start["position"]?.integerValue)
    let release = try await project.run("show \(place) --output json").json()
    let entry = try #require(try shown.json()["entry"])
    #expect(release["because"]?.arrayValue?.count == 2)
    #expect(release["because"]?.arrayValue?.last == entry)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `too little capacity is a violation too`() async throws {
    try project.write(
      "config/policy.yaml", "everywhere: {capacity: {cpu: 500m, memory: 1Gi, storage: 9Gi}}\n")
    let valid = await project.run("config validate development")
    let applied = await project.run("config apply development")

    #expect(valid.status == 1)
    #expect(
      valid.results.contains(
        "config/policy.yaml:1:30: development.capacity: is too little: "
          + "cpu: 800m needed, 500m available"), "\(valid.results)")
    #expect(applied.status == 4)
    #expect(applied.notices.contains("development/capacity: cpu: 800m needed, 500m available"))
  }

  @Test func `a rollback restores what was judged in its time`() async throws {
    try project.write("dist/two/orchestrator/serve", "#!/bin/sh\necho two\nexit 0\n")
    _ = await project.run("deploy development --build dist/one")
    _ = await project.run("deploy development --build dist/two")
    try allow("blue-green")
    let back = await project.run("rollback development")

    #expect(back.status == 0, "\(back.notices)")
    #expect(try await verdicts().isEmpty)
  }

  private func freeze() throws {
    try project.write(
      "config/policy.yaml",
      """
      development:
        freezeWindows:
          always: {cron: "* * * * *", durationHours: 2, because: the year is closed}
      """)
  }

  @Test(arguments: ["config apply development", "deploy development --build dist/one"])
  func `what would change a frozen environment is denied, with window, end and what works`(
    line: String
  ) async throws {
    try freeze()
    let ran = await project.run(line)
    let verdict = try #require(try await verdicts().first?["data"]?.objectValue)

    #expect(ran.status == 4)
    #expect(
      ran.notices.contains("Nothing was changed: development is frozen for more than 366 days."))
    let window =
      #/
      development/freezeWindows/always:\ open\ until\ [-0-9]+\ [:0-9]+Z,
      \ \*\ \*\ \*\ \*\ \*\ \(UTC\)\ for\ 120\ min:\ the\ year\ is\ closed
      /#
    #expect(ran.notices.contains(window))
    #expect(ran.notices.contains("Going back works at any time: stele rollback development"))
    #expect(verdict["decision"] == "deny")
    #expect(
      verdict["rules"] == [
        [
          "because": "the year is closed", "condition": "outside", "field": "time",
          "id": "development/freezeWindows/always",
          "value": ["cron": "* * * * *", "durationMinutes": 120],
        ]
      ])
    let violation = try #require(verdict["violations"]?.arrayValue?.first?.objectValue)
    #expect(violation["rule"] == "development/freezeWindows/always")
    #expect(violation["field"] == "time")
    #expect(await project.run("releases development").results.contains("development#1") == false)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a window that is not open lets through, and the verdict says what was asked`()
    async throws
  {
    try project.write(
      "config/policy.yaml",
      "development: {freezeWindows: {leap: {cron: 0 0 29 2 *, durationHours: 0.5}}}\n")
    let ran = await project.run("config apply development")
    let verdict = try #require(try await verdicts().first?["data"]?.objectValue)

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(verdict["decision"] == "allow")
    #expect(verdict["rules"]?.arrayValue?.count == 1)
  }

  @Test func `a promotion into a frozen environment is denied, and its plan says so`() async throws
  {
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging"))
    _ = await project.run("deploy development --build dist/one")
    try project.write(
      "config/policy.yaml",
      "staging: {freezeWindows: {always: {cron: '* * * * *', durationHours: 2}}}\n")
    let planned = await project.run("promote development staging --plan")
    let ran = await project.run("promote development staging --yes")

    #expect(planned.status == 4)
    #expect(planned.notices.contains("staging/freezeWindows/always: open until"))
    #expect(ran.status == 4)
    #expect(ran.notices.contains("Nothing was changed: staging is frozen"))
  }

  @Test func `going back is never frozen`() async throws {
    try project.write("dist/two/orchestrator/serve", "#!/bin/sh\necho two\nexit 0\n")
    _ = await project.run("deploy development --build dist/one")
    _ = await project.run("deploy development --build dist/two")
    try freeze()
    let back = await project.run("rollback development")

    #expect(back.status == 0, "\(back.notices)")
    #expect(try await verdicts().isEmpty)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a policy that is wrong stops what would rest on it`() async throws {
    try project.write("config/policy.yaml", "development: {rule: {}}\n")
    let valid = await project.run("config validate")
    let applied = await project.run("config apply development")

    #expect(valid.status == 1)
    #expect(
      valid.results.contains(
        "config/policy.yaml:1:15: development.rule: is not a field; did you mean rules?"))
    #expect(applied.status == 78)
    #expect(try await verdicts().isEmpty)
  }

  @Test func `what is adopted alone lets in, and is shown beside what the files say`()
    async throws
  {
    let nothing = await project.run("policy adopt")
    try allow("rolling")
    let before = await project.run("policy show")
    let adopted = await project.run("policy adopt --ticket OPS-12 --reason", "agreed")
    let same = await project.run("policy show")
    try project.write("config/policy.yaml", "everywhere: {promotion: any}\n")
    let weaker = await project.run("policy show")
    let denied = await project.run("deploy development --build dist/one")
    let kept = await project.run("releases development")

    #expect(nothing.status == 78)
    #expect(nothing.notices.contains("there is no config/policy.yaml to adopt"))
    #expect(before.status == 2)
    #expect(before.results.contains("adopted  none: whoever deploys says what has to hold"))
    #expect(adopted.status == 0, "\(adopted.notices)")
    #expect(adopted.results.contains("development.rules.development/strategy"))
    #expect(adopted.results.contains(/policy [0-9a-f]{12} counts from position \d+ on/))
    #expect(same.status == 0)
    #expect(same.results.contains("no difference"))
    #expect(weaker.status == 2)
    #expect(weaker.results.contains("development.rules.development/strategy"))
    #expect(denied.status == 4)
    #expect(denied.notices.contains("config/policy.yaml is not what was adopted"))
    #expect(denied.notices.contains("stele policy adopt"))
    #expect(!kept.results.contains("development#1"))
    #expect(await project.run("verify").status == 0)
  }

  @Test func `what was adopted at a moment is shown without the files`() async throws {
    try allow("rolling")
    _ = await project.run("policy adopt")
    let now = await project.run("policy show --output json")
    let then = await project.run("policy show --at 2020-01-01Z")
    let recorded = try #require(try now.json()["adopted"]?.objectValue?["recorded"]?.stringValue)
    let later = await project.run("policy show --at \(recorded) --output json")

    #expect(then.status == 0, "\(then.notices)")
    #expect(then.results.contains("adopted  none"))
    #expect(!then.results.contains("files"))
    #expect(later.status == 0, "\(later.notices)")
    #expect(try later.json()["difference"]?.arrayValue?.isEmpty == false)
    let rules = await project.run("policy show --at \(recorded)")
    #expect(rules.results.contains("development.rules.development/strategy"))
  }
}
