import Foundation
import Testing

@testable import Environments

/// The JSON Schema and the readers say the same; check-jsonschema, which knows only the schema, is
/// asked.
@Suite struct ConfigurationSchemaTests {
  /// What a schema cannot say, by the piece of the file that is wrong.
  static let beyondSchemas: [String: String] = [
    "replicas: 2.0": "2.0 is an integer to JSON Schema",
    "replicas: 010": "YAML 1.2 reads 10",
    "region: no": "text in YAML 1.2",
    "replicas: 1_000": "YAML 1.1 reads 1000",
    "healthCheckInterval: 10.0005": "finer than recorded",
    "sampleRate: 0.0000001": "finer than recorded",
    "sampleRate: 1e-3": "a number of YAML 1.2",
    "cpu: 0.0005": "finer than a thousandth, as a number it has a minimum",
    "memory: 0.1Ki": "no whole number of bytes",
    "memory: 10P": "more than 2^53 bytes",
    "maxReplicas: 2": "against another field",
    "healthCheckTimeout: 10.5": "against another field",
    "name: staging": "against the file's name",
  ]

  @Test func `every wrong value is refused by the schema too, but for those it cannot know`()
    async throws
  {
    let all =
      FieldValidationTests.types + FieldValidationTests.ranges
      + FieldValidationTests.contradictions
    let scratch = try Scratch()
    for (index, one) in all.enumerated() {
      try scratch.write(Sources.complete(one.written, one.instead), to: "\(index).yaml")
    }

    let refused = try await refused(all.indices.map { "\($0).yaml" }, by: .environment, in: scratch)

    let accepted = all.indices.filter { !refused.contains("\($0).yaml") }.map { all[$0].instead }
    #expect(Set(accepted).subtracting(Self.beyondSchemas.keys) == [])
  }

  @Test func `what the reader accepts, the schema accepts`() async throws {
    let scratch = try Scratch()
    try scratch.write(Sources.complete(), to: "complete.yaml")
    for (index, one) in FieldValidationTests.edges.enumerated() {
      try scratch.write(Sources.complete(one.written, one.instead), to: "\(index).yaml")
    }
    let files = FieldValidationTests.edges.indices.map { "\($0).yaml" } + ["complete.yaml"]

    #expect(try await refused(files, by: .environment, in: scratch) == [])
    #expect(try await refused(files, by: .layer, in: scratch) == [])
  }

  @Test func `each field left out or misspelled is refused by a whole schema`() async throws {
    let scratch = try Scratch()
    let lines = try Sources.complete().split(separator: "\n").map(String.init)
    var files: [String] = []
    for (index, line) in lines.enumerated() where line.contains(":") && !line.contains("- ") {
      guard !line.contains("new-parser") else { continue }
      var typo = lines
      typo[index] = line.replacing(/^( *)(\w+):/) { "\($0.1)\($0.2)x:" }
      files.append(try scratch.writeLines(typo, to: "typo-\(index).yaml"))
    }

    #expect(try await refused(files, by: .environment, in: scratch) == Set(files))
    #expect(try await refused(files, by: .layer, in: scratch) == Set(files))
  }

