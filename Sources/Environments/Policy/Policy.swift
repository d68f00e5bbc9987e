import CanonicalJSON
import Events

/// What must hold in each environment beyond the schema: `config/policy.yaml`.
///
///     everywhere:
///       rules:
///         regions: {field: infrastructure.region, oneOf: [eu-central-1, eu-west-1]}
///     production:
///       presets: [SOC2, GDPR]
///       capacity: {cpu: 16, memory: 64Gi, storage: 1Ti}
///       promotion: required
///       budget: {monthly: 1200.50, currency: EUR}
///       freezeWindows:
///         weekend: {cron: 0 16 * * 5, durationHours: 64, because: nobody is at work}
///       rules:
///         two-replicas:
///           field: resources.orchestrator.replicas
///           atLeast: 2
///           because: one may fail
package struct Policy: Hashable, Sendable {
  /// Presets expanded; in the order of presets, then of what is written for everywhere, then of
  /// what is written for the environment.
  private let rules: [KnownEnvironment: [PolicyRule]]
  private let capacities: [KnownEnvironment: Amounts]
  private let promotions: [KnownEnvironment: PromotionRule]
  private let budgets: [KnownEnvironment: Budget]
  private let controls: [KnownEnvironment: ChangeControl]

  init(
    rules: [KnownEnvironment: [PolicyRule]], capacities: [KnownEnvironment: Amounts],
    promotions: [KnownEnvironment: PromotionRule] = [:],
    budgets: [KnownEnvironment: Budget] = [:],
    controls: [KnownEnvironment: ChangeControl] = [:]
  ) {
    self.rules = rules
    self.capacities = capacities
    self.promotions = promotions
    self.budgets = budgets
    self.controls = controls
  }

  /// Without a file: nothing has to hold.
  package static let none = Policy(rules: [:], capacities: [:])

  package func rules(of environment: KnownEnvironment) -> [PolicyRule] { rules[environment] ?? [] }

  /// What there is of each resource, in all; nil where nobody says.
  package func capacity(of environment: KnownEnvironment) -> Amounts? { capacities[environment] }

  /// What a build has to have proven before it runs there; that of promotions where nobody says.
  package func promotion(of environment: KnownEnvironment) -> PromotionRule {
    promotions[environment] ?? .proven
  }

  /// What a month there may cost; nil where nobody says.
  package func budget(of environment: KnownEnvironment) -> Budget? { budgets[environment] }
  /// What has to hold of the moment before the environment is changed.
  package func control(of environment: KnownEnvironment) -> ChangeControl {
    controls[environment] ?? .none
  }

  /// Every rule that an environment breaks, in the rules' order. Pure: the same policy and
  /// configuration give the same answer for ever.
  package func violations(by configuration: EnvironmentConfiguration) -> [PolicyViolation] {
    rules(of: configuration.name).violations(by: configuration)
  }

  /// Of which resources an environment may ask for more than there is: all replicas that scaling
  /// allows, and those that a rollout runs beside them.
  package func shortfalls(of configuration: ResolvedConfiguration) -> [Shortfall] {
    guard let capacity = capacity(of: configuration.environment.name) else { return [] }
    return configuration.peak.shortfalls(in: capacity)
  }

  /// All rules of all environments, expanded, by their ids: what ``digest`` is taken over. In which
  /// order a file has them does not count.
  package var recorded: JSONObject {
    JSONObject(
      KnownEnvironment.allCases.map { environment in
        var object: JSONObject = [
          "rules": .array(
            rules(of: environment).sorted { $0.id < $1.id }.map { .object($0.recorded) })
        ]
        object["capacity"] = capacity(of: environment).map { .object($0.recorded) }
        object["budget"] = budget(of: environment).map { .object($0.recorded(in: environment)) }
        object["promotion"] = promotions[environment].map { .string($0.rawValue) }
        for (key, value) in control(of: environment).recorded { object[key] = value }
        return (environment.rawValue, .object(object))
      })
  }

  package var digest: ContentDigest { .init(hashing: JSONValue.object(recorded).certainBytes) }
}

extension [PolicyRule] {
  /// Those that an environment breaks, in their order.
  package func violations(by configuration: EnvironmentConfiguration) -> [PolicyViolation] {
    let texts = Dictionary(
      configuration.leaves.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
    return compactMap { rule in
      let found = texts[rule.field]
      return rule.isKept(by: found) ? nil : PolicyViolation(rule: rule, found: found)
    }
  }
}

extension PolicyRule {
  /// - Parameter found: What its field says, as files write it; nil where it is not there.
  package func isKept(by found: String?) -> Bool {
    guard let found, let shape = SettingShape.environment[field.split(separator: ".")] else {
      return false
    }
    return condition.holds(found, shape)
  }
}

extension ResolvedConfiguration {
  /// What the environment needs at most, while a release replaces another.
  package var peak: Amounts {
    let allocation = Allocation(environment.resources)
    return allocation.most
      + allocation.surge(
        environment.deployment.strategy, maxSurge: application.rollout.maxSurge)
  }
}

extension Amounts {
  /// As `policy.decided` has it.
  package var recorded: JSONObject {
    [
      "memoryBytes": .integer(Int64(memoryBytes)), "milliCpu": .integer(Int64(milliCPU)),
      "storageBytes": .integer(Int64(storageBytes)),
    ]
  }
}
