import Rollouts

/// HAProxy's master process: it holds the ports, and its workers serve. It belongs to nobody who
/// started it, and goes on when they end.
struct HAProxyMaster: Sendable {
  let program: HAProxyProgram
  /// What HAProxy runs in; also how its process is told from others.
  let directory: String

  static let configurationName = "haproxy.cfg"
  private static let pidName = "haproxy.pid"
  private static let logName = "haproxy.log"

  private static let stopLimit = Duration.seconds(15)

  /// The process that runs in this directory, if one does.
  var process: ProcessHandle? {
    guard let bytes = try? Files.read("\(directory)/\(Self.pidName)"),
      let pid = Int32(String(decoding: bytes, as: UTF8.self).oneLine),
      let identity = ProcessIdentity(of: pid), let handle = ProcessHandle(identity)
    else { return nil }
    let command = (try? Files.read("/proc/\(pid)/cmdline")) ?? []
    let isOurs = command.split(separator: 0).contains { $0.elementsEqual(directory.utf8) }
    return isOurs ? handle : nil
  }

  /// Starts it. It has its ports when this returns.
  func start() async throws(RouterError) {
    let run: ProgramRun
    do {
      run = try await ProgramRun(
        program.path,
        ["-W", "-D", "-C", directory, "-f", Self.configurationName, "-p", Self.pidName],
        in: directory, outputPath: "\(directory)/\(Self.logName)")
    } catch {
      throw .notStarted(reason: "\(program.path): \(error)")
    }
    guard run.exit == .status(0) else { throw .notStarted(reason: run.text.oneLine) }
  }

  /// Makes it read its configuration again; the workers of before finish what they have begun.
  func reload() {
    process?.signal(12)  // SIGUSR2
  }

  func stop() async throws(RouterError) {
    guard let process else { return }
    for signal in [Int32(15), 9] {
      process.signal(signal)
      let giveUp = ContinuousClock.now + Self.stopLimit
      while ContinuousClock.now < giveUp {
        if !process.identity.isAlive {
          ExitStatus.reap(process.identity.pid)  // It may be a child by now, as an orphan.
          return
        }
        try? await ContinuousClock().sleep(for: .milliseconds(10))
      }
    }
    throw .notStopped(pid: process.identity.pid)
  }
}
