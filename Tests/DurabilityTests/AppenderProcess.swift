import CFaults
import Foundation
import Testing

/// A `ledger-appender` in a process of its own; see `Tests/Appender`.
final class AppenderProcess {
  let pid: pid_t
  let writer: String
  /// The end of its standard output that is read here.
  let output: Int32
  private var unfinished: [UInt8] = []
  private var isReaped = false

  /// An entry that it was given a receipt for.
  struct Acknowledgement: Hashable {
    let position: Int
    let entry: String
  }

  init(_ directory: String, writer: String, options: [String] = []) throws {
    self.writer = writer
    var ends: [Int32] = [0, 0]
    try #require(cfaults_pipe(&ends) == 0)
    output = ends[0]
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    let words = [Self.program, directory, writer] + options
    var arguments = words.map { strdup($0) } + [nil]
    // It is killed, so it has no coverage to tell, and must not spoil anybody's.
    var environment = [strdup("LLVM_PROFILE_FILE=/dev/null"), nil]
    defer { for text in arguments + environment { free(text) } }
    var started = pid_t()
    let code = posix_spawn(&started, Self.program, &actions, nil, &arguments, &environment)
    try #require(code == 0, "\(Self.program): \(String(cString: strerror(code)))")
    pid = started
  }

  deinit {
    kill()
    close(output)
  }

  /// Built beside the tests themselves.
  private static let program: String = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
    let folder = URL(fileURLWithPath: bundle).path.components(separatedBy: "/")
    let upTo = folder.prefix { !$0.hasSuffix(".xctest") }
    return (upTo + ["ledger-appender"]).joined(separator: "/")
  }()

  /// Ends it as by `kill -9`.
  func kill() {
    guard !isReaped else { return }
    Foundation.kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    isReaped = true
  }

  /// Lines that it has written since the last reading; waits for some, or for its end.
  ///
  /// - Returns: Nil when it has ended and everything is read.
  func lines() throws -> [String]? {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(output, &bytes, bytes.count)
    try #require(count >= 0)
    guard count > 0 else { return nil }
    unfinished += bytes[..<count]
    let end = (unfinished.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    defer { unfinished.removeFirst(end) }
    return String(decoding: unfinished[..<end], as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  func acknowledgements() throws -> [Acknowledgement]? {
    try lines()?.map { line in
      let words = line.split(separator: " ")
      try #require(words.count == 2, "\(line)")
      return Acknowledgement(position: try #require(Int(words[0])), entry: String(words[1]))
    }
  }
}
