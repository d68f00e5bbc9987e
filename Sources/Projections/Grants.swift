import Events

/// Who may do what where, as granted and not withdrawn.
package struct Grants: Projection {
  package struct Grant: Hashable, Sendable {
    package let actor: ActorID
    package let role: AccessRole
    package let applications: Reach<ApplicationTag>
    package let environments: Reach<EnvironmentTag>
    /// From this moment on it counts no more.
    package let until: Timestamp?
    package let position: Int
    /// Who gave it.
    package let by: ActorID
  }

  private var byActor: [ActorID: [Grant]] = [:]
  private var versions: [ActorID: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .access(let event) = recorded.event else { return }
    switch event {
    case .granted(let grant):
      byActor[grant.actor, default: []].append(
        Grant(
          actor: grant.actor, role: grant.role, applications: grant.applications,
          environments: grant.environments, until: grant.until, position: recorded.position,
          by: recorded.actor))
      versions[grant.actor] = recorded.version
    case .withdrawn(let withdrawn):
      byActor[withdrawn.actor]?.removeAll {
        withdrawn.role == nil || $0.role == withdrawn.role
      }
      versions[withdrawn.actor] = recorded.version
    case .decided:
      break  // A decision grants nothing.
    }
  }

  /// In the order they were given.
  package func of(_ actor: ActorID) -> [Grant] { byActor[actor] ?? [] }

  /// The version of the actor's grant stream: what a decision on it expects.
  package func version(of actor: ActorID) -> Int { versions[actor] ?? 0 }

  package var all: [Grant] { byActor.values.joined().sorted { $0.position < $1.position } }
}
