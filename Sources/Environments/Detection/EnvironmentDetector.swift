/// Finds the environment from a process's variables, as the story's detector does.
///
/// `STELE_ENVIRONMENT` is asked first, then the story's `NODE_ENV` and `ENVIRONMENT`. A variable
/// that is set to nothing counts as not set: the story's `||` passes over it too, and CI systems
/// set variables to nothing when they mean none.
package enum EnvironmentDetector {
  package static let variableNames = ["STELE_ENVIRONMENT", "NODE_ENV", "ENVIRONMENT"]

  /// - Parameters:
  ///   - named: What the command line says, if it says anything; it decides alone.
  ///   - variables: The process's environment.
  package static func detect(
    named: KnownEnvironment? = nil, variables: [String: String]
  ) -> Detection {
    let readings = variableNames.compactMap { name in
      variables[name].flatMap { value in
        value.isEmpty
          ? nil
          : Detection.Reading(
            variable: name, value: value, environment: KnownEnvironment(spelling: value))
      }
    }
    if let named {
      return Detection(environment: named, source: .named, readings: readings)
    }
    guard let first = readings.first else {
      return Detection(environment: .development, source: .nothingSet, readings: [])
    }
    return Detection(
      environment: first.environment ?? .development, source: .variable(first.variable),
      readings: readings)
  }
}
