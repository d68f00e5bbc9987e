import Events

/// One application in one environment: where releases are numbered and configurations apply.
package struct Place: Hashable, Sendable, Comparable {
  package let application: ApplicationName
  package let environment: EnvironmentName

  package init(_ application: ApplicationName, _ environment: EnvironmentName) {
    self.application = application
    self.environment = environment
  }

  /// nil for an event that is about no application or no environment.
  package init?(_ recorded: Recorded) {
    guard let application = recorded.application, let environment = recorded.environment else {
      return nil
    }
    self.init(application, environment)
  }

  package var scope: Scope { Scope(application: application, environment: environment) }

  package static func < (left: Place, right: Place) -> Bool {
    (left.application, left.environment) < (right.application, right.environment)
  }
}

extension Place: CustomStringConvertible {
  package var description: String { "\(application).\(environment)" }
}

extension Place: TextValue {
  package static let expected = "APPLICATION.ENVIRONMENT"

  package init?(dataText: String) {
    let parts = dataText.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let application = ApplicationName(rawValue: String(parts[0])),
      let environment = EnvironmentName(rawValue: String(parts[1]))
    else { return nil }
    self.init(application, environment)
  }

  package var dataText: String { description }
}

extension Recorded {
  /// The deployment whose stream this event stands in; nil for any other stream.
  package var deployment: DeploymentID? { stream.deployment }
}

extension StreamName {
  /// The deployment whose stream it is; nil for any other.
  package var deployment: DeploymentID? {
    prefix == "deployment" ? DeploymentID(dataText: String(name)) : nil
  }
}
