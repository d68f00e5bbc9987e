import ArgumentParser
import Environments
import Events
import Operations
import Projections

/// An environment as it is now, or a release or moment of it.
struct SelectorArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "production, production#812, production~2, production@2026-11-01T00:00Z; otherwise detected.",
      valueName: "environment"))
  var word: String?

  /// - Returns: The environment, and the selector where more than the environment was named.
  func parse(in context: CommandContext) throws -> (KnownEnvironment, Selector?) {
    guard let word, word.isSelector else {
      return (try context.detect(named: word).environment, nil)
    }
    let selector = try Selector(argument: word)
    let environment = try KnownEnvironment(argument: selector.environment.rawValue)
    return (try context.detect(named: environment.rawValue).environment, selector)
  }
}

extension Selector {
  /// As a person types it: the environment by any spelling that there is for it.
  ///
  /// - Throws: `IdentifierError`, or `ValidationError` for an environment that there is not.
  init(argument text: String) throws {
    let selector = try Selector(parsing: text)
    let environment = try KnownEnvironment(argument: selector.environment.rawValue)
    self.init(environment.name, selector.choice)
  }
}

extension SelectorRange {
  /// - Throws: `IdentifierError`, or `ValidationError` for an environment that there is not.
  init(argument text: String) throws {
    let range = try SelectorRange(parsing: text)
    self.init(
      from: try Selector(argument: "\(range.from)"), to: try Selector(argument: "\(range.to)"))
  }
}

extension String {
  /// More than the name of an environment.
  fileprivate var isSelector: Bool { contains { "#~@".contains($0) } }
}
