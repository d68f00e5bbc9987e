import CLinux
import Cryptography
import Glibc

/// A process to be started: in a session and group of its own, with nothing of ours but what is
/// named here. Standard input is empty, every other descriptor is closed, no signal is blocked or
/// ignored.
struct ProcessStart {
  /// A path; not looked for anywhere.
  let program: String
  let arguments: [String]
  /// The whole environment, but for ``secrets``.
  let variables: [String: String]
  /// Variables whose values are secrets: no zero byte is in them.
  var secrets: [String: SecretBytes] = [:]
  let workingDirectory: String
  /// Standard output and error are appended to it.
  let outputPath: String

  /// - Returns: The new process. It is our child: someone must reap it.
  func spawn() throws(SystemError) -> ProcessIdentity {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 1, outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    posix_spawn_file_actions_addchdir_np(&actions, workingDirectory)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    setAttributes(&attributes)

    let pid = try Children.add { () throws(SystemError) -> Int32 in
      var pid: pid_t = 0
      let code = withStrings([program] + arguments) { argv in
        withStrings(variables.map { "\($0.key)=\($0.value)" }.sorted()) { environment in
          withSecrets(secrets) { secret in
            posix_spawn(
              &pid, program, &actions, &attributes, argv, environment.dropLast() + secret + [nil])
          }
        }
      }
      guard code == 0 else { throw SystemError(code: code) }
      return pid
    }
    // It is there at least as one that has ended: nobody but us reaps it.
    return ProcessIdentity(pid: pid, startTicks: ProcessStatus(of: pid)?.startTicks ?? 0)
  }

  private func setAttributes(_ attributes: inout posix_spawnattr_t) {
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80  // POSIX_SPAWN_SETSID
    posix_spawnattr_setflags(&attributes, Int16(flags))
  }
}

/// The strings as C wants a list of arguments: pointers, and a null one at the end.
private func withStrings<Answer>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
) -> Answer {
  let pointers = strings.map { strdup($0) }
  defer { pointers.forEach { free($0) } }
  return body(pointers + [nil])
}

/// The same for `NAME=value` of secrets, overwritten afterwards; without the null one.
private func withSecrets<Answer>(
  _ secrets: [String: SecretBytes], _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
) -> Answer {
  let buffers = secrets.sorted { $0.key < $1.key }.map { name, value in
    value.read { bytes in
      let prefix = Array("\(name)=".utf8)
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: prefix.count + bytes.count + 1, alignment: 1)
      buffer.copyBytes(from: prefix)
      UnsafeMutableRawBufferPointer(rebasing: buffer[prefix.count...]).copyBytes(from: bytes)
      buffer[buffer.count - 1] = 0
      return buffer
    }
  }
  defer {
    for buffer in buffers {
      buffer.baseAddress.map { explicit_bzero($0, buffer.count) }
      buffer.deallocate()
    }
  }
  return body(buffers.map { $0.baseAddress?.assumingMemoryBound(to: CChar.self) })
}

extension ProcessStart {
  /// The path of a program: as it is when it has a `/`, relative to `directory`, and otherwise the
  /// first that can be executed in the directories of `path`, separated by colons.
  static func path(
    of program: String, in directory: String, searching path: String?
  ) throws(PlatformError) -> String {
    if program.contains("/") {
      let whole = program.hasPrefix("/") ? program : "\(directory)/\(program)"
      if let reason = obstacle(to: whole) { throw .notExecutable(path: whole, reason: reason) }
      return whole
    }
    let candidates = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
      .map { "\($0)/\(program)" }
    guard let found = candidates.first(where: { obstacle(to: $0) == nil }) else {
      throw .notExecutable(path: program, reason: "no directory of its PATH has it")
    }
    return found
  }

  /// Why a file cannot be executed, or nil when it can.
  static func obstacle(to path: String) -> String? {
    guard access(path, F_OK) == 0 else { return SystemError.last.description }
    guard Files.isRegular(path) else { return "it is no file" }
    return access(path, X_OK) == 0 ? nil : "it is not marked executable"
  }
}
