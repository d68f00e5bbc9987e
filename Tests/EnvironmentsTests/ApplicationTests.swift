import CanonicalJSON
import Events
import Testing

@testable import Environments

/// Reading `application.yaml` and planning it for an environment.
@Suite struct ApplicationTests {
  let production: EnvironmentConfiguration
  let application: LoadedApplication

  init() throws {
    production = try Sources.project.load(.production).configuration
    application = try Sources.project.loadApplication()
  }

  @Test func `the application is read with its defaults`() throws {
    let description = application.description

    #expect(description.name == "tamma")
    #expect(description.components.map(\.name) == ["orchestrator", "workers"])
    #expect(description.components[0].artifact == "dist/orchestrator")
    #expect(description.components[0].takesTraffic)
    #expect(description.components[1].port == nil)
    #expect(
      description.rollout(in: .staging)
        == RolloutSettings(
          healthyThreshold: 3, unhealthyThreshold: 3, startupDeadlineMs: 60_000, bakeMs: 1_500,
          drainMs: 10_000, stopGraceMs: 10_000, maxSurge: 1))
    #expect(description.rollout(in: .production).bakeMs == 60_000)
    #expect(description.rollout(in: .production).healthyThreshold == 3)
    #expect(application.origins["rollout.environments.production.bakeSeconds"]?.line == 24)
  }

  @Test func `without a rollout section every limit has its default`() throws {
    let loaded = try load(
      """
      application: a
      components:
        only: {command: [run], takesTraffic: false, health: process, replicas: \
      resources.workers.maxReplicas}
      """)

    #expect(loaded.description.rollout(in: .production) == .standard)
    #expect(try loaded.plan(for: production).components[0].replicas == 12)
  }

  @Test func `a plan has the environment's values and leaves the replica's open`() throws {
    let plan = try application.plan(for: production)

    let orchestrator = plan.components[0]
    #expect(
      orchestrator.command.map(\.description) == [
        "${ARTIFACT}/bin/serve", "--port=${PORT}", "--level", "warn",
      ])
    #expect(
      orchestrator.variables.map { "\($0.name)=\($0.value)" } == [
        "GREETING=costs $5, $${literal}, 10 s", "LOG_FORMAT=json",
      ])
    #expect(orchestrator.port == 8082)
    #expect(orchestrator.replicas == 2)
    #expect(orchestrator.share.memory.bytes == 4 << 30)
    #expect(orchestrator.needsReplicaPort)
    #expect(plan.components[1].replicas == 3)
    #expect(!plan.components[1].needsReplicaPort)
    #expect(plan.rollout.bakeMs == 60_000)
  }

  @Test func `a replica gets its command and variables filled in`() throws {
    let plan = try application.plan(for: production)
    let build = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 7, count: 32)))

    let launch = try plan.components[0].launch(
      ReplicaContext(
        application: "tamma",
        configuration: production.setting([
          FeatureFlag(name: "limit", value: .integer(-5), isSet: true),
          FeatureFlag(name: "say \"hi\"", value: .string("a,${PORT}"), isSet: true),
        ]), component: "orchestrator", instance: "orchestrator-1", build: build,
        artifactPath: "/store/content", port: "40001"))

    #expect(launch.command == ["/store/content/bin/serve", "--port=40001", "--level", "warn"])
    var variables = launch.variables
    let configuration = variables.removeValue(forKey: "STELE_CONFIGURATION") ?? ""
    let flags = variables.removeValue(forKey: "STELE_FLAGS") ?? ""
    #expect(
      variables == [
        "GREETING": "costs $5, ${literal}, 10 s", "LOG_FORMAT": "json", "PORT": "40001",
        "STELE_APPLICATION": "tamma", "STELE_ENVIRONMENT": "production",
        "STELE_COMPONENT": "orchestrator", "STELE_INSTANCE": "orchestrator-1",
        "STELE_BUILD": "\(build)",
      ])
    var recorded = production.recorded
    recorded["features"] = nil
    #expect(try JSONValue(parsing: configuration) == .object(recorded))
    #expect(!flags.contains("${"))
    let unescaped = flags.replacing(#"\u0024"#, with: "$")
    let named = try #require(JSONValue(parsing: unescaped).arrayValue).compactMap(\.objectValue)
    #expect(
      named.map { $0["name"] } == ["audit-page", "limit", "new-parser", "say \"hi\"", "🧪 beta/α"])
    #expect(named[3] == ["name": "say \"hi\"", "value": "a,${PORT}"])
    #expect(named[1] == ["name": "limit", "value": -5])
  }

  @Test func `what fits into no variable is told before anything is started`() throws {
    let flags = (1000..<5000).map { FeatureFlag(name: "feature-\($0)", isOn: true) }
    let problems = Sources.lines { () throws(ConfigurationError) in
      _ = try application.plan(for: production.setting(flags))
    }

    #expect(problems.count == 1)
    #expect(problems.first?.contains("features: takes") == true, "\(problems)")
    #expect(problems.first?.contains("at most 130000 in one variable") == true)
    _ = try application.plan(for: production.setting(Array(flags.prefix(2_000))))
  }

  @Test func `a replica without a port has none in its variables, and cannot refer to it`() throws {
    let plan = try application.plan(for: production)
    let context = ReplicaContext(
      application: "tamma", configuration: production, component: "workers", instance: "w-1",
      build: ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 7, count: 32))),
      artifactPath: "/a", port: nil)

    #expect(try plan.components[1].launch(context).variables["PORT"] == nil)
    #expect(throws: TemplateError.unknown(reference: "PORT")) {
      try plan.components[0].launch(context)
    }
  }

  @Test func `own variables win over the standard ones`() throws {
    let loaded = try load(
      """
      application: a
      components:
        only:
          command: [run]
          takesTraffic: false
          health: http
          replicas: resources.workers.maxReplicas
          environment: {PORT: "1${PORT}", STELE_BUILD: "${features.audit-page}", GONE: null}
      """)
    let context = ReplicaContext(
      application: "a", configuration: production, component: "only", instance: "i",
      build: ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 7, count: 32))),
      artifactPath: "/a", port: "80")

    let launch = try loaded.plan(for: production).components[0].launch(context)

    #expect(launch.variables["PORT"] == "180")
    #expect(launch.variables["STELE_BUILD"] == "true")
    #expect(launch.variables["GONE"] == nil)
  }

  @Test func `all that is wrong in the file is told at once`() {
    #expect(
      problems(
        """
        application: Tamma
        components:
          Web: {command: [], takesTraffic: true, health: process, replicas: three}
          api:
            artifact: ../elsewhere
            command: [run, "${open", "--token", abc, 5]
            takesTraffic: false
            port: 99999
            health: http
            replicas: resources.workers.minReplicas
            environment:
              1A: x
              DB_PASSWORD: hunter2
              URL: "postgres://u:hunter2@h"
              EMPTY: ${}
              LIST: [a]
          none: 7
        rollout:
          healthyThreshold: 0
          bakeSeconds: 0.0001
          maxUnavailable: 1
          environments: {prod: {}, staging: {drainSeconds: -1, other: 1}}
        """) == [
          "1:14: application: Tamma is not accepted; "
            + "write a name of a-z, 0-9 and - that begins with a letter",
          "3:3: components.Web: is not accepted, as a name; "
            + "write a name of a-z, 0-9 and - that begins with a letter",
          "3:18: components.Web.command: [] is empty; "
            + "write a list of the program and its arguments",
          "3:36: components.Web.takesTraffic: true needs a port for traffic to come in at; "
            + "write port, or takesTraffic: false",
          "3:50: components.Web.health: process does not say whether traffic is answered; "
            + "write http",
          "3:69: components.Web.replicas: three is not known here; write one of "
            + "resources.orchestrator.replicas, resources.workers.minReplicas, "
            + "resources.workers.maxReplicas",
          "5:15: components.api.artifact: ../elsewhere is not accepted; "
            + "write a path relative to the project that does not lead out of it",
          "6:20: components.api.command[1]: ${open has a ${ without its }; "
            + "write ${NAME}, or $${ for the characters themselves",
          "6:41: components.api.command[3]: [hidden] looks like a secret, "
            + "and what is written here is recorded for ever; "
            + "let the process read it from elsewhere, and write only the place here",
          "6:46: components.api.command[4]: 5 is a number to YAML; "
            + "write text of at most 4,096 bytes, in quotes if need be",
          "8:11: components.api.port: is where traffic comes in, and takesTraffic is false; "
            + "remove it, or write takesTraffic: true; a replica's own port is in ${PORT}",
          "8:11: components.api.port: 99999 is out of range; "
            + "write a whole number from 1 to 65535",
          "12:7: components.api.environment.1A: is not accepted, as a name; "
            + "write a name of A-Z, a-z, 0-9 and _ that begins with no digit",
          "13:20: components.api.environment.DB_PASSWORD: [hidden] looks like a secret, "
            + "and what is written here is recorded for ever; "
            + "let the process read it from elsewhere, and write only the place here",
          "14:12: components.api.environment.URL: [hidden] looks like a secret, "
            + "and what is written here is recorded for ever; "
            + "let the process read it from elsewhere, and write only the place here",
          "15:14: components.api.environment.EMPTY: ${} has a reference without a name; "
            + "write ${NAME}, or $${ for the characters themselves",
          "16:13: components.api.environment.LIST: is a list; write text",
          "17:9: components.none: 7 is a number; write a map of command, health, replicas and, "
            + "if needed, artifact, port, environment, secrets, secretFiles",
          "19:21: rollout.healthyThreshold: 0 is out of range; write a whole number from 1 to 20",
          "20:16: rollout.bakeSeconds: 0.0001 is finer than a millisecond; "
            + "write a number of seconds from 0 to 86400",
          "21:3: rollout.maxUnavailable: is not a field; known here: healthyThreshold, "
            + "unhealthyThreshold, startupDeadlineSeconds, bakeSeconds, drainSeconds, "
            + "stopGraceSeconds, maxSurge, environments",
          "22:18: rollout.environments.prod: is not a field; did you mean production?",
          "22:52: rollout.environments.staging.drainSeconds: -1 is out of range; "
            + "write a number of seconds from 0 to 3600",
          "22:56: rollout.environments.staging.other: is not a field; known here: "
            + "healthyThreshold, unhealthyThreshold, startupDeadlineSeconds, bakeSeconds, "
            + "drainSeconds, stopGraceSeconds, maxSurge",
        ])
  }

  @Test(arguments: [
    ("DB_PASS: hunter2", true), ("DB: Server=h;Password=abc;", true),
    ("HOOK: https://x/?api_key=abcdef123456", true),
    ("DB_PASS: vault:secret/app/web#pass", false), ("DB_PASS: env:NAME", false),
    ("TOKEN_BUCKET_SIZE: \"10\"", false), ("PASSENGERS: many", false),
    ("HOOK: https://x/?page=2&token=", false),
  ])
  func `a variable may hold no secret, and may say where one is`(line: String, isSecret: Bool) {
    let lines = problems(
      """
      application: tamma
      components:
        web:
          command: [run]
          takesTraffic: false
          health: process
          replicas: resources.orchestrator.replicas
          environment:
            \(line)
      """)

    #expect(lines.contains { $0.contains("looks like a secret") } == isSecret, "\(lines)")
    #expect(lines.count == (isSecret ? 1 : 0), "\(lines)")
  }

  @Test(arguments: [
    (
      "command: []",
      "4:14: components.web.command: [] is empty; "
        + "write a list of the program and its arguments"
    ),
    (
      "command: run",
      "4:14: components.web.command: run is text; "
        + "write a list, each text of at most 4,096 bytes: [one, two]"
    ),
    (
      "command: [\"${open\"]",
      "4:15: components.web.command[0]: ${open has a ${ without its }; "
        + "write ${NAME}, or $${ for the characters themselves"
    ),
    (
      "command: [--token=abc]",
      "4:15: components.web.command[0]: [hidden] looks like a secret, "
        + "and what is written here is recorded for ever; "
        + "let the process read it from elsewhere, and write only the place here"
    ),
  ])
  func `a command that cannot be run is refused`(line: String, problem: String) {
    #expect(
      problems(
        """
        application: tamma
        components:
          web:
            \(line)
            takesTraffic: false
            health: http
            replicas: resources.orchestrator.replicas
        """) == [problem])
  }

  @Test(arguments: [
    (
      "takesTraffic: true\n    health: http",
      [
        "4:19: components.web.takesTraffic: true needs a port for traffic to come in at; "
          + "write port, or takesTraffic: false"
      ]
    ),
    (
      "takesTraffic: true\n    port: 80\n    health: process",
      [
        "6:13: components.web.health: process does not say whether traffic is answered; "
          + "write http"
      ]
    ),
    (
      "takesTraffic: true\n    port: {prod: 1, staging: x}\n    health: http",
      [
        "5:12: components.web.port.prod: is not a field; did you mean production?",
        "5:30: components.web.port.staging: x is text, not a number; "
          + "write a whole number from 1 to 65535",
      ]
    ),
    (
      "health: http\n    takesTraffic: maybe",
      [
        "5:19: components.web.takesTraffic: maybe is not true or false; "
          + "write true or false, without quotes"
      ]
    ),
  ])
  func `traffic, port and health must fit together`(lines: String, expected: [String]) {
    #expect(
      problems(
        """
        application: tamma
        components:
          web:
            \(lines)
            command: [run]
            replicas: resources.orchestrator.replicas
        """) == expected)
  }

  @Test func `an application without components is refused`() {
    #expect(
      problems("application: tamma\ncomponents: {}")
        == ["2:13: components: {} is empty; describe at least one component"])
    #expect(
      problems("application: tamma")
        == ["1:1: components: is missing; write a map of components by name"])
    #expect(problems("") == ["1:1: the file is empty; write its fields as name: value"])
  }

  @Test func `a reference that names nothing in the environment is refused with a hint`() throws {
    let loaded = try load(
      """
      application: tamma
      components:
        web:
          command: [run, "${observability.loging.level}", "${PROT}"]
          takesTraffic: false
          health: process
          replicas: resources.orchestrator.replicas
          environment: {P: "${PORT}", X: "${xyz}", V: "${infrastructure.vpcId}"}
      """)

    #expect(
      lines { () throws(ConfigurationError) in _ = try loaded.plan(for: production) } == [
        "4:14: components.web.command: ${PROT} names nothing in production; "
          + "write a field of the environment, or one of ARTIFACT, APPLICATION, ENVIRONMENT, "
          + "COMPONENT, INSTANCE, BUILD",
        "4:14: components.web.command: ${observability.loging.level} names nothing in production; "
          + "did you mean ${observability.logging.level}?",
        "8:22: components.web.environment.P: ${PORT} names nothing in production; "
          + "write health: http, which gives each replica a port",
        "8:36: components.web.environment.X: ${xyz} names nothing in production; "
          + "write a field of the environment, or one of ARTIFACT, APPLICATION, ENVIRONMENT, "
          + "COMPONENT, INSTANCE, BUILD",
      ])
  }

  @Test func `ports that are missing or taken twice in the environment are refused`() throws {
    let component =
      "command: [run], takesTraffic: true, health: http, "
      + "replicas: resources.orchestrator.replicas"
    let loaded = try load(
      """
      application: tamma
      components:
        a: {port: 80, \(component)}
        b: {port: {production: 80, staging: 81}, \(component)}
        c: {port: {staging: 82}, \(component)}
      """)

    #expect(
      lines { () throws(ConfigurationError) in _ = try loaded.plan(for: production) }
        == [
          "1:1: components.c.port: says nothing for production; "
            + "write production: and a number from 1 to 65535",
          "1:1: components.b.port: 80 is a's port in production too; write another one",
        ].sorted())
    let staging = try Sources.project.load(.staging).configuration
    #expect(try loaded.plan(for: staging).components.map(\.port) == [80, 81, 82])
  }

  @Test(arguments: [
    (
      "bakeSeconds: 150",
      "8:16: rollout.bakeSeconds: 150 seconds are not less than the deployment.rollback.timeout "
        + "of production, 2.5 minutes; write less than 150, or a longer timeout"
    ),
    (
      "environments: {production: {bakeSeconds: 200}}",
      "8:44: rollout.environments.production.bakeSeconds: 200 seconds are not less than the "
        + "deployment.rollback.timeout of production, 2.5 minutes; "
        + "write less than 150, or a longer timeout"
    ),
  ])
  func `a bake that outlasts the rollback's timeout is refused`(
    line: String, problem: String
  ) throws {
    let loaded = try load(
      """
      application: tamma
      components:
        a:
          {command: [run], takesTraffic: false, health: process,
           replicas: resources.orchestrator.replicas}

      rollout:
        \(line)
      """)

    #expect(
      lines { () throws(ConfigurationError) in _ = try loaded.plan(for: production) } == [problem])
  }

  private func load(_ text: String) throws(ConfigurationError) -> LoadedApplication {
    try LoadedApplication.checked(Array(text.utf8), of: ConfigurationDirectory.applicationFile)
  }

  private func problems(_ text: String) -> [String] {
    lines { () throws(ConfigurationError) in _ = try load(text) }
  }

  private func lines(_ body: () throws(ConfigurationError) -> Void) -> [String] {
    Sources.lines(body).map { $0.replacing("config/application.yaml:", with: "") }
  }
}
