import CanonicalJSON
import Events

/// Compares what files, ledger and machine say of one place, leaf by leaf. Pure.
///
/// A leaf counts once for each replica that has it or is to have it. What could not be looked at
/// counts as a leaf that is not equal, and is a finding.
package struct DriftComparison: Hashable, Sendable {
  /// In their order.
  package private(set) var findings: [DriftFinding] = []
  /// All leaves of the ledger's projection and of what runs.
  package private(set) var leaves = 0
  /// Those of which what runs has the ledger's value.
  package private(set) var equal = 0

  private let wanted: WantedRuntime
  private let seen: SeenRuntime
  private let files: Leaves
  /// What each process was started with, as far as it was seen.
  private let processes: [Leaves]

  private typealias Leaves = [[UInt8]: JSONValue]

  package init(_ wanted: WantedRuntime, _ seen: SeenRuntime) {
    self.wanted = wanted
    self.seen = seen
    files = ConfigurationDifference.leaves(of: seen.files.value ?? [:])
    processes = (seen.replicas.value ?? [:]).values.compactMap { replica in
      replica.handed.value.map(ConfigurationDifference.leaves)
    }
    compareFiles()
    compareReplicas()
    compareRouter()
    findings.sort()
  }

  /// Everything that differs, without what could not be looked at.
  package var differences: [DriftFinding] { findings.filter { $0.sort != .notCompared } }
  package var notCompared: [DriftFinding] { findings.filter { $0.sort == .notCompared } }
}

// MARK: Files

extension DriftComparison {
  /// What a deployment would bring is no drift of what runs, and does not count as a leaf.
  private mutating func compareFiles() {
    switch seen.files {
    case .unseen(let reason): add(DriftFinding(.notCompared, .files, reason: reason))
    case .seen(let object):
      for one in ConfigurationDifference.all(from: wanted.configuration, to: object) {
        add(
          DriftFinding(
            .notDeployed, .files, path: MachineWords(one.path),
            files: Self.shown(one.after, at: one.path),
            ledger: Self.shown(one.before, at: one.path), running: running(at: one.path)))
      }
    }
  }

  /// What all processes were started with, where they agree.
  private func running(at path: String) -> MachineWords? {
    let key = Array(path.utf8)
    let values = Set(processes.compactMap { $0[key] })
    return values.count == 1 ? Self.shown(values.first, at: path) : nil
  }
}

// MARK: Replicas

extension DriftComparison {
  private mutating func compareReplicas() {
    guard case .seen(let running) = seen.replicas else {
      leaves += wanted.counts.count + wanted.replicas.values.reduce(0) { $0 + Self.count($1) }
      if case .unseen(let reason) = seen.replicas {
        add(DriftFinding(.notCompared, .replicas, reason: reason))
      }
      return
    }
    compareCounts(running)
    for (instance, replica) in wanted.replicas {
      if let there = running[instance] {
        compare(replica, there, of: instance)
      } else {
        leaves += Self.count(replica)
        add(
          DriftFinding(
            .missing, .replicas, component: replica.component, instance: instance,
            ledger: "runs"))
      }
    }
    for (instance, replica) in running where wanted.replicas[instance] == nil {
      leaves += 1
      add(
        DriftFinding(
          .unrecorded, .replicas, component: replica.component, instance: instance,
          running: Self.shown(replica.started["build"], at: "build") ?? "runs"))
    }
  }

  private mutating func compareCounts(_ running: [InstanceName: ReplicaLeaves]) {
    let counts = Dictionary(grouping: running.values, by: \.component).mapValues(\.count)
    for component in Set(wanted.counts.keys).union(counts.keys) {
      let (ledger, there) = (wanted.counts[component] ?? 0, counts[component] ?? 0)
      leaves += 1
      guard ledger != there else {
        equal += 1
        continue
      }
      add(
        DriftFinding(
          .changed, .replicas, component: component, path: "replicas", ledger: "\(ledger)",
          running: "\(there)"))
    }
  }

  private mutating func compare(
    _ wanted: ReplicaLeaves, _ there: ReplicaLeaves, of instance: InstanceName
  ) {
    compare(
      wanted.started, there.started,
      DriftFinding(.changed, .replicas, component: wanted.component, instance: instance))
    switch (wanted.handed, there.handed) {
    case (.seen(let ledger), .seen(let running)):
      compare(
        ledger, running,
        DriftFinding(.changed, .replicas, component: wanted.component, instance: instance))
    case (_, .unseen(let reason)), (.unseen(let reason), _):
      leaves += Self.count(wanted.handed)
      add(
        DriftFinding(
          .notCompared, .replicas, component: wanted.component, instance: instance,
          reason: reason))
    }
  }

  private static func count(_ replica: ReplicaLeaves) -> Int {
    ConfigurationDifference.leaves(of: replica.started).count + count(replica.handed)
  }

  private static func count(_ handed: Sighting<JSONObject>) -> Int {
    ConfigurationDifference.leaves(of: handed.value ?? [:]).count
  }
}

// MARK: Router

extension DriftComparison {
  private mutating func compareRouter() {
    switch seen.router {
    case .unseen(let reason):
      leaves += wanted.routes
      add(DriftFinding(.notCompared, .router, reason: reason))
    case .seen(let router):
      compare(router.wanted, router.seen, DriftFinding(.changed, .router))
    }
  }
}

// MARK: Leaves

extension DriftComparison {
  private mutating func compare(
    _ ledger: JSONObject, _ running: JSONObject, _ subject: DriftFinding
  ) {
    let (old, new) = (
      ConfigurationDifference.leaves(of: ledger), ConfigurationDifference.leaves(of: running)
    )
    for key in Set(old.keys).union(new.keys) {
      leaves += 1
      guard old[key] != new[key] else {
        equal += 1
        continue
      }
      let path = String(decoding: key, as: UTF8.self)
      add(
        DriftFinding(
          .changed, subject.part, component: subject.component, instance: subject.instance,
          path: MachineWords(path), files: Self.shown(files[key], at: path),
          ledger: Self.shown(old[key], at: path), running: Self.running(new[key], at: path)))
    }
  }

  private mutating func add(_ finding: DriftFinding) { findings.append(finding) }

  private static func shown(_ value: JSONValue?, at path: String) -> MachineWords? {
    value.map {
      MachineWords(ConfigurationDifference(path: path, before: $0, after: nil).shownBefore)
    }
  }

  /// Commands, variables and texts of a form that Stele does not write may hold a secret that
  /// somebody started a process with: that they are others is all that is said.
  private static func running(_ value: JSONValue?, at path: String) -> MachineWords? {
    guard value != nil, isFree(path) else { return shown(value, at: path) }
    return "another"
  }

  private static func isFree(_ path: String) -> Bool {
    ["command", HandedLeaves.configuration, HandedLeaves.flags].contains(path)
      || path.hasPrefix("variables.")
  }
}
