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

/// Why somebody changes something, and that they mean it.
struct ConsentOptions: ParsableArguments {
  @Option(help: "Why, in your own words; kept where it can be erased.")
  var reason: String?

  @Flag(help: "Do not ask, in production either.")
  var yes = false
}

/// Which environment is meant; detected from variables where none is named.
struct EnvironmentArgument: ParsableArguments {
  @Argument(help: "development, staging or production; otherwise detected.")
  var environment: String?

  func detect(in context: CommandContext) throws -> Detection {
    try context.detect(named: environment)
  }
}

extension KnownEnvironment {
  /// - Throws: `ValidationError` with the words that there are.
  init(argument word: String) throws {
    guard let known = KnownEnvironment(spelling: word) else {
      throw ValidationError(
        "'\(word)' is no environment: write one of \(KnownEnvironment.spellings)")
    }
    self = known
  }
}

extension CommandContext {
  /// The environment that is named, or else the one that the variables say; shown in any case.
  func detect(named word: String?) throws -> Detection {
    let detection = EnvironmentDetector.detect(
      named: try word.map(KnownEnvironment.init(argument:)), variables: variables)
    show(detection)
    return detection
  }

  func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : workingDirectory + "/" + path
  }

  func note(_ line: String) { notices.write(style.visible(line) + "\n") }

  func note(_ passages: [Passage]) { notices.write(Renderer.text(passages, on: terminal)) }

  func warn(_ line: String) { note(style.warning("warning: ") + line) }

  /// Always shown, so that nobody takes one environment for another.
  func show(_ detection: Detection) {
    let source =
      switch detection.source {
      case .named: ""
      case .variable(let name) where detection.isUnknown(name):
        style.faint(" by default: what \(name) says is none")
      case .variable(let name): style.faint(" from \(name)")
      case .nothingSet: style.faint(" because nothing is set")
      }
    note(style.environment(detection.environment.rawValue) + source)
    for warning in detection.warnings { warn(warning) }
  }

  func present(_ document: Document, as format: OutputFormat) throws {
    results.write(try Renderer.render(document, as: format, on: resultTerminal))
  }

  /// - Precondition: `format` is not a table.
  func present(_ listing: Listing, as format: OutputFormat) throws {
    var writer = ListingWriter(listing, to: results)
    try writer.write(as: format)
  }

  func workspace() throws -> Workspace {
    try Workspace.find(from: workingDirectory, variables: variables)
  }

  /// What the project's files say, with what this process's variables say over them.
  func files(of workspace: Workspace) -> ProjectFiles {
    ProjectFiles(workspace, variables: variables)
  }

  /// What the files say; what variables override in them is said.
  ///
  /// - Throws: `ConfigurationError`.
  func load(_ environment: KnownEnvironment, in workspace: Workspace) throws -> LoadedProject {
    let project = try files(of: workspace).load(environment)
    for (path, position) in project.environment.overridden { warn("\(position) sets \(path)") }
    return project
  }

  /// The configuration as it would be recorded now: what the files say, and the flags over them
  /// where there is a ledger.
  ///
  /// - Throws: As ``load(_:in:)``; what keeps the ledger from being read.
  func resolve(
    _ environment: KnownEnvironment, in workspace: Workspace
  ) async throws -> LoadedProject {
    let project = try load(environment, in: workspace)
    return workspace.hasLedger ? try await reading().wanted(project) : project
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
