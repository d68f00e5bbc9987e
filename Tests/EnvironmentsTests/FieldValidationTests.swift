import Testing

@testable import Environments

/// One wrong value at a time: the whole line that a user sees.
@Suite struct FieldValidationTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let written: String
    let instead: String
    let problem: String

    init(_ instead: String, for written: String, _ problem: String) {
      self.written = written
      self.instead = instead
      self.problem = problem
    }

    var testDescription: String { instead }
  }

  @Test func `a file with every field right has no problem`() throws {
    #expect(try Sources.problems(Sources.complete()).isEmpty)
  }

  static let types: [Case] = [
    Case(
      "replicas: two", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: two is text, not a number; "
        + "write a whole number from 1 to 1000"),
    Case(
      "replicas: \"2\"", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: \"2\" is text, because of the quotes; "
        + "write 2 without quotes"),
    Case(
      "replicas: 2.5", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: 2.5 is not a whole number; "
        + "write a whole number from 1 to 1000"),
    Case(
      "replicas: 2.0", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: 2.0 is not a whole number; "
        + "write a whole number from 1 to 1000"),
    Case(
      "replicas: 010", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: 010 is read differently by different YAML readers; "
        + "write a whole number from 1 to 1000, in plain decimal digits"),
    Case(
      "replicas: 1_000", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: 1_000 is read differently by different YAML "
        + "readers; write a whole number from 1 to 1000, in plain decimal digits"),
    Case(
      "replicas: yes", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: yes is a truth value, not a number; "
        + "write a whole number from 1 to 1000"),
    Case(
      "replicas: [2]", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: is a list; write a whole number from 1 to 1000"),
    Case(
      "replicas:", for: "replicas: 2",
      "14:14: resources.orchestrator.replicas: null is no value here; "
        + "write a whole number from 1 to 1000"),
    Case(
      "enabled: yes\n    retention: 90", for: "enabled: true\n    retention: 90",
      "29:14: resources.monitoring.enabled: yes is not true or false; "
        + "write true or false, without quotes"),
    Case(
      "atRest: \"true\"", for: "atRest: true",
      "38:13: security.encryption.atRest: \"true\" is not true or false; "
        + "write true or false, without quotes"),
    Case(
      "auditLogging: {}", for: "auditLogging: true",
      "43:19: security.compliance.auditLogging: is not true or false; "
        + "write true or false, without quotes"),
    Case(
      "region: no", for: "region: eu-central-1",
      "5:11: infrastructure.region: no is a truth value to YAML; write \"no\" in quotes"),
    Case(
      "description: 12", for: "description: Customers work here",
      "2:14: description: 12 is a number to YAML; write \"12\" in quotes"),
    Case(
      "description: [a]", for: "description: Customers work here",
      "2:14: description: is a list; write a sentence of at most 500 bytes"),
    Case(
      "database: large\n  other:", for: "database:",
      "24:13: resources.database: large is text; "
        + "write a map of instanceSize, storage and backupRetention"),
    Case(
      "provider: [aws]", for: "provider: aws",
      "4:13: infrastructure.provider: is a list; write one of aws, azure, gcp, on-premise"),
    Case(
      "standards: SOC2", for: "standards: [SOC2]",
      "42:16: security.compliance.standards: SOC2 is text; "
        + "write a list, each a name of at most 200 bytes: [one, two]"),
    Case(
      "standards: [SOC2, 27001]", for: "standards: [SOC2]",
      "42:23: security.compliance.standards[1]: 27001 is a number to YAML; "
        + "write a name of at most 200 bytes, in quotes if need be"),
    Case(
      "cpu: true", for: "cpu: 500m",
      "15:10: resources.orchestrator.cpu: true is not a quantity; "
        + "write cores such as 2 or 0.5, or thousandths of one such as 500m"),
  ]

  @Test(arguments: types)
  func `a value of another type is refused`(one: Case) throws {
    let lines = try Sources.problems(Sources.complete(one.written, one.instead))

    #expect(
      lines.filter { !$0.contains("other: is not a field") && !$0.contains("is missing") }
        .first == "production.yaml:\(one.problem)")
  }

  static let ranges: [Case] = [
    Case(
      "replicas: 0", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: 0 is out of range; "
        + "write a whole number from 1 to 1000"),
    Case(
      "replicas: 99999999999999999999", for: "replicas: 2",
      "14:15: resources.orchestrator.replicas: 99999999999999999999 is out of range; "
        + "write a whole number from 1 to 1000"),
    Case(
      "backupRetention: 0", for: "backupRetention: 30",
      "27:22: resources.database.backupRetention: 0 is out of range; "
        + "write a whole number of days from 1 to 3650"),
    Case(
      "dataRetention: -1", for: "dataRetention: 2555",
      "44:20: security.compliance.dataRetention: -1 is out of range; "
        + "write a whole number of days from 1 to 36500"),
    Case(
      "healthCheckInterval: 10.0005", for: "healthCheckInterval: 10",
      "48:24: deployment.healthCheckInterval: 10.0005 is finer than a millisecond; "
        + "write a number of seconds from 0.1 to 3600"),
    Case(
      "healthCheckInterval: 10s", for: "healthCheckInterval: 10",
      "48:24: deployment.healthCheckInterval: 10s is text, not a number; "
        + "write a number of seconds from 0.1 to 3600"),
    Case(
      "timeout: 1441", for: "timeout: 5",
      "52:14: deployment.rollback.timeout: 1441 is out of range; "
        + "write a number of minutes from 0.1 to 1440"),
    Case(
      "sampleRate: 1.5", for: "sampleRate: 0.25",
      "67:17: observability.tracing.sampleRate: 1.5 is out of range; write a number from 0 to 1"),
    Case(
      "sampleRate: 0.0000001", for: "sampleRate: 0.25",
      "67:17: observability.tracing.sampleRate: 0.0000001 is finer than one part in a million; "
        + "write a number from 0 to 1"),
    Case(
      "sampleRate: 1e-3", for: "sampleRate: 0.25",
      "67:17: observability.tracing.sampleRate: 1e-3 is read differently by different YAML "
        + "readers; write a number from 0 to 1, in plain decimal digits"),
    Case(
      "provider: AWS", for: "provider: aws",
      "4:13: infrastructure.provider: AWS is not known here; "
        + "did you mean aws? Write one of aws, azure, gcp, on-premise"),
    Case(
      "strategy: big-bang", for: "strategy: blue-green",
      "46:13: deployment.strategy: big-bang is not known here; "
        + "write one of rolling, blue-green, canary"),
    Case(
      "namespace: Tamma", for: "namespace: tamma",
      "10:16: infrastructure.kubernetes.namespace: Tamma is not accepted; "
        + "write 1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends"),
    Case(
      "clusterName: \"\"", for: "clusterName: Tamma_1",
      "9:18: infrastructure.kubernetes.clusterName: \"\" is empty; "
        + "write 1 to 100 of A-Z, a-z, 0-9, - and _, beginning with a letter or digit"),
    Case(
      "vpcId: vpc 1", for: "vpcId: vpc-1",
      "6:10: infrastructure.vpcId: vpc 1 is not accepted; write an identifier without blanks"),
    Case(
      "healthCheckPath: healthz", for: "healthCheckPath: /healthz",
      "47:20: deployment.healthCheckPath: healthz is not accepted; "
        + "write a path that begins with /, such as /healthz, without blanks or a #"),
    Case(
      "providers: []", for: "providers: [okta]",
      "36:16: security.authentication.providers: [] is empty; "
        + "write a list, each a name of at most 200 bytes"),
    Case(
      "destination: \" stdout\"", for: "destination: stdout",
      "57:18: observability.logging.destination:  stdout is not accepted; "
        + "write a name of at most 200 bytes"),
    Case(
      "description: \"a\\tb\"", for: "description: Customers work here",
      "2:14: description: a\\tb contains a control character or a byte order mark; "
        + "write a sentence of at most 500 bytes"),
    Case(
      "endpoint: /metrics", for: "endpoint: https://metrics.example.com",
      "61:15: observability.metrics.endpoint: /metrics is not an absolute URL; "
        + "write an absolute URL such as http://127.0.0.1:9090/metrics"),
    Case(
      "endpoint: ftp://metrics.example.com", for: "endpoint: https://metrics.example.com",
      "61:15: observability.metrics.endpoint: ftp://metrics.example.com has the scheme ftp, "
        + "known are http, https; write an absolute URL such as http://127.0.0.1:9090/metrics"),
    Case(
      "endpoint: \"http://a:99999/\"", for: "endpoint: https://metrics.example.com",
      "61:15: observability.metrics.endpoint: http://a:99999/ has no port from 1 to 65535; "
        + "write an absolute URL such as http://127.0.0.1:9090/metrics"),
    Case(
      "endpoint: \"\"", for: "endpoint: https://metrics.example.com",
      "61:15: observability.metrics.endpoint: \"\" is not an absolute URL; "
        + "write an absolute URL such as http://127.0.0.1:9090/metrics"),
    Case(
      "memory: 512m", for: "memory: 512Mi",
      "22:13: resources.workers.memory: 512m is in thousandths of a byte; "
        + "did you mean 512Mi? Write an amount such as 512Mi, 4Gi or 1G"),
    Case(
      "memory: 4gb", for: "memory: 4Gi",
      "16:13: resources.orchestrator.memory: 4gb has a suffix that is none; "
        + "did you mean 4G? Write an amount such as 512Mi, 4Gi or 1G"),
    Case(
      "memory: 0.1Ki", for: "memory: 4Gi",
      "16:13: resources.orchestrator.memory: 0.1Ki is finer than a byte; "
        + "write an amount such as 512Mi, 4Gi or 1G"),
    Case(
      "memory: 10P", for: "memory: 4Gi",
      "16:13: resources.orchestrator.memory: 10P is out of range; "
        + "write an amount such as 512Mi, 4Gi or 1G"),
    Case(
      "cpu: 2Gi", for: "cpu: 500m",
      "15:10: resources.orchestrator.cpu: 2Gi is an amount of bytes; "
        + "write cores such as 2 or 0.5, or thousandths of one such as 500m"),
    Case(
      "cpu: 0.0005", for: "cpu: 500m",
      "15:10: resources.orchestrator.cpu: 0.0005 is finer than a thousandth of a core; "
        + "write cores such as 2 or 0.5, or thousandths of one such as 500m"),
    Case(
      "cpu: 0", for: "cpu: 500m",
      "15:10: resources.orchestrator.cpu: 0 is out of range; "
        + "write cores such as 2 or 0.5, or thousandths of one such as 500m"),
    Case(
      "new-parser: on", for: "new-parser: true",
      "69:15: features.new-parser: on is not true or false; write true or false, without quotes"),
    Case(
      "\" \": true", for: "new-parser: true",
      "69:3: features. : is not accepted, as a name; write a name of at most 200 bytes"),
  ]

  @Test(arguments: ranges)
  func `a value out of its range is refused`(one: Case) throws {
    #expect(
      try Sources.problems(Sources.complete(one.written, one.instead))
        == ["production.yaml:\(one.problem)"])
  }

  static let contradictions: [Case] = [
    Case(
      "maxReplicas: 2", for: "maxReplicas: 12",
      "20:18: resources.workers.maxReplicas: 2 is less than minReplicas 3; write 3 or more"),
    Case(
      "healthCheckTimeout: 10.5", for: "healthCheckTimeout: 2",
      "49:23: deployment.healthCheckTimeout: 10.5 is longer than healthCheckInterval 10, so that "
        + "checks would overlap; write 10 or less"),
    Case(
      "name: staging", for: "name: production",
      "1:7: name: staging is not what the file is called; write production"),
    Case(
      "enabled: false\n    timeout: 5", for: "enabled: true\n    timeout: 5",
      "53:16: deployment.rollback.automatic: true needs rollback, which is not enabled; "
        + "write false, or enabled: true"),
    Case(
      "enabled: false\n    retention: 90", for: "enabled: true\n    retention: 90",
      "31:15: resources.monitoring.alerting: true needs monitoring, which is not enabled; "
        + "write false, or enabled: true"),
    Case(
      "keyManagement: none", for: "keyManagement: vault",
      "40:20: security.encryption.keyManagement: none keeps no key, and atRest needs one; "
        + "name the system that keeps keys, or write atRest: false"),
    Case(
      "region: eu-central-1\n", for: "region: eu-central-1\n  vpcId: vpc-1\n",
      "6:14: infrastructure.subnetIds: 2 of them are in no network, because vpcId is missing; "
        + "write vpcId, or remove subnetIds"),
    Case(
      "[subnet-1, subnet-1]", for: "[subnet-1, subnet-2]",
      "7:25: infrastructure.subnetIds[1]: subnet-1 is in the list twice; remove one of them"),
  ]

  @Test(arguments: contradictions)
  func `fields that contradict each other are refused`(one: Case) throws {
    #expect(
      try Sources.problems(Sources.complete(one.written, one.instead))
        == ["production.yaml:\(one.problem)"])
  }

  @Test func `a typo in each field in turn is one problem that names the field meant`() throws {
    let lines = try Sources.complete().split(separator: "\n").map(String.init)
    var count = 0
    for (index, line) in lines.enumerated() {
      guard let name = line.firstMatch(of: #/^\ *([a-zA-Z]+):/#)?.1 else { continue }
      var typo = lines
      typo[index] = line.replacing("\(name):", with: "\(name)x:")
      let problems = Sources.problems(typo.joined(separator: "\n"))
      #expect(problems.count == 1, "\(name): \(problems)")
      #expect(problems.first?.hasSuffix("did you mean \(name)?") == true, "\(problems)")
      count += 1
    }
    #expect(count == 68)
  }

  static let edges: [(written: String, instead: String)] = [
    ("healthCheckTimeout: 2", "healthCheckTimeout: 10"),
    ("maxReplicas: 12", "maxReplicas: 3"), ("minReplicas: 3", "minReplicas: 0"),
    ("standards: [SOC2]", "standards: []"), ("sampleRate: 0.25", "sampleRate: 1"),
    ("sampleRate: 0.25", "sampleRate: 0.000001"), ("cpu: 500m", "cpu: \"0.5\""),
    ("cpu: 500m", "cpu: 1m"), ("memory: 4Gi", "memory: 4294967296"),
    ("  new-parser: true", "  {}"), ("strategy: blue-green", "strategy: canary"),
    (
      "enabled: true\n    endpoint: http://traces.example.com:4318",
      "enabled: false\n    endpoint: \"\""
    ),
    ("endpoint: http://traces.example.com:4318", "endpoint: grpc://traces:4317"),
    ("keyManagement: vault", "keyManagement: \"none \\u2014 see wiki\""),
  ]

  @Test(arguments: edges)
  func `values at the edge of what is allowed are accepted`(
    written: String, instead: String
  ) throws {
    #expect(try Sources.problems(Sources.complete(written, instead)).isEmpty)
  }
}
