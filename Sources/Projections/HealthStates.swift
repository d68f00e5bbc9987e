import CanonicalJSON
import Events

/// What is known last of each instance's health, by probes, changes and windows.
///
/// Instances belong to a deployment: when the next one starts, what was known of those that it does
/// not find running is forgotten. Who is being stopped or has ended is forgotten as well: nobody
/// asks how it is any more.
package struct HealthStates: Projection {
  package static let name = "health-states"
  package static let revision = 4

  /// Never moved, so that a replay's hot path finds one by ``index``; nil for who is gone.
  private var slots: [Slot?] = []
  /// Numbers of ``slots`` by `<place>` and `<instance>`.
  private var index = ByteIndex()

  private struct Slot: Hashable, Sendable {
    let place: Place
    let instance: InstanceName
    var health: Health
  }

  package init() {}

  package func instances(in place: Place) -> [InstanceName: Health] { byPlace[place] ?? [:] }

  private var byPlace: [Place: [InstanceName: Health]] {
    var byPlace: [Place: [InstanceName: Health]] = [:]
    for case let slot? in slots { byPlace[slot.place, default: [:]][slot.instance] = slot.health }
    return byPlace
  }

  package mutating func apply(_ recorded: Recorded) {
    guard let place = Place(recorded) else { return }
    let moment = Health.When(position: recorded.position, recorded: recorded.recorded)
    switch recorded.event {
    case .health(let event):
      let number = number(of: event.instance, at: place)
      keep(event.component, event.instance, at: place, number, moment)
      slots[number]?.health.take(event, at: moment)
    case .deployment(.started(let started)):
      let standing = Set(started.predecessor?.running.map(\.instance) ?? [])
      for number in slots.indices where slots[number]?.place == place {
        if let slot = slots[number], !standing.contains(slot.instance) { slots[number] = nil }
      }
    case .deployment(.stepStarted(let step)) where step.action == .stopReplica:
      if let instance = step.instance { slots[number(of: instance, at: place)] = nil }
    case .deployment(.replicaExited(let exit)): slots[number(of: exit.instance, at: place)] = nil
    case .replica(.exited(let exit)): slots[number(of: exit.instance, at: place)] = nil
    case .sync(.stepStarted(let step)) where step.action == .stopReplica:
      for instance in step.instances { slots[number(of: instance, at: place)] = nil }
    case .ledger, .key, .access, .approval, .policy, .build, .configuration, .release, .deployment,
      .replica(.started), .router, .lease, .usage, .cost, .retention, .privacy, .review, .secret,
      .drift, .sync, .unknown, .unreadable:
      break  // Says nothing about anybody's health.
    }
  }

  /// Takes in one probe as its bytes have it; false when the instance must be read properly first.
  mutating func take(_ probe: ProbeGlance, in run: RunGlance, at moment: Health.When) -> Bool {
    let hash = ByteIndex.hash(probe.instance, from: run.placeHash)
    guard let number = index.find(run.place, probe.instance, hash: hash),
      let health = slots[number]?.health, health.component.matches(probe.component)
    else { return false }
    slots[number]?.health.take(
      probe.verdict, latencyUs: probe.latencyUs, status: probe.status,
      reason: probe.reason.map { MachineWords($0.string) }, at: moment)
    return true
  }

  /// Begins anew when nothing is known of the instance, or it was another component's.
  private mutating func keep(
    _ component: ComponentName, _ instance: InstanceName, at place: Place, _ number: Int,
    _ moment: Health.When
  ) {
    guard slots[number]?.health.component != component else { return }
    slots[number] = Slot(
      place: place, instance: instance,
      health: Health(component: component, since: moment.recorded, position: moment.position))
  }

  private mutating func number(of instance: InstanceName, at place: Place) -> Int {
    var place = "\(place)"
    var instance = instance.rawValue
    return place.withUTF8 { place in
      instance.withUTF8 { instance in
        number(of: UnsafeRawBufferPointer(instance), at: UnsafeRawBufferPointer(place))
      }
    }
  }

  private mutating func number(
    of instance: UnsafeRawBufferPointer, at place: UnsafeRawBufferPointer
  ) -> Int {
    let hash = ByteIndex.hash(instance, from: ByteIndex.hash(place))
    if let number = index.find(place, instance, hash: hash) { return number }
    slots.append(nil)
    return index.insert(place, instance, hash: hash)
  }
}

extension HealthStates {
  package static func == (left: Self, right: Self) -> Bool { left.byPlace == right.byPlace }
  package func hash(into hasher: inout Hasher) { hasher.combine(byPlace) }

  package init(fields: inout FieldReader) throws(FormFault) {
    self.init()
    let byPlace: [Place: Keyed<InstanceName, Health>] = try fields.take("byPlace")
    for (place, instances) in byPlace {
      for (instance, health) in instances.values {
        slots[number(of: instance, at: place)] = Slot(
          place: place, instance: instance, health: health)
      }
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("byPlace", byPlace.mapValues(Keyed.init))
  }
}

extension HealthEvent {
  fileprivate var component: ComponentName {
    switch self {
    case .checked(let event): event.component
    case .changed(let event): event.component
    case .summarized(let event): event.component
    }
  }

  fileprivate var instance: InstanceName {
    switch self {
    case .checked(let event): event.instance
    case .changed(let event): event.instance
    case .summarized(let event): event.instance
    }
  }
}

extension Name {
  fileprivate func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
    rawValue.utf8.elementsEqual(bytes)
  }
}
