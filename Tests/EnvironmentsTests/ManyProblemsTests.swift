import Testing

@testable import Environments

/// All problems at once, names that were mistyped, sections that are missing, secrets.
@Suite struct ManyProblemsTests {
  @Test func `all problems are told at once, in reading order`() {
    let lines = Sources.problems(
      """
      name: prod
      descripton: typo
      infrastructure: {provider: aws, region: "", vpcID: x}
      resources: 7
      features: {a: 1}
      """)

    #expect(
      lines == [
        "production.yaml:1:1: deployment: is missing; write a map of strategy, healthCheckPath, "
          + "healthCheckInterval, healthCheckTimeout and rollback",
        "production.yaml:1:1: observability: is missing; write a map of logging, metrics and "
          + "tracing",
        "production.yaml:1:1: security: is missing; write a map of networkPolicy, authentication, "
          + "encryption and compliance",
        "production.yaml:1:7: name: prod is not known here; "
          + "did you mean production? Write one of development, staging, production",
        "production.yaml:2:1: descripton: is not a field; did you mean description?",
        "production.yaml:3:41: infrastructure.region: \"\" is empty; "
          + "write a region such as eu-central-1",
        "production.yaml:3:45: infrastructure.vpcID: is not a field; did you mean vpcId?",
        "production.yaml:4:12: resources: 7 is a number; write a map of orchestrator, workers, "
          + "database and monitoring",
        "production.yaml:5:15: features.a: 1 is not true or false; "
          + "write true or false, without quotes",
      ])
  }

  @Test(arguments: [
    ("replicas", "minReplicas"), ("min_replicas", "minReplicas"), ("MAXREPLICAS", "maxReplicas"),
    ("memroy", "memory"), ("cpus", "cpu"),
  ])
  func `an unknown field names the one that was probably meant`(
    word: String, meant: String
  ) throws {
    let text = try Sources.complete("minReplicas: 3", "minReplicas: 3\n    \(word): 1")

    #expect(
      Sources.problems(text) == [
        "production.yaml:20:5: resources.workers.\(word): is not a field; did you mean \(meant)?"
      ])
  }

  @Test func `an unknown field that is like no other is told what is known`() throws {
    let text = try Sources.complete("rollback:\n", "rollback:\n    colour: blue\n")

    #expect(
      Sources.problems(text) == [
        "production.yaml:51:5: deployment.rollback.colour: is not a field; "
          + "known here: enabled, timeout, automatic"
      ])
  }

  @Test func `a problem is a value with everything that its line says`() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try Sources.load(Sources.complete("maxReplicas: 12", "maxReplicas: 2"))
    }

    #expect(
      error
        == .invalid([
          SettingProblem(
            at: SourcePosition(
              file: Sources.production, line: 20, column: 18, layer: .environment),
            path: "resources.workers.maxReplicas", kind: .contradiction, found: "2",
            complaint: "is less than minReplicas 3", remedy: "write 3 or more")
        ]))
    #expect(
      error?.description == "config/environments/production.yaml:20:18: "
        + "resources.workers.maxReplicas: 2 is less than minReplicas 3; write 3 or more")
  }

  @Test func `a secret in a field is refused and not repeated`() throws {
    let lines =
      try Sources.problems(
        Sources.complete("https://metrics", "https://me:hunter2@metrics"))
      + Sources.problems(
        Sources.complete("destination: stdout", "destination: syslog://log:hunter2@host"))
      + Sources.problems(
        Sources.complete("providers: [okta]", "providers: [\"https://a:hunter2@okta\"]"))

    #expect(
      lines == [
        "production.yaml:61:15: observability.metrics.endpoint: [hidden] holds credentials; "
          + "write an absolute URL such as http://127.0.0.1:9090/metrics",
        "production.yaml:57:18: observability.logging.destination: [hidden] looks like a secret, "
          + "and what is written here is recorded for ever; "
          + "let the process read it from elsewhere, and write only the place here",
        "production.yaml:36:17: security.authentication.providers[0]: [hidden] looks like a "
          + "secret, and what is written here is recorded for ever; "
          + "let the process read it from elsewhere, and write only the place here",
      ])
  }

  @Test(arguments: ["https://metrics.example.com", "http://traces.example.com"])
  func `a key in an endpoint's query is refused and not repeated`(endpoint: String) throws {
    let text = try Sources.complete()
    let line = try #require(text.split(separator: "\n").first { $0.contains(endpoint) })

    let lines = try Sources.problems(
      Sources.complete(String(line), "    endpoint: \(endpoint)/?page=2&api_key=abcdef123456"))

    #expect(lines.count == 1)
    #expect(lines.first?.contains(".endpoint: [hidden] looks like a secret") == true, "\(lines)")
    #expect(
      try Sources.problems(
        Sources.complete(String(line), "    endpoint: \(endpoint)/?page=2")
      ).isEmpty)
  }

  @Test func `the value of a field with a secret's name is never shown`() throws {
    let text = try Sources.complete("new-parser: true", "client-secret: hunter2\n  apiKey: no")

    let lines = Sources.problems(text)

    #expect(
      lines == [
        "production.yaml:69:18: features.client-secret: [hidden] is not true or false; "
          + "write true or false, without quotes",
        "production.yaml:70:11: features.apiKey: [hidden] is not true or false; "
          + "write true or false, without quotes",
      ])
  }
}
