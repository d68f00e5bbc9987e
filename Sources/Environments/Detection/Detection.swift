/// Which environment a command is about, and how that was found out.
///
/// Always shown, so that nobody takes production for staging. A command that only reads may use
/// ``environment`` and prints ``warnings``; one that changes anything calls ``certain()`` first.
package struct Detection: Hashable, Sendable {
  /// What the story's detector answers: the first variable that is set decides, and a value that
  /// it does not know is development.
  package let environment: KnownEnvironment
  package let source: Source
  /// Every variable that is set, in the order they are asked.
  package let readings: [Reading]

  package enum Source: Hashable, Sendable {
    /// Named on the command line: nothing was detected, and the variables do not matter.
    case named
    case variable(String)
    /// No variable is set: development.
    case nothingSet
  }

  /// One variable that is set.
  package struct Reading: Hashable, Sendable {
    package let variable: String
    package let value: String
    /// Nil if the value is not one of the story's spellings.
    package let environment: KnownEnvironment?
  }
}

extension Detection {
  /// Whether acting on it could hit an environment that was not meant.
  package var isAmbiguous: Bool { !warnings.isEmpty }

  /// What is doubtful about it, one sentence each; empty if nothing is.
  package var warnings: [String] {
    guard source != .named else { return [] }
    let unknown = readings.filter { $0.environment == nil }.map {
      "\($0.variable) is \"\(Secrecy.shown($0.value, at: $0.variable))\", which is no environment."
    }
    let known = readings.compactMap(\.environment)
    guard Set(known).count > 1 else { return unknown }
    let claims = readings.compactMap { reading in
      reading.environment.map { "\(reading.variable) says \($0)" }
    }
    return unknown + ["\(claims.joined(separator: ", ")): they disagree."]
  }

  /// Whether `variable` is set to something that is no environment.
  package func isUnknown(_ variable: String) -> Bool {
    readings.contains { $0.variable == variable && $0.environment == nil }
  }

  /// The environment, if there is no doubt about it.
  ///
  /// - Throws: ``AmbiguousEnvironment``; commands that change anything end with exit code 78.
  package func certain() throws(AmbiguousEnvironment) -> KnownEnvironment {
    guard !isAmbiguous else { throw AmbiguousEnvironment(detection: self) }
    return environment
  }

  /// `production (STELE_ENVIRONMENT)`, `development (nothing set)`.
  package var summary: String {
    switch source {
    case .named: "\(environment)"
    case .variable(let name): "\(environment) (\(name))"
    case .nothingSet: "\(environment) (nothing set)"
    }
  }
}

/// The environment's variables name none, or several; nothing was changed.
package struct AmbiguousEnvironment: Error, Hashable, Sendable {
  package let detection: Detection
}

extension AmbiguousEnvironment: CustomStringConvertible {
  package var description: String {
    """
    Nothing was changed: which environment is meant is not clear.
    \(detection.warnings.joined(separator: "\n"))
    Name it on the command line, or set \(EnvironmentDetector.variableNames[0]) to one of \
    \(KnownEnvironment.spellings), and unset the others.
    """
  }
}
