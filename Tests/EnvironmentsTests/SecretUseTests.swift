import CanonicalJSON
import Events
import Testing

@testable import Environments

/// `secrets:` and `secretFiles:` of a component: names of secrets, and never a value.
@Suite struct SecretUseTests {
  private func load(_ lines: String) throws(ConfigurationError) -> LoadedApplication {
    let text = """
      application: tamma
      components:
        web:
          command: [serve]
          takesTraffic: false
          health: process
          replicas: resources.workers.minReplicas
          environment: {SET: already}
      \(lines)
      """
    return try LoadedApplication.checked(Array(text.utf8), of: "config/application.yaml")
  }

  private func problem(_ lines: String) throws -> SettingProblem {
    let error = #expect(throws: ConfigurationError.self) { try load(lines) }
    return try #require(error?.problemsIfInvalid.first)
  }

  @Test func `a variable and a file are named by variable`() throws {
    let application = try load(
      """
          secrets: {DATABASE_PASSWORD: database-password}
          secretFiles: {CERTIFICATE: tls-key}
      """)

    #expect(
      application.description.components.first?.secrets == [
        SecretUse("CERTIFICATE", "tls-key", .file),
        SecretUse("DATABASE_PASSWORD", "database-password", .variable),
      ])
  }

  @Test func `a variable is set once`() throws {
    let twice = try problem("    secrets: {SET: token}")

    #expect(twice.path == "components.web.secrets.SET")
    #expect(twice.kind == .contradiction)
  }

  @Test(arguments: ["Hunter22!", "AKIAIOSFODNN7EXAMPLE", "two words", "\"\""])
  func `what is no name of a secret is refused unseen`(value: String) throws {
    let refused = try problem("    secrets: {TOKEN: \(value)}")

    #expect(refused.kind == .secretInClear)
    #expect("\(refused)".contains("stele secret set"))
    #expect(!"\(refused)".contains("Hunter22") && !"\(refused)".contains("AKIA"))
  }

  @Test func `a name that no variable can have is refused`() throws {
    #expect(try problem("    secretFiles: {1ST: token}").kind == .outOfRange)
  }
}

extension ConfigurationError {
  fileprivate var problemsIfInvalid: [SettingProblem] {
    if case .invalid(let problems) = self { problems } else { [] }
  }
}
