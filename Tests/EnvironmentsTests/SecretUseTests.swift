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
        SecretUse("CERTIFICATE", .stored("tls-key"), .file),
        SecretUse("DATABASE_PASSWORD", .stored("database-password"), .variable),
      ])
  }

  @Test(arguments: [
    "env:TOKEN", "file:/run/keys/token", "vault:secret/app/web#token", "aws-sm:prod/web",
    "aws-sm:arn:aws:secretsmanager:eu-central-1:1:secret:web-Ab1#token",
  ])
  func `a reference stands where a name may`(text: String) throws {
    let application = try load("    secrets: {TOKEN: \"\(text)\"}")

    let origin = application.description.components.first?.secrets.first?.origin
    #expect(origin?.reference?.text == text)
  }

  @Test(arguments: ["secrets", "secretFiles"])
  func `a variable of this program is given to nobody`(field: String) throws {
    let refused = try problem("    \(field): {SIGNS: \"env:STELE_KEY\"}")

    #expect(
      "\(refused)".hasSuffix(
        ":9:\(field.count + 15): components.web.\(field).SIGNS: env:STELE_KEY is this program's "
          + "own, and no process is given it; name a variable that does not begin with STELE_"))
    #expect(throws: Never.self) { try load("    \(field): {NAME: \"env:MY_STELE_KEY\"}") }
  }

  @Test func `a variable is set once`() throws {
    let twice = try problem("    secrets: {SET: token}")

    #expect(twice.path == "components.web.secrets.SET")
    #expect(twice.kind == .contradiction)
  }

  @Test(arguments: [
    "\"file:relative\"", "\"vault:secret#token\"", "\"vault:secret/../sys#token\"",
    "\"vault:secret/app\"", "\"env:\"", "\"s3:bucket\"", "Hunter22!", "AKIAIOSFODNN7EXAMPLE",
    "two words", "\"\"",
  ])
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
