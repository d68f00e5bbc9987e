import Events
import Platforms

/// What any ``TrafficRouter`` promises, one clause a case, checked on a router that does not run
/// yet and two frontends it may have.
package enum TrafficContract: String, CaseIterable, Sendable {
  case aNewRouterHasNoServers
  case serversAreAsAsked
  case sharesChangeInPlace
  case whatIsNotNamedIsForgotten
  case otherFrontendsKeepTheirServers
  case aRestartForgetsNothing
  case anotherFrontendTouchesNoServer
  case aQuietServerIsDrainedAtOnce
  case anUnknownFrontendIsRefused
  case anUnknownServerIsNotDrained
  case whatMakesNoSenseIsRefused
}

extension TrafficContract {
  private static let one = RouterServer(instance: "one", port: 9)
  private static let two = RouterServer(instance: "two", port: 10, share: .weight(7))

  package func check(_ router: some TrafficRouter, _ web: Frontend, _ api: Frontend) async throws {
    try await router.ensureRunning([web])
    let (one, two) = (Self.one, Self.two)
    switch self {
    case .aNewRouterHasNoServers: try await expect(router, [web.name: []])
    case .serversAreAsAsked:
      try await router.setServers([web.name: [two, one]])
      try await expect(router, [web.name: [one, two]])
    case .sharesChangeInPlace:
      try await router.setServers([web.name: [one, two]])
      let changed = [
        RouterServer(instance: "one", port: 9, share: .draining),
        RouterServer(instance: "two", port: 11, share: .weight(256)),
      ]
      try await router.setServers([web.name: changed])
      try await expect(router, [web.name: changed])
      try await router.setServers([web.name: [one, two]])
      try await expect(router, [web.name: [one, two]])
    case .whatIsNotNamedIsForgotten:
      try await router.setServers([web.name: [one, two]])
      try await router.setServers([web.name: [two]])
      try await expect(router, [web.name: [two]])
      try await router.setServers([web.name: [one, two]])
      try await expect(router, [web.name: [one, two]])
    case .otherFrontendsKeepTheirServers:
      try await router.ensureRunning([web, api])
      try await router.setServers([web.name: [one], api.name: [two]])
      try await router.setServers([web.name: []])
      try await expect(router, [web.name: [], api.name: [two]])
    case .aRestartForgetsNothing:
      let drained = RouterServer(instance: "two", port: 10, share: .draining)
      try await router.setServers([web.name: [one, drained]])
      try await router.stop()
      try await router.ensureRunning([web])
      try await expect(router, [web.name: [one, drained]])
    case .anotherFrontendTouchesNoServer:
      try await router.setServers([web.name: [one, two]])
      try await router.ensureRunning([web, api])
      try await expect(router, [web.name: [one, two], api.name: []])
      try await router.setServers([web.name: [two]])
      try await router.ensureRunning([web])
      try await expect(router, [web.name: [two]])
    case .aQuietServerIsDrainedAtOnce:
      try await router.setServers([
        web.name: [RouterServer(instance: "one", port: 9, share: .draining)]
      ])
      let result = try await router.drain("one", of: web.name, timeoutMs: 0)
      guard result == .empty else { throw breach("it says \(result)") }
    case .anUnknownFrontendIsRefused:
      try await expectRefusal(.frontendUnknown(api.name)) {
        try await router.setServers([api.name: [one]])
      }
    case .anUnknownServerIsNotDrained:
      try await expectRefusal(.serverUnknown("one", frontend: web.name)) {
        _ = try await router.drain("one", of: web.name, timeoutMs: 0)
      }
    case .whatMakesNoSenseIsRefused:
      try await expectRefusal(
        .serverInvalid("one", reason: "it is named twice for \(web.name)")
      ) { try await router.setServers([web.name: [one, one]]) }
      try await expectRefusal(.serverInvalid("one", reason: "its port 0 is not in 1...65535")) {
        try await router.setServers([web.name: [RouterServer(instance: "one", port: 0)]])
      }
      try await expectRefusal(.serverInvalid("one", reason: "its weight 257 is not in 1...256")) {
        try await router.setServers([
          web.name: [RouterServer(instance: "one", port: 9, share: .weight(257))]
        ])
      }
      try await expect(router, [web.name: []])
    }
    try await router.stop()
  }

  private func expect(
    _ router: some TrafficRouter, _ servers: [ComponentName: [RouterServer]]
  ) async throws {
    let found = try await router.state().frontends.mapValues { $0.map(\.server) }
    guard found == servers else { throw breach("it has \(found), not \(servers)") }
  }

  private func expectRefusal(
    _ wanted: RouterError, _ work: () async throws -> Void
  ) async throws {
    do {
      try await work()
    } catch let error as RouterError where error == wanted {
      return
    }
    throw breach("it was not refused")
  }

  private func breach(_ words: String) -> ContractBreach {
    ContractBreach(description: "\(rawValue): \(words)")
  }
}
