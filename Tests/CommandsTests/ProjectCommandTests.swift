import CanonicalJSON
import Foundation
import Testing

/// `stele init`, `config` and `build`.
@Suite struct ProjectCommandTests {
  @Test func `init says where everything is, once`() async throws {
    let project = try await Project(isInitialized: false)

    let made = await project.run("init tamma")
    let again = await project.run("init tamma")

    #expect(made.status == 0, "\(made.notices)")
    #expect(made.results.contains("ledger        \(project.root)/.stele"))
    #expect(made.notices.contains("recovery.pem"))
    #expect(again.status == 73)
    #expect(again.results.isEmpty)
  }

  @Test func `a ledger needs a name that fits`() async throws {
    let project = try await Project(isInitialized: false)

    #expect(await project.run("init", "two words").status == 64)
    #expect(await project.run("nonsense").status == 64)
    #expect(await project.run("--help").status == 0)
  }

  @Test func `a configuration is valid, or every problem is listed`() async throws {
    let project = try await Project()
    let good = await project.run("config validate development")
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("cpu: 250m", with: "cpu: lots")
        .replacing("level: debug", with: "level: loud"))

    let bad = try await project.run("config validate development --output json").json()

    #expect(good.status == 0, "\(good.results)")
    #expect(good.results == "valid: development\n")
    #expect(bad["valid"] == false)
    #expect(bad["problems"]?.arrayValue?.count == 2)
    #expect(await project.run("config validate development").status == 1)
    #expect(await project.run("config apply development").status == 78)
  }

  @Test func `a configuration without one of its files is not valid`() async throws {
    let project = try await Project()
    let other = Project.development.replacing("name: development", with: "name: staging")
    try project.write("config/environments/staging.yaml", other)
    try project.write("config/environments/prod.yaml", other)

    let ran = await project.run("config validate")
    let one = await project.run("config validate production")
    try project.write(
      "config/environments/production.yaml",
      Project.development.replacing("name: development", with: "name: production"))
    try FileManager.default.removeItem(atPath: project.file("config/environments/prod.yaml"))
    let whole = await project.run("config validate")

    #expect(ran.status == 1)
    let lines = ran.results.split(separator: "\n", omittingEmptySubsequences: true)
    #expect(lines.last == "2 problems", "\(ran.results)")
    #expect(
      ran.results.contains("config/environments/prod.yaml:1:1: nobody reads a file of this name"))
    #expect(ran.results.contains("staging.yaml, production.yaml, base.yaml"))
    #expect(ran.results.contains("config/environments/production.yaml:1:1: there is no such file"))
    #expect(one.status == 1)
    #expect(one.results.contains("config/environments/prod.yaml"))
    #expect(whole.status == 0, "\(whole.results)")
    #expect(whole.results == "valid: development, staging, production\n")
  }

  @Test func `no configuration at all is not a valid one, and an unreadable one neither`()
    async throws
  {
    let project = try await Project()
    let path = project.file("config/environments/development.yaml")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let unreadable = await project.run("config validate development")
    try FileManager.default.removeItem(atPath: project.file("config"))
    let nothing = await project.run("config validate")

    #expect(unreadable.status == 1)
    #expect(unreadable.results.contains("development.yaml:1:1: it cannot be read: "))
    #expect(nothing.status == 78)
    #expect(nothing.results == "")
    #expect(nothing.notices.contains("config/application.yaml was not read"))
  }

  @Test func `names in a file move no cursor, and a token in it is refused unseen`() async throws {
    let project = try await Project()
    let token = "AKIA" + "IOSFODNN7EXAMPLE"
    try project.write(
      "config/environments/development.yaml",
      Project.development + "\n\"\\e[2Jx\": 1\n\"\\u202Ey\": 1\n\(token): 1\n")

    let bad = await project.run("config validate development")

    #expect(bad.status == 1)
    #expect(bad.results.contains("\\u{1B}[2Jx"))
    #expect(bad.results.contains("\\u{202E}y"))
    #expect(
      !(bad.results + bad.notices).unicodeScalars.contains {
        "\u{1B}\u{202E}".unicodeScalars.contains($0)
      })
    #expect(!(bad.results + bad.notices).contains(token))
  }

  @Test func `the resolved configuration is shown, applied once, and then unchanged`() async throws
  {
    let project = try await Project()

    let shown = await project.run("config show development")
    let applied = await project.run("config apply development")
    let again = try await project.run("config apply development --output json").json()

    #expect(shown.status == 0, "\(shown.notices)")
    #expect(shown.results.contains("deployment.strategy"))
    #expect(applied.status == 0, "\(applied.notices)")
    #expect(applied.results.contains("development#1: configuration 1 is recorded and pending"))
    #expect(again["changed"] == false)
  }

  @Test func `an environment that two variables disagree on changes nothing`() async throws {
    let project = try await Project()

    let ran = await project.run(
      "config apply",
      variables: ["STELE_ENVIRONMENT": "staging", "NODE_ENV": "development"])

    #expect(ran.status == 78, "\(ran.notices)")
  }

  @Test func `a build is its bytes: the same again is known`() async throws {
    let project = try await Project()

    let first = try await project.run("build --output json").json()
    let second = try await project.run("build --output json").json()
    let listed = await project.run("builds").results.split(separator: "\n")

    #expect(first["known"] == false)
    #expect(second["known"] == true)
    #expect(first["build"] == second["build"])
    #expect(listed.count == 2)
  }
}
