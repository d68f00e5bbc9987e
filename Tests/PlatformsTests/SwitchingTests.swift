import Events
import Glibc
import Rollouts
import Testing

@testable import Platforms

/// Real replicas behind a real HAProxy, under load that never retries: not one request is lost by
/// switching, replacing, reloading or leaving.
@Suite(.serialized) struct SwitchingTests {
  let directory = TestDirectory()
  let platform: ProcessPlatform
  let router: HAProxyRouter
  let prober: HTTPProber
  let web: Frontend

  init() async throws {
    platform = try await ProcessPlatform.open(directory.run).platform
    router = HAProxyRouter(directory.run)
    web = Frontend(name: "web", port: freePorts(1)[0])
    try await router.ensureRunning([web])
    prober = HTTPProber()  // Last: one that is dropped unclosed ends the process.
  }

  @Test func `ten switches between two releases lose no request`() async throws {
    let blue = try await healthy("blue")
    let green = try await healthy("green")
    try await router.setServers([web.name: [server(blue)]])

    let counts = try await underLoad {
      for round in 0..<10 {
        let (next, last) = round.isMultiple(of: 2) ? (green, blue) : (blue, green)
        try await router.setServers([web.name: [server(next), server(last, .draining)]])
        #expect(
          try await router.drain(last.spec.instance, of: web.name, timeoutMs: 30_000) == .empty)
        try await answers(by: next, atLeast: 300)
      }
    }

    #expect(counts.lost == [:])
    #expect(counts.answers["blue", default: 0] >= 1_000)
    #expect(counts.answers["green", default: 0] >= 1_000)
  }

  @Test func `replacing replicas one by one loses no request, reloads included`() async throws {
    var running = [try await healthy("0a"), try await healthy("0b")]
    try await router.setServers([web.name: running.map { server($0) }])

    let counts = try await underLoad {
      for replica in running { try await answers(by: replica, atLeast: 1) }
      for round in 1...4 {
        let next = try await healthy("\(round)")
        let last = running.removeFirst()
        running.append(next)
        try await router.setServers([
          web.name: running.map { server($0) } + [server(last, .draining)]
        ])
        #expect(
          try await router.drain(last.spec.instance, of: web.name, timeoutMs: 30_000) == .empty)
        try await router.setServers([web.name: running.map { server($0) }])
        let exit = try await platform.stop(last.spec.instance, graceMs: 30_000)
        #expect(exit == .status(0), "\(text(of: last.spec.logPath))")
        let api = Frontend(name: "api", port: freePorts(1)[0])
        try await router.ensureRunning(round.isMultiple(of: 2) ? [web] : [web, api])
        try await answers(by: next, atLeast: 200)
      }
    }

    #expect(counts.lost == [:])
    #expect(counts.answers.keys.sorted() == ["0a", "0b", "1", "2", "3", "4"])
  }

  @Test func `a server with a request under way is not drained`() async throws {
    let blue = try await healthy("blue")
    try await router.setServers([web.name: [server(blue)]])
    let slow = Task {
      await prober.probe(.http(port: web.port, path: "/slow?ms=700", timeoutMs: 60_000))
    }
    let isUnderWay = try await eventually { try await state(of: blue).open == 1 }
    #expect(isUnderWay)

    try await router.setServers([web.name: [server(blue, .draining)]])

    #expect(
      try await router.drain(blue.spec.instance, of: web.name, timeoutMs: 0) == .stillOpen(1))
    #expect(
      try await router.drain(blue.spec.instance, of: web.name, timeoutMs: 60_000) == .empty)
    #expect(await slow.value.verdict == .pass)
    try await clear()
  }

  @Test func `its counters tell what it answered`() async throws {
    let blue = try await healthy("blue")
    try await router.setServers([web.name: [server(blue)]])

    for _ in 0..<3 {
      _ = await prober.probe(.http(port: web.port, path: "/", timeoutMs: 30_000))
    }

    let state = try await state(of: blue)
    #expect(state.requests == 3)
    #expect(state.answers2xx == 3)
    #expect(state.answers4xx + state.answers5xx + state.connectionErrors == 0)
    try await clear()
  }

  @Test func `a router that was killed comes back with its servers`() async throws {
    let blue = try await healthy("blue")
    try await router.setServers([web.name: [server(blue)]])
    let master = try #require(
      Int32(text(of: "\(directory.run.router)/haproxy.pid").split(separator: "\n")[0]))

    kill(master, SIGKILL)
    let isGone = await eventually {
      await prober.probe(.http(port: web.port, path: "/", timeoutMs: 1_000)).verdict == .fail
    }
    #expect(isGone)
    try await router.ensureRunning([web])

    let answer = await prober.probe(.http(port: web.port, path: "/", timeoutMs: 30_000))
    #expect(answer.verdict == .pass)
    try await clear()
  }

  // MARK: The bench

  private func healthy(_ version: String) async throws -> RunningReplica {
    let spec = try directory.spec(
      named: "v\(version)", [python, fixture("web.py")], variables: ["VERSION": version],
      wantsPort: true)
    let replica = try await platform.start(spec)
    let port = try #require(replica.port)
    let isWell = await eventually {
      await prober.probe(.http(port: port, path: "/", timeoutMs: 1_000)).verdict == .pass
    }
    try #require(isWell, "\(text(of: spec.logPath))")
    return replica
  }

  private func server(
    _ replica: RunningReplica, _ share: RouterServer.Share = .weight(100)
  ) -> RouterServer {
    RouterServer(instance: replica.spec.instance, port: replica.port ?? 0, share: share)
  }

  private func state(of replica: RunningReplica) async throws -> ServerState {
    try #require(
      try await router.state().frontends[web.name]?
        .first { $0.server.instance == replica.spec.instance })
  }

  /// Waits until the replica has answered this many requests more.
  private func answers(by replica: RunningReplica, atLeast count: Int) async throws {
    let before = try await state(of: replica).answers2xx
    let isServing = try await eventually {
      let now = try await state(of: replica).answers2xx
      return now >= before + count || (now < before && now >= count)
    }
    #expect(isServing, "\(replica.spec.instance) does not answer")
  }

  private struct Counts {
    var answers: [String: Int] = [:]
    var lost: [String: Int] = [:]
  }

  private func underLoad(_ work: () async throws -> Void) async throws -> Counts {
    let output = try directory.file("load", "")
    let load = try ProcessStart(
      program: python, arguments: [fixture("load.py"), "\(web.port)", "4"], variables: [:],
      workingDirectory: directory.path, outputPath: output
    ).spawn()
    do {
      try await work()
    } catch {
      kill(load.pid, SIGKILL)
      _ = await load.end()
      try await clear()
      throw error
    }
    kill(load.pid, SIGTERM)
    #expect(await load.end() == .status(0))
    try await clear()
    return counts(in: text(of: output))
  }

  private func counts(in text: String) -> Counts {
    var counts = Counts()
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch words.first {
      case "ok": counts.answers[words[1]] = Int(words[2])
      case "lost": counts.lost[words[1]] = Int(words[2])
      default: continue
      }
    }
    return counts
  }

  private func clear() async throws {
    try await router.stop()
    for replica in await platform.running() {
      _ = try await platform.stop(replica.spec.instance, graceMs: 1_000)
    }
    try await prober.shutDown()
  }
}
