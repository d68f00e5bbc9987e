import Rollouts

/// A program run to its end, and what it said.
struct ProgramRun {
  let exit: ReplicaExit
  /// Standard output and error of this run as they came, at most the last 64 KiB.
  let text: String

  private static let keptBytes = 65_536

  /// - Parameters:
  ///   - outputPath: A file that its words are appended to; nil for none that stays.
  ///   - limit: How long it may take. Then it is killed, and ``text`` ends with saying so.
  init(
    _ program: String, _ arguments: [String], in directory: String = "/",
    outputPath: String? = nil, limit: Duration = .seconds(60)
  ) async throws(SystemError) {
    let own = try Files.makeUnnamed()
    defer { withExtendedLifetime(own) {} }  // Its number is in the path.
    let output = outputPath ?? own.path
    let saidBefore = (try? Files.read(output).count) ?? 0
    let start = ProcessStart(
      program: program, arguments: arguments, variables: [:], workingDirectory: directory,
      outputPath: output)
    let (exit, isOverdue) = await (try start.spawn()).end(within: limit)
    let said = try Files.read(output).dropFirst(saidBefore).suffix(Self.keptBytes)
    let overdue = isOverdue ? "it was ended because it took longer than \(limit)\n" : ""
    self.exit = exit
    text = String(decoding: said, as: UTF8.self) + overdue
  }
}

extension ProcessIdentity {
  /// Waits for a child to end and lets go of it; kills it when that takes longer than `limit`.
  func end(within limit: Duration) async -> (exit: ReplicaExit, isOverdue: Bool) {
    let handle = ProcessHandle(self)
    let killing = Task {
      try await ContinuousClock().sleep(for: limit)
      handle?.signal(9)
    }
    let exit = await end()
    killing.cancel()
    return (exit, (try? await killing.value) != nil)
  }

  /// Waits for a child to end and lets go of it.
  func end() async -> ReplicaExit {
    guard let handle = ProcessHandle(self) else { return .unknown }
    let ended = Broadcast<Void>()
    let news = ended.listen()
    let watch = EndWatch(handle) { ended.finish() }
    for await _ in news {}
    defer { withExtendedLifetime(watch) { ExitStatus.reap(pid) } }
    return ExitStatus.peek(pid) ?? .unknown
  }
}
