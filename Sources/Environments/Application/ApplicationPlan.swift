import CanonicalJSON
import Events

/// The application as one environment runs it: every value filled in but those of a replica.
package struct ApplicationPlan: Hashable, Sendable {
  package let name: ApplicationName
  /// By name, ascending, at least one.
  package let components: [ComponentPlan]
  package let rollout: RolloutSettings
}

extension ApplicationPlan {
  init(
    recorded section: RecordedSection, in configuration: EnvironmentConfiguration
  ) throws(RecordedConfigurationError) {
    var components: [ComponentPlan] = []
    for component in try section.sections("components") {
      components.append(try ComponentPlan(recorded: component, in: configuration))
    }
    self.init(
      name: try section.name("name"), components: components,
      rollout: try RolloutSettings(recorded: section.section("rollout")))
  }

  var recorded: JSONObject {
    [
      "components": .array(components.map { .object($0.recorded) }), "name": .string(name.rawValue),
      "rollout": .object(rollout.recorded),
    ]
  }
}
