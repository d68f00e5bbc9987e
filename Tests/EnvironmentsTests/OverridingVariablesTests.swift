import Testing

@testable import Environments

/// `STELE__…` variables over the files.
@Suite struct OverridingVariablesTests {
  private func load(_ variables: [String: String]) throws -> LoadedEnvironment {
    try LoadedEnvironment.checked(
      .production, own: (Sources.production, Array(try Sources.complete().utf8)), base: nil,
      variables: variables)
  }

  private func problems(_ variables: [String: String]) -> [String] {
    do {
      _ = try load(variables)
      return []
    } catch ConfigurationError.invalid(let problems) {
      return problems.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test(arguments: [
    "STELE__RESOURCES__WORKERS__MAXREPLICAS", "stele__resources__workers__maxReplicas",
  ])
  func `a variable overrides one value, in any case`(name: String) throws {
    let loaded = try load([name: "16", "PATH": "/bin", "STELE_LEDGER": "x"])

    #expect(loaded.configuration.resources.workers.maxReplicas == 16)
    #expect(loaded.configuration.resources.workers.minReplicas == 3)
    #expect(loaded.origins["resources.workers.maxReplicas"]?.description == name)
    #expect(loaded.overridden.map(\.path) == ["resources.workers.maxReplicas"])
    #expect(
      loaded.sayings(of: "resources.workers.maxReplicas").map(\.text) == ["12", "16"])
  }

  @Test func `every kind of value can be overridden`() throws {
    let configuration = try load([
      "STELE__DESCRIPTION": "12", "STELE__DEPLOYMENT__HEALTHCHECKINTERVAL": "2.5",
      "STELE__DEPLOYMENT__STRATEGY": "canary", "STELE__SECURITY__ENCRYPTION__INTRANSIT": "false",
      "STELE__RESOURCES__ORCHESTRATOR__CPU": "2",
      "STELE__RESOURCES__ORCHESTRATOR__MEMORY": "6Gi",
      "STELE__OBSERVABILITY__METRICS__ENDPOINT": "http://127.0.0.1:9090",
      "STELE__FEATURES__NEW_PARSER": "false",
    ]).configuration

    #expect(configuration.description == "12")
    #expect(configuration.deployment.healthCheckIntervalMs == 2_500)
    #expect(configuration.deployment.strategy == .canary)
    #expect(!configuration.security.encryption.isInTransit)
    #expect(configuration.resources.orchestrator.share.cpu.milliCPU == 2_000)
    #expect(configuration.resources.orchestrator.share.memory.bytes == 6 << 30)
    #expect(configuration.observability.metrics.endpoint == "http://127.0.0.1:9090")
    #expect(configuration.features == [FeatureFlag(name: "new-parser", isOn: false)])
  }

  @Test func `items of lists are overridden and appended by number`() throws {
    let variables = Dictionary(
      uniqueKeysWithValues: (1...10).map {
        ("STELE__SECURITY__AUTHENTICATION__PROVIDERS__\($0)", "p\($0)")
      })
    let loaded = try load(
      variables.merging(["STELE__SECURITY__AUTHENTICATION__PROVIDERS__0": "github"]) { $1 })

    #expect(
      loaded.configuration.security.authentication.providers
        == ["github"] + (1...10).map { "p\($0)" })
    #expect(loaded.origins["security.authentication.providers"]?.layer == .variable)
  }

  @Test func `a section that the files do not have is made`() throws {
    let text = try Sources.complete().replacing(
      #/\ \ kubernetes:\n(\ {4}.*\n)+/#, with: "")
    let loaded = try LoadedEnvironment.checked(
      .production, own: (Sources.production, Array(text.utf8)), base: nil,
      variables: [
        "STELE__INFRASTRUCTURE__KUBERNETES__CLUSTERNAME": "c",
        "STELE__INFRASTRUCTURE__KUBERNETES__NAMESPACE": "n",
        "STELE__INFRASTRUCTURE__KUBERNETES__NODEPOOL": "p",
      ])

    #expect(loaded.configuration.infrastructure.kubernetes?.namespace == "n")
  }

  @Test(arguments: [
    (
      "STELE__RESOURCES__WORKERS__MAXREPLICA", "1",
      "STELE__RESOURCES__WORKERS__MAXREPLICA: resources.workers: MAXREPLICA is not a field; "
        + "did you mean MAXREPLICAS?"
    ),
    (
      "STELE__RESOURCE__WORKERS", "1",
      "STELE__RESOURCE__WORKERS: RESOURCE is not a field; did you mean RESOURCES?"
    ),
    (
      "STELE__", "1",
      "STELE__:  is not a field; known here: NAME, DESCRIPTION, INFRASTRUCTURE, RESOURCES, "
        + "SECURITY, DEPLOYMENT, OBSERVABILITY, FEATURES"
    ),
    (
      "STELE__RESOURCES__WORKERS", "1",
      "STELE__RESOURCES__WORKERS: resources.workers: is no single value; "
        + "name what is in it: STELE__RESOURCES__WORKERS__MINREPLICAS"
    ),
    (
      "STELE__DESCRIPTION__MORE", "1",
      "STELE__DESCRIPTION__MORE: description: has nothing in it; remove __MORE"
    ),
    (
      "STELE__SECURITY__AUTHENTICATION__PROVIDERS__2", "x",
      "STELE__SECURITY__AUTHENTICATION__PROVIDERS__2: security.authentication.providers: "
        + "2 is no item of a list of 1; write a number from 0 to 1"
    ),
    (
      "STELE__FEATURES__NEW_PARSE", "true",
      "STELE__FEATURES__NEW_PARSE: features: NEW_PARSE is not a field; did you mean NEW-PARSER?"
    ),
    (
      "STELE__RESOURCES__WORKERS__MAXREPLICAS", "2",
      "STELE__RESOURCES__WORKERS__MAXREPLICAS: resources.workers.maxReplicas: "
        + "2 is less than minReplicas 3; write 3 or more"
    ),
    (
      "STELE__SECURITY__AUTHENTICATION__METHOD", "password",
      "STELE__SECURITY__AUTHENTICATION__METHOD: security.authentication.method: "
        + "password is not known here; write one of oauth, saml, api-keys"
    ),
    (
      "STELE__NAME", "staging",
      "STELE__NAME: name: staging is not what the file is called; write production"
    ),
  ])
  func `a variable that overrides nothing, or wrongly, is a problem`(
    name: String, value: String, problem: String
  ) {
    #expect(problems([name: value]) == [problem])
  }

  @Test func `two variables for one value are a problem`() {
    let names = ["STELE__DESCRIPTION", "stele__description"]
    #expect(
      problems([names[0]: "a", names[1]: "b"])
        == [
          "stele__description: description: is set by STELE__DESCRIPTION as well; unset one of them"
        ])
  }

  @Test func `a secret in a variable is not repeated`() {
    let secret = "ghp_" + String(repeating: "a1B2", count: 9)
    let said = problems(["STELE__RESOURCES__DATABASE__INSTANCESIZE": secret])

    #expect(said.count == 1)
    #expect(said.first?.contains("looks like a secret") == true)
    #expect(said.first?.contains(secret) == false)
  }
}
