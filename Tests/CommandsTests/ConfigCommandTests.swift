import CanonicalJSON
import Foundation
import Testing

/// `stele config explain`, `diff` and `schema`, and variables that override.
@Suite struct ConfigCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    try project.write("config/environments/base.yaml", "description: Inherited\n")
  }

  private func explained(_ path: String) async throws -> [JSONObject] {
    let ran = await project.run("config explain \(path) development --output json")
    return try #require(try ran.json()["fields"]?.arrayValue).compactMap(\.objectValue)
  }

  @Test func `a value is explained by its layers, then by who recorded it`() async throws {
    let before = try #require(try await explained("description").first)
    _ = await project.run("config apply development")
    let after = try #require(try await explained("description").first)
    let shown = await project.run("config explain description development")

    #expect(before["value"] == "For tests")
    #expect(
      before["layers"]?.arrayValue?.map { $0.objectValue?["layer"] } == ["base", "environment"])
    #expect(
      before["layers"]?.arrayValue?.map { $0.objectValue?["file"] }
        == ["config/environments/base.yaml", "config/environments/development.yaml"])
    #expect(before["layers"]?.arrayValue?.last?.objectValue?["line"] == 2)
    #expect(before["release"] == nil)
    #expect(after["release"] == 1)
    #expect(after["configurationVersion"] == 1)
    #expect(after["actor"]?.stringValue != nil)
    #expect(shown.results.contains("development#1"))
    #expect(
      shown.results.contains(
        "description: Inherited in config/environments/base.yaml:1:14 is overruled"))
  }

  @Test func `a value changed since is pending, and the release that changes it is named`()
    async throws
  {
    _ = await project.run("config apply development")
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("replicas: 1,", with: "replicas: 2,"))
    let pending = try await explained("resources.orchestrator")
    _ = await project.run("config apply development")
    let recorded = try await explained("resources.orchestrator")

    #expect(pending.map { $0["release"] } == [nil, 1, 1, 1])
    #expect(recorded.map { $0["release"] } == [2, 1, 1, 1])
  }

  @Test func `the application's values are explained too`() async throws {
    _ = await project.run("config apply development")
    let leaves = try await explained("all")
    let releases = Dictionary(
      uniqueKeysWithValues: leaves.map { ($0["path"]?.stringValue ?? "", $0["release"]) })

    for path in [
      "application", "components.orchestrator.command", "components.orchestrator.port.development",
      "components.orchestrator.environment.PORT", "rollout.bakeSeconds",
      "deployment.healthCheckInterval", "deployment.rollback.timeout",
    ] {
      #expect(releases[path] == .some(1), "\(path)")
    }
    #expect(releases["components.orchestrator.port.production"] == nil)
  }

  @Test func `nothing recorded is pending, and of what no release says that is said`() async throws
  {
    _ = await project.run("config apply development")
    let ran = await project.run("config explain all development")

    #expect(!ran.results.contains("pending"), "\(ran.results)")
    #expect(ran.results.contains("not recorded"))
  }

  @Test func `what is left out of the rollout is explained by its default`() async throws {
    try project.write(
      "config/application.yaml",
      Project.application.replacing("  bakeSeconds: 0\n", with: ""))

    let one = try #require(try await explained("rollout.bakeSeconds").first)
    let shown = await project.run("config explain rollout.bakeSeconds development")
    let schema = await project.run("config schema application").results

    #expect(one["value"] == "10")
    #expect(one["layers"]?.arrayValue?.isEmpty == true)
    #expect(shown.results.contains("default"), "\(shown.results)")
    #expect(try await explained("rollout").count == 7)
    #expect(schema.contains("\"default\" : 10"))
  }

  @Test func `without a ledger everything is pending`() async throws {
    let bare = try await Project(isInitialized: false)
    let ran = await bare.run("config explain deployment.strategy development")

    #expect(ran.status == 0)
    #expect(ran.results.contains("rolling"))
    #expect(ran.results.contains("pending"))
  }

  @Test func `a path that names nothing gets a suggestion`() async {
    let ran = await project.run("config explain deployment.strategie development")

    #expect(ran.status == 64)
    #expect(ran.notices.contains("deployment.strategie is no field or section"))
    #expect(ran.notices.contains("Did you mean deployment.strategy?"))
  }

  @Test func `a variable overrides, and every command that uses the files says so`() async throws {
    let variables = ["STELE__RESOURCES__WORKERS__MAXREPLICAS": "7"]
    let applied = await project.run("config apply development", variables: variables)
    let explained = try await project.run(
      "config explain resources.workers.maxReplicas development --output json",
      variables: variables
    ).json()
    let wrong = await project.run(
      "config validate development", variables: ["STELE__RESOURCES__WORKER": "7"])

    #expect(applied.status == 0)
    #expect(
      applied.notices.contains(
        "STELE__RESOURCES__WORKERS__MAXREPLICAS sets resources.workers.maxReplicas"))
    let layer = explained["fields"]?.arrayValue?.first?.objectValue?["layers"]?.arrayValue?.last
    #expect(layer?.objectValue?["variable"] == "STELE__RESOURCES__WORKERS__MAXREPLICAS")
    #expect(layer?.objectValue?["value"] == "7")
    #expect(wrong.status == 1)
    #expect(wrong.results.contains("WORKER is not a field; did you mean WORKERS?"))
  }

  @Test func `two configurations are compared, files with files and with releases`() async throws {
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging")
        .replacing("replicas: 1,", with: "replicas: 3,"))
    _ = await project.run("config apply development")
    let files = await project.run("config diff development staging")
    let range = try await project.run("config diff development..staging --output json").json()
    let same = await project.run("config diff development#1 development")

    #expect(files.status == 2)
    #expect(files.results.contains("resources.orchestrator.replicas"))
    #expect(range["difference"]?.arrayValue?.count == 3)
    #expect(range["same"] == false)
    #expect(same.status == 0)
    #expect(same.results == "no difference\n")
    #expect(await project.run("config diff development").status == 64)
    #expect(await project.run("config diff development#9 development").status != 0)
  }

  @Test(arguments: ["environment", "layer", "application", "policy"])
  func `a schema is printed as it is`(subject: String) async throws {
    let ran = await project.run("config schema \(subject)")
    let schema = try JSONSerialization.jsonObject(with: Data(ran.results.utf8)) as? [String: Any]

    #expect(ran.status == 0)
    #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect((schema?["required"] != nil) == (["environment", "application"].contains(subject)))
  }
}
