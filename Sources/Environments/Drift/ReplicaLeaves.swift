import CanonicalJSON
import Events

/// What one replica is, leaf by leaf.
package struct ReplicaLeaves: Hashable, Sendable {
  package let component: ComponentName
  /// What its agent starts: build, command, working directory, health, variables, and secrets by
  /// name and version.
  package let started: JSONObject
  /// The configuration that its process was started with, by ``HandedLeaves``.
  package let handed: Sighting<JSONObject>

  package init(component: ComponentName, started: JSONObject, handed: Sighting<JSONObject>) {
    self.component = component
    self.started = started
    self.handed = handed
  }
}

/// What the ledger projects of one place.
package struct WantedRuntime: Hashable, Sendable {
  /// The release's; empty where nothing is to run.
  package let configuration: JSONObject
  /// How many replicas of each component.
  package let counts: [ComponentName: Int]
  package let replicas: [InstanceName: ReplicaLeaves]
  /// How many leaves the router has to have, where it is not seen; 0 where that cannot be told.
  package let routes: Int

  package init(
    configuration: JSONObject, counts: [ComponentName: Int],
    replicas: [InstanceName: ReplicaLeaves], routes: Int
  ) {
    self.configuration = configuration
    self.counts = counts
    self.replicas = replicas
    self.routes = routes
  }
}

/// What was found of it on the machine.
package struct SeenRuntime: Hashable, Sendable {
  /// What the router is to have and has, by ports and replicas.
  package struct Router: Hashable, Sendable {
    package let wanted: JSONObject
    package let seen: JSONObject

    package init(wanted: JSONObject, seen: JSONObject) {
      self.wanted = wanted
      self.seen = seen
    }
  }

  /// What a deployment of the files would record now.
  package let files: Sighting<JSONObject>
  package let replicas: Sighting<[InstanceName: ReplicaLeaves]>
  package let router: Sighting<Router>

  package init(
    files: Sighting<JSONObject>, replicas: Sighting<[InstanceName: ReplicaLeaves]>,
    router: Sighting<Router>
  ) {
    self.files = files
    self.replicas = replicas
    self.router = router
  }
}