  @Test func `files of a project are layers, and its application is one`() async throws {
    let scratch = try Scratch()
    let folder = Sources.project.root + "/config"
    let layers = ["base", "development", "production", "staging"]
    for name in layers {
      try scratch.write(
        String(contentsOfFile: "\(folder)/environments/\(name).yaml", encoding: .utf8),
        to: "\(name).yaml")
    }
    try scratch.write(
      String(contentsOfFile: "\(folder)/application.yaml", encoding: .utf8), to: "application.yaml")

    #expect(try await refused(layers.map { "\($0).yaml" }, by: .layer, in: scratch) == [])
    #expect(
      try await refused(["staging.yaml"], by: .environment, in: scratch) == ["staging.yaml"])
    #expect(try await refused(["application.yaml"], by: .application, in: scratch) == [])
  }

  static let applications: [(written: String, instead: String)] = [
    ("health: http", "health: tcp"), ("takesTraffic: true", "takesTraffic: yes please"),
    ("takesTraffic: true", "takesTraffic: false"), ("health: http", "health: process"),
    ("port: {development: 8080, staging: 8081, production: 8082}", "ports: 1"),
    ("port: {development: 8080, staging: 8081, production: 8082}", "port: 70000"),
    ("port: {development: 8080, staging: 8081, production: 8082}", "port: {prod: 80}"),
    ("application: tamma", "application: Tamma"), ("bakeSeconds: 1.5", "bakeSeconds: -1"),
    ("healthyThreshold: 3", "healthyThreshold: 21"), ("command: [\"${ARTIFACT}/bin/work\"]", ""),
    ("command: [\"${ARTIFACT}/bin/work\"]", "command: []"),
    ("artifact: dist/workers", "artifact: ../workers"),
    ("replicas: resources.workers.minReplicas", "replicas: 2"),
    ("LOG_FORMAT:", "LOG-FORMAT:"),
  ]

  @Test func `a wrong application is refused by both`() async throws {
    let text = try String(
      contentsOfFile: Sources.project.root + "/config/application.yaml", encoding: .utf8)
    let scratch = try Scratch()
    let files = Self.applications.indices.map { "\($0).yaml" }
    for (file, one) in zip(files, Self.applications) {
      try #require(text.contains(one.written))
      let wrong = text.replacingOccurrences(of: one.written, with: one.instead)
      try scratch.write(wrong, to: file)
      let problems = Sources.lines { () throws(ConfigurationError) in
        _ = try LoadedApplication.checked(Array(wrong.utf8), of: "application.yaml")
      }
      #expect(!problems.isEmpty, "\(one.instead)")
    }

    #expect(try await refused(files, by: .application, in: scratch) == Set(files))
  }

  @Test func `a policy is accepted by both, and most wrong ones are refused by both`() async throws
  {
    let scratch = try Scratch()
    let good = PolicyTests.conditions.enumerated().map { index, one in
      ("good-\(index).yaml", "production: {rules: {it: {field: \(one.field), \(one.kept)}}}")
    }
    let wrong = [
      "production: {promotion: all}", "development: {promotion: required}",
      "production: {preset: [SOC2]}", "prod: {presets: [SOC2]}",
      "everywhere: {rules: {It: {}}}",
      "production: {capacity: {cpu: 2, memory: 1Gi}}", "production: {rules: {it: {is: true}}}",
      "production: {rules: {it: {field: description, is: [a]}}}",
      "production: {rules: {it: {field: description, isnt: a}}}",
    ].enumerated().map { ("wrong-\($0).yaml", $1) }
    for (file, text) in good + wrong {
      try scratch.write(text + "\n", to: file)
      let problems = Sources.lines { () throws(ConfigurationError) in
        _ = try LoadedPolicy.checked(Array(text.utf8), of: file)
      }
      #expect(problems.isEmpty == file.hasPrefix("good"), "\(text)")
    }

    #expect(
      try await refused((good + wrong).map(\.0), by: .policy, in: scratch)
        == Set(wrong.map(\.0)))
  }

  @Test func `a pattern judges as its rule does`() throws {
    let rules: [TextRule] = [
      .sentence, .label, .identifier, .region, .dnsLabel, .clusterName, .requestPath,
      .applicationName, .variableName, .projectPath, .argument,
    ]
    let pieces = [
      "a", "Z", "0", "-", "_", "/", ".", "..", "#", " ", "é", "~", "$", "\t", "\u{FEFF}",
    ]
    let texts =
      pieces + pieces.flatMap { one in pieces.map { one + $0 } }
      + pieces.flatMap { one in pieces.flatMap { two in pieces.map { one + two + $0 } } }
    for rule in rules {
      let pattern = try Regex(rule.pattern)
      for text in texts {
        #expect(
          (text.wholeMatch(of: pattern) != nil) == (rule.complaint(about: text) == nil),
          "\(rule.wanted): \(text.debugDescription)")
      }
    }
  }

  @Test func `a schema has the same bytes every time, and says which dialect it is`() throws {
    for schema in ConfigurationSchema.allCases {
      #expect(schema.text == schema.text)
      #expect(schema.text.contains("https://json-schema.org/draft/2020-12/schema"))
    }
    let words = ConfigurationSchema.environment.text.split(whereSeparator: \.isWhitespace)
    #expect(words.joined(separator: " ").contains(#""maximum" : 3600, "minimum" : 0.1"#))
  }

  /// The names of those files that check-jsonschema refuses.
  private func refused(
    _ files: [String], by schema: ConfigurationSchema, in scratch: Scratch
  ) async throws -> Set<String> {
    let path = try scratch.write(schema.text, to: "\(schema.rawValue).json")
    let said = try await python(
      ["\(Sources.fixtures)/schema_verdicts.py", path] + files.map { "\(scratch.path)/\($0)" })
    return Set(try JSONDecoder().decode([String].self, from: Data(said.utf8)))
  }
}

extension Scratch {
  fileprivate func writeLines(_ lines: [String], to name: String) throws -> String {
    try write(lines.joined(separator: "\n") + "\n", to: name)
    return name
  }
}
