/// What the name behind a kind's stream prefix stands for, and so which scope an event has.
package enum StreamShape: Hashable, Sendable {
  /// `main`: one for the ledger.
  case main
  /// A key id, 64 hex digits.
  case key
  /// An actor's or subject's UUIDv7.
  case actor
  /// An application without environment.
  case application
  /// An environment without application.
  case environment
  /// An environment without application, or `0` for no environment.
  case environmentOrNone
  /// `<application>.<environment>`.
  case place
  /// A deployment's UUIDv7, of one application in one environment.
  case deployment

  /// Whether `name` is what an event of this scope must be numbered under.
  package func accepts(_ name: Substring, in scope: Scope) -> Bool {
    switch (self, scope.application, scope.environment) {
    case (.main, nil, nil): name == "main"
    case (.key, nil, nil): Self.isKeyID(name)
    case (.actor, nil, nil): Self.isUUIDv7(name)
    case (.application, let application?, nil): name == application.rawValue
    case (.environment, nil, let environment?): name == environment.rawValue
    case (.environmentOrNone, nil, let environment): name == environment?.rawValue ?? "0"
    case (.place, let application?, let environment?): name == "\(application).\(environment)"
    case (.deployment, _?, _?): Self.isUUIDv7(name)
    case (.main, _, _), (.key, _, _), (.actor, _, _), (.application, _, _), (.environment, _, _),
      (.environmentOrNone, _, _), (.place, _, _), (.deployment, _, _):
      false
    }
  }

  private static func isKeyID(_ name: Substring) -> Bool {
    name.utf8.count == 64
      && name.utf8.allSatisfy { ASCIIText.isDigit($0) || (0x61...0x66).contains($0) }
  }

  private static func isUUIDv7(_ name: Substring) -> Bool {
    UUIDBits(String(name)).map { $0.version == 7 && $0.hasStandardVariant } ?? false
  }
}
