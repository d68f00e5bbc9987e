import ArgumentParser
import Environments
import Events
import LedgerStore
import Operations

/// How a result is printed.
struct OutputOptions: ParsableArguments {
  @Option(help: "How the result is printed on stdout: table, json, jsonl or csv.")
  var output: OutputFormat = .table
}

/// Who acts.
struct IdentityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The key that signs; or STELE_KEY. Otherwise the actor key of this ledger's key ring.",
      valueName: "file"))
  var key: String?

  func path(in context: CommandContext) -> String? {
    if let key { return context.absolute(key) }
    return context.variables["STELE_KEY"].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// Which environment is meant; detected from variables where none is named.
struct EnvironmentArgument: ParsableArguments {
  @Argument(help: "development, staging or production; otherwise detected.")
  var environment: String?

  func detect(in context: CommandContext) throws -> Detection {
    let named = try environment.map { word in
      guard let known = KnownEnvironment(spelling: word) else {
        throw ValidationError(
          "'\(word)' is no environment: write one of \(KnownEnvironment.spellings)")
      }
      return known
    }
    let detection = EnvironmentDetector.detect(named: named, variables: context.variables)
    context.show(detection)
    return detection
  }
}

extension CommandContext {
  func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : workingDirectory + "/" + path
  }

  func note(_ line: String) { notices.write(style.visible(line) + "\n") }

  func warn(_ line: String) { note(style.warning("warning: ") + line) }

  /// Always shown, so that nobody takes one environment for another.
  func show(_ detection: Detection) {
    let source =
      switch detection.source {
      case .named: ""
      case .variable(let name): style.faint(" from \(name)")
      case .nothingSet: style.faint(" because nothing is set")
      }
    note(style.environment(detection.environment.rawValue) + source)
    for warning in detection.warnings { warn(warning) }
  }

  func present(_ document: Document, as format: OutputFormat) throws {
    results.write(try Renderer.render(document, as: format, style: style))
  }

  func workspace() throws -> Workspace {
    try Workspace.find(from: workingDirectory, variables: variables)
  }

  func reading() throws -> Session {
    try Session.open(workspace(), for: .reading, variables: variables)
  }

  func appending() throws -> Session {
    try Session.open(workspace(), for: .appending, variables: variables)
  }

  /// In production a person types its name, or has said `--yes`.
  ///
  /// - Throws: ``DeploymentError/notConfirmed(_:)``.
  func confirm(_ environment: KnownEnvironment, _ question: String, yes: Bool) throws {
    guard environment == .production, !yes else { return }
    guard let answer = ask?("\(question)\nType \(environment.rawValue) to go on: "),
      answer == environment.rawValue
    else { throw DeploymentError.notConfirmed(environment.name) }
  }
}
