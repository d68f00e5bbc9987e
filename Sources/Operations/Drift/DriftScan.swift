import CanonicalJSON
import Environments
import Events
import Platforms
import Projections

/// One look at files, ledger and machine; nothing is recorded by it.
struct DriftScan: Sendable {
  let place: Place
  let comparison: DriftComparison
  /// Nil where nothing is to run, or it cannot be told what.
  let projected: ProjectedRuntime?
  /// What the agent says runs; empty where it could not be asked.
  let replicas: [RunningReplica]

  var content: DriftScanned {
    DriftScanned(
      leaves: comparison.leaves, equal: comparison.equal, found: comparison.differences.count,
      notCompared: comparison.notCompared.count, release: projected?.running.release)
  }
}

/// Looks at what really runs, and starts nothing for it.
struct DriftReader: Sendable {
  let session: Session
  let sight: EnvironmentSight

  /// - Throws: What makes the ledger's record unreadable: that the machine cannot be looked at is a
  ///   finding.
  func scan(_ place: Place, files: Sighting<JSONObject>) async throws -> DriftScan {
    switch try await session.projected(in: place) {
    case .uncertain(let reason):
      return scan(
        place, of: nil, .uncertain,
        SeenRuntime(files: .unseen(reason), replicas: .unseen(reason), router: .unseen(reason)),
        [])
    case .nothing:
      let (replicas, seen) = await replicas(nil)
      return scan(
        place, of: nil, .nothing,
        SeenRuntime(files: files, replicas: seen, router: await router(having: [:])), replicas)
    case .certain(let projected):
      let (replicas, seen) = await replicas(projected)
      let router: Sighting<SeenRuntime.Router> =
        switch seen {
        case .seen: await self.router(projected, replicas)
        case .unseen: .unseen("which replicas it is to have is not known: they were not seen")
        }
      return scan(
        place, of: projected, try projected.wanted(),
        SeenRuntime(files: files, replicas: seen, router: router), replicas)
    }
  }

  private func scan(
    _ place: Place, of projected: ProjectedRuntime?, _ wanted: WantedRuntime, _ seen: SeenRuntime,
    _ replicas: [RunningReplica]
  ) -> DriftScan {
    DriftScan(
      place: place, comparison: DriftComparison(wanted, seen), projected: projected,
      replicas: replicas)
  }
}

// MARK: Replicas

extension DriftReader {
  private func replicas(
    _ projected: ProjectedRuntime?
  ) async -> ([RunningReplica], Sighting<[InstanceName: ReplicaLeaves]>) {
    let running: [RunningReplica]
    do {
      running = try await sight.platform.running()
    } catch {
      return ([], .unseen(MachineWords("\(error)")))
    }
    var leaves: [InstanceName: ReplicaLeaves] = [:]
    for replica in running {
      let isWanted = projected?.slots[replica.spec.instance] != nil
      leaves[replica.spec.instance] = ReplicaLeaves(
        component: replica.spec.component, started: replica.spec.leaves,
        handed: isWanted ? await handed(to: replica) : .unseen("nobody wants it"))
    }
    return (running, .seen(leaves))
  }

  /// Of a process's environment only what a release's configuration is handed over in: secrets
  /// stand beside it.
  private func handed(to replica: RunningReplica) async -> Sighting<JSONObject> {
    let hidden = replica.spec.secrets.map(\.variable).filter(HandedLeaves.names.contains)
    guard hidden.isEmpty else { return .unseen("\(hidden[0]) is one of its secrets") }
    do {
      let variables = try await sight.processes.variables(HandedLeaves.names, of: replica)
      return HandedLeaves.object(variables).map { .seen($0) }
        ?? .unseen("its process was started without the variables that hand over a configuration")
    } catch {
      return .unseen(MachineWords("\(error)"))
    }
  }
}

// MARK: Router

extension DriftReader {
  private func router(
    _ projected: ProjectedRuntime, _ replicas: [RunningReplica]
  ) async -> Sighting<SeenRuntime.Router> {
    let traffic = projected.traffic(of: replicas)
    return await router(
      having: RouterServers(
        frontends: projected.configuration.frontends, serving: traffic.serving,
        draining: traffic.resting
      ).byFrontend)
  }

  /// Where nothing takes requests there need be no router; one that is there is asked.
  private func router(
    having wanted: [ComponentName: [RouterServer]]
  ) async -> Sighting<SeenRuntime.Router> {
    if wanted.isEmpty, await !sight.hasRouter() {
      return .seen(.init(wanted: [:], seen: [:]))
    }
    do {
      let state = try await sight.router.state()
      return .seen(
        .init(
          wanted: JSONObject(routing: wanted),
          seen: JSONObject(routing: state.frontends.mapValues { $0.map(\.server) })))
    } catch {
      return .unseen(MachineWords("\(error)"))
    }
  }
}

extension JSONObject {
  /// `{"web":"takes requests","web/web-1":"127.0.0.1:20001, weight 100"}`
  fileprivate init(routing frontends: [ComponentName: [RouterServer]]) {
    self.init()
    for (frontend, servers) in frontends {
      self[frontend.rawValue] = "takes requests"
      for server in servers {
        let share =
          switch server.share {
          case .weight(let weight): "weight \(weight)"
          case .draining: "no new requests"
          }
        self["\(frontend)/\(server.instance)"] = .string("127.0.0.1:\(server.port), \(share)")
      }
    }
  }
}
