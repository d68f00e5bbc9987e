import Events
import Testing

@testable import Environments

/// Which environment is meant, from a process's variables.
@Suite struct DetectionTests {
  @Test(arguments: [
    ("production", KnownEnvironment.production), ("prod", .production), ("staging", .staging),
    ("stage", .staging), ("development", .development), ("dev", .development),
  ])
  func `every spelling of the story is understood, in each variable`(
    spelling: String, environment: KnownEnvironment
  ) throws {
    for name in EnvironmentDetector.variableNames {
      let detection = EnvironmentDetector.detect(variables: [name: spelling, "PATH": "/bin"])

      #expect(detection.environment == environment)
      #expect(detection.source == .variable(name))
      #expect(try detection.certain() == environment)
      #expect(detection.summary == "\(environment) (\(name))")
    }
  }

  @Test func `nothing set is development, for certain`() throws {
    let detection = EnvironmentDetector.detect(variables: ["HOME": "/root"])

    #expect(detection.environment == .development)
    #expect(detection.source == .nothingSet)
    #expect(detection.summary == "development (nothing set)")
    #expect(try detection.certain() == .development)
  }

  @Test func `a variable set to nothing counts as not set`() throws {
    let detection = EnvironmentDetector.detect(
      variables: ["STELE_ENVIRONMENT": "", "NODE_ENV": "staging", "ENVIRONMENT": ""])

    #expect(detection.source == .variable("NODE_ENV"))
    #expect(try detection.certain() == .staging)
  }

  @Test(arguments: ["Production", " production", "prd", "test", "development\n"])
  func `an unknown value reads as development and changes nothing`(value: String) {
    let detection = EnvironmentDetector.detect(variables: ["NODE_ENV": value])

    #expect(detection.environment == .development)
    #expect(detection.isAmbiguous)
    #expect(throws: AmbiguousEnvironment(detection: detection)) { try detection.certain() }
  }

  @Test func `two that disagree read as the first and change nothing`() {
    let detection = EnvironmentDetector.detect(
      variables: ["ENVIRONMENT": "prod", "NODE_ENV": "dev", "STELE_ENVIRONMENT": "staging"])

    #expect(detection.environment == .staging)
    #expect(
      detection.warnings == [
        "STELE_ENVIRONMENT says staging, NODE_ENV says development, "
          + "ENVIRONMENT says production: they disagree."
      ])
    #expect(
      AmbiguousEnvironment(detection: detection).description == """
        Nothing was changed: which environment is meant is not clear.
        STELE_ENVIRONMENT says staging, NODE_ENV says development, ENVIRONMENT says production: \
        they disagree.
        Name it on the command line, or set STELE_ENVIRONMENT to one of production (or prod), \
        staging (or stage), development (or dev), and unset the others.
        """)
  }

  @Test func `two spellings of one environment agree`() throws {
    let detection = EnvironmentDetector.detect(
      variables: ["ENVIRONMENT": "production", "NODE_ENV": "prod"])

    #expect(try detection.certain() == .production)
    #expect(detection.warnings.isEmpty)
  }

  @Test func `an unknown value beside a known one is doubtful, whichever comes first`() {
    let first = EnvironmentDetector.detect(variables: ["NODE_ENV": "test", "ENVIRONMENT": "prod"])
    let second = EnvironmentDetector.detect(variables: ["NODE_ENV": "prod", "ENVIRONMENT": "test"])

    #expect(first.environment == .development)
    #expect(second.environment == .production)
    #expect(first.warnings == ["NODE_ENV is \"test\", which is no environment."])
    #expect(second.warnings == ["ENVIRONMENT is \"test\", which is no environment."])
  }

  @Test func `what the command line names is not doubted`() throws {
    let detection = EnvironmentDetector.detect(
      named: .staging, variables: ["NODE_ENV": "production", "ENVIRONMENT": "nonsense"])

    #expect(try detection.certain() == .staging)
    #expect(detection.source == .named)
    #expect(detection.summary == "staging")
    #expect(detection.readings.map(\.variable) == ["NODE_ENV", "ENVIRONMENT"])
  }

  @Test func `environments are named as events name them`() {
    for environment in KnownEnvironment.allCases {
      #expect(environment.name.rawValue == environment.rawValue)
      #expect(KnownEnvironment(environment.name) == environment)
    }
    #expect(KnownEnvironment("qa") == nil)
  }
}
