/// One leg of a rollout's way. A plan is compiled into stages before it starts, so that how far a
/// rollout is can be said as "3 of 5".
package enum Stage: Hashable, Sendable {
  /// Start the slots' replicas and wait until each is proven healthy.
  case start([Slot])
  /// Send requests to these slots and no others.
  case shift(to: [Slot])
  /// Watch the new release before the previous one is given up.
  case bake
  case drain([Slot])
  case stop([Slot])
}

extension RolloutPlan {
  /// The stages from the previous release to the new one.
  var forwardRoute: [Stage] {
    switch strategy {
    case .blueGreen: blueGreenRoute
    case .rolling: rollingRoute
    }
  }

  /// Everything new, one switch, a look at it, everything old away. The previous release lives
  /// until the bake is over, so the way back is one switch as well.
  private var blueGreenRoute: [Stage] {
    let old = standing.sorted()
    return [
      .start(newSlots.sorted()), .shift(to: newSlots.filter(takesTraffic).sorted()), .bake,
      .drain(old.filter(takesTraffic)), .stop(old),
    ].filter { !$0.isEmpty }
  }

  /// `surge` new replicas, then as many old ones fewer, component by component: first those that
  /// take no traffic, so that what new front replicas hand over finds a worker that knows it. What
  /// an earlier rollout has left gets no requests as soon as something proven does.
  private var rollingRoute: [Stage] {
    var traffic = predecessor?.serving ?? []
    return exchanges.flatMap { exchange -> [Stage] in
      let before = traffic
      traffic.formUnion(exchange.start.filter(takesTraffic))
      traffic.subtract(exchange.retire)
      let proven = Set(traffic.filter { $0.generation != .left }.map(\.component))
      traffic = traffic.filter { $0.generation != .left || !proven.contains($0.component) }
      let shift: [Stage] = traffic == before ? [] : [.shift(to: traffic.sorted())]
      return [.start(exchange.start)] + shift
        + [.drain(exchange.retire.filter(takesTraffic)), .stop(exchange.retire)]
    }.filter { !$0.isEmpty } + [.bake]
  }

  /// The replicas that change places at a time, in order. What the new release wants fewer of, or
  /// not at all, leaves last.
  private var exchanges: [(start: [Slot], retire: [Slot])] {
    let order = components.filter { !$0.takesTraffic } + components.filter(\.takesTraffic)
    var leaving = standing
    var result: [(start: [Slot], retire: [Slot])] = []
    for component in order {
      let starting = component.slots(.new)
      for first in stride(from: 0, to: starting.count, by: limits.surge) {
        let start = Array(starting[first..<min(first + limits.surge, starting.count)])
        let retire = leaving.filter { $0.component == component.name }.prefix(start.count)
        leaving.removeAll(where: retire.contains)
        result.append((start, Array(retire)))
      }
    }
    return result + [([], leaving)]
  }
}

extension Stage {
  /// Whether there is nothing to do in it.
  fileprivate var isEmpty: Bool {
    switch self {
    case .start(let slots), .shift(let slots), .drain(let slots), .stop(let slots): slots.isEmpty
    case .bake: false
    }
  }
}
