import CanonicalJSON
import Events
import Projections

@testable import Environments

/// A selector, or a pair of them, is written as what reads as the same.
func checkSelector(_ input: [UInt8]) throws {
  let text = String(decoding: input, as: UTF8.self)
  if let selector = try? Selector(parsing: text) {
    try promise(try Selector(parsing: "\(selector)") == selector, "a selector is written otherwise")
  }
  if let range = try? SelectorRange(parsing: text) {
    try promise(try SelectorRange(parsing: "\(range)") == range, "a pair is written otherwise")
  }
}

/// YAML is refused at a place of the file; what is accepted is recorded as what reads as the same.
func checkConfiguration(_ input: [UInt8]) throws {
  do {
    let loaded = try LoadedEnvironment.checked(.staging, own: ("staging.yaml", input), base: nil)
    try promise(
      try EnvironmentConfiguration(recorded: loaded.configuration.recorded)
        == loaded.configuration, "a configuration is recorded otherwise")
  } catch let error as ConfigurationError {
    try checkPlaces(error, in: input)
  }
  do {
    _ = try LoadedApplication.checked(input, of: "application.yaml")
  } catch {
    try checkPlaces(error, in: input)
  }
}

private func checkPlaces(_ error: ConfigurationError, in input: [UInt8]) throws {
  guard case .invalid(let problems) = error else { return }
  try promise(!problems.isEmpty, "a configuration is refused for nothing")
  for problem in problems {
    // Every byte could end a line, and a fault may be behind the last one.
    let isInside = (1...input.count + 2).contains(problem.position.line)
    try promise(isInside && problem.position.column >= 1, "outside the file: \(problem)")
  }
}
