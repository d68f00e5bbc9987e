import CanonicalJSON
import Environments
import Events
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

@testable import Operations

/// What each value of an environment's configuration does, as ``LeafUse`` says it, found out by
/// changing one value after the other.
@Suite struct LeafUseTests {
  private let shop: Shop
  private let state: LedgerState
  private let build: ContentDigest
  /// Every field of the schema has a value in it.
  private let complete: JSONObject

  init() async throws {
    shop = try await Shop()
    build = try await shop.build("first")
    state = try await shop.session.state()
    var complete = try shop.configuration().recorded
    complete["infrastructure"] = [
      "kubernetes": ["clusterName": "c", "namespace": "n", "nodePool": "p"],
      "provider": "on-premise", "region": "eu-central-1", "subnetIds": ["subnet-1"],
      "vpcId": "vpc-1",
    ]
    var resources = try #require(complete["resources"]?.objectValue)
    var workers = try #require(resources["workers"]?.objectValue)
    workers["maxReplicas"] = 3
    resources["workers"] = .object(workers)
    complete["resources"] = .object(resources)
    complete["features"] = [["name": "fast", "value": true]]
    self.complete = complete
  }

  /// What there is to see of each use, with the replicas of a component taken from each field that
  /// may say how many there are.
  private func seen(_ recorded: JSONObject) throws -> [LeafUse: [String]] {
    var seen: [LeafUse: [String]] = [:]
    for source in ComponentDescription.ReplicaSource.allCases {
      var application = try #require(recorded["application"]?.objectValue)
      application["components"] = .array(
        try #require(application["components"]?.arrayValue).map { component in
          var component = component.objectValue ?? [:]
          component["replicas"] = .string(source.rawValue)
          return .object(component)
        })
      var whole = recorded
      whole["application"] = .object(application)
      let configuration = try ResolvedConfiguration(recorded: whole)
      seen[.allocation, default: []] += allocation(of: configuration)
      seen[.rollout, default: []].append(try rollout(of: configuration))
      let spec = try spec(of: configuration)
      seen[.health, default: []] += ["\(spec.health)", "\(HealthLimits(configuration))"]
      seen[.application, default: []].append("\(spec.variables.sorted { $0.key < $1.key })")
    }
    return seen
  }

  private func allocation(of configuration: ResolvedConfiguration) -> [String] {
    let environment = configuration.environment
    return [Allocation(environment.resources), Allocation(configuration.application)].flatMap {
      let surge = $0.surge(environment.deployment.strategy, maxSurge: 1)
      return ["\($0.least)", "\($0.most)", "\(surge)", "\($0.largestMilliCPU)"]
    }
  }

  private func rollout(of configuration: ResolvedConfiguration) throws -> String {
    let wish = DeploymentWish(
      configuration: configuration, policy: .none, build: build, cause: .deployment)
    let planning = try DeploymentPlanning(
      wish, .make(at: .earliest, random: [UInt8](repeating: 1, count: 10)), state,
      standing: StandingRuntime([]),
      after: nil, reason: nil, owner: shop.person.actor, judgement: nil, now: .earliest)
    let started = try #require(planning.events.first { $0.kind == DeploymentStarted.kind })
    return "\(configuration.place) \(started.data)"
  }

  private func spec(of configuration: ResolvedConfiguration) throws -> ReplicaSpec {
    let artifacts = ArtifactStore(root: shop.session.workspace.artifacts)
    let recipe = ReleaseRecipe(
      configuration: configuration, build: build, artifacts: ["web": build])
    let orders = ReplicaOrders(
      deployment: .make(at: .earliest, random: [UInt8](repeating: 1, count: 10)),
      environment: "staging", new: recipe, previous: nil, artifacts: artifacts,
      logDirectory: "/nowhere")
    return try orders.spec(for: Slot(.new, "web", 1), instance: "web-1", step: 1)
  }

  @Test func `each value of the schema does what is said of it, and nothing else`() throws {
    let before = try seen(complete)
    let leaves = try EnvironmentConfiguration(recorded: complete).leaves
    for leaf in leaves {
      let after = try seen(try #require(changed(leaf), "\(leaf.path) has no other value"))
      let does = LeafUse.allCases.filter { before[$0] != after[$0] }
      #expect(does == leaf.uses, "\(leaf.path)")
    }
  }

  @Test func `no value of the schema is without a use`() throws {
    let leaves = try EnvironmentConfiguration(recorded: complete).leaves
    let known = leaves.map { $0.path == "features.fast" ? "features.*" : $0.path }
    #expect(Set(known) == Set(SettingShape.environment.leaves))
    #expect(leaves.allSatisfy { !$0.uses.isEmpty })
  }

  /// The configuration with another value there; nil where none was found that reads.
  private func changed(_ leaf: ConfigurationLeaf) -> JSONObject? {
    let path = leaf.recordedPath.split(separator: ".").map(String.init)
    guard path.first != "features" else {
      var other = complete
      other["features"] = [["name": "fast", "value": false]]
      return other
    }
    return Self.others(than: value(at: path, in: complete)).lazy.compactMap { value in
      let other = self.setting(value, at: path[...], in: self.complete)
      let read = try? EnvironmentConfiguration(recorded: other).leaves
      return read?.contains { $0.path == leaf.path && $0.text != leaf.text } == true ? other : nil
    }.first
  }

  private func value(at path: [String], in object: JSONObject) -> JSONValue? {
    path.dropLast().reduce(object) { $0?[$1]?.objectValue }?[path.last ?? ""]
  }

  private func setting(
    _ value: JSONValue, at path: ArraySlice<String>, in object: JSONObject
  ) -> JSONObject {
    var object = object
    guard let name = path.first else { return object }
    object[name] =
      path.count == 1
      ? value : .object(setting(value, at: path.dropFirst(), in: object[name]?.objectValue ?? [:]))
    return object
  }

  private static func others(than value: JSONValue?) -> [JSONValue] {
    switch value {
    case .bool(let flag): [.bool(!flag)]
    case .integer(let number): [.integer(number + 1)]
    case .array: [["other"]]
    default:
      // A word of each choice, amounts, and at last any text.
      [
        "development", "gcp", "private", "saml", "rolling", "error", "pretty", "json", "3", "3Gi",
        "other",
      ].map { .string($0) }
    }
  }
}
