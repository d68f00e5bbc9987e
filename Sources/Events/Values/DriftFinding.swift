import CanonicalJSON

/// How a leaf differs, or why nothing can be said of it.
package enum DriftSort: String, WordValue {
  /// What runs has another value than the ledger.
  case changed
  /// The ledger has it running, and it does not.
  case missing
  /// It runs, and the ledger does not know of it.
  case unrecorded
  /// Files say otherwise than the release that runs: a deployment would bring it.
  case notDeployed
  /// It could not be looked at: neither alike nor different.
  case notCompared
}

/// Where a scan looks.
package enum DriftPart: String, WordValue {
  case files
  /// What the agent runs, and what the machine says of those processes.
  case replicas
  case router
}

/// One leaf in which files, ledger and what runs are not alike, or that could not be looked at.
///
/// Values are as they may be shown: cut to 80 characters, and masked where they look like secrets.
package struct DriftFinding: ObjectValue {
  /// Of a replica, or whose replicas are counted.
  package let component: ComponentName?
  /// What the files say; absent where they say nothing of it.
  package let files: MachineWords?
  /// The replica; absent for what is not of one.
  package let instance: InstanceName?
  /// What the ledger's projection says; absent where it has none.
  package let ledger: MachineWords?
  package let part: DriftPart
  /// The leaf, as a release's configuration is recorded, or one of the replica's own; absent where
  /// the whole is meant.
  package let path: MachineWords?
  /// Why it could not be looked at.
  package let reason: MachineWords?
  /// What runs; absent where nothing does.
  package let running: MachineWords?
  package let sort: DriftSort

  package init(
    _ sort: DriftSort, _ part: DriftPart, component: ComponentName? = nil,
    instance: InstanceName? = nil, path: MachineWords? = nil, files: MachineWords? = nil,
    ledger: MachineWords? = nil, running: MachineWords? = nil, reason: MachineWords? = nil
  ) {
    self.component = component
    self.files = files
    self.instance = instance
    self.ledger = ledger
    self.part = part
    self.path = path
    self.reason = reason
    self.running = running
    self.sort = sort
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.takeOptional("component")
    files = try fields.takeOptional("files")
    instance = try fields.takeOptional("instance")
    ledger = try fields.takeOptional("ledger")
    part = try fields.take("part")
    path = try fields.takeOptional("path")
    reason = try fields.takeOptional("reason")
    running = try fields.takeOptional("running")
    sort = try fields.take("sort")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("files", files)
    fields.put("instance", instance)
    fields.put("ledger", ledger)
    fields.put("part", part)
    fields.put("path", path)
    fields.put("reason", reason)
    fields.put("running", running)
    fields.put("sort", sort)
  }
}

extension DriftFinding: Comparable {
  /// Files first, then replicas by component and instance, then the router; by path.
  package static func < (left: Self, right: Self) -> Bool {
    left.order.lexicographicallyPrecedes(right.order) {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }

  private var order: [String] {
    let place = DriftPart.allCases.firstIndex(of: part) ?? 0
    return [
      "\(place)", component?.rawValue ?? "", instance?.rawValue ?? "", path?.text ?? "",
      sort.rawValue, ledger?.text ?? "", running?.text ?? "", files?.text ?? "",
      reason?.text ?? "",
    ]
  }
}
