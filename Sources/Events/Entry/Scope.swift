/// The application and environment that every event of an entry shares; either may be absent.
package struct Scope: Hashable, Sendable {
  package let application: ApplicationName?
  package let environment: EnvironmentName?

  package init(application: ApplicationName? = nil, environment: EnvironmentName? = nil) {
    self.application = application
    self.environment = environment
  }
}

extension Scope: CustomStringConvertible {
  package var description: String {
    switch (application, environment) {
    case (let application?, let environment?): "\(application) in \(environment)"
    case (let application?, nil): "\(application) in no environment"
    case (nil, let environment?): "\(environment)"
    case (nil, nil): "the ledger"
    }
  }
}
