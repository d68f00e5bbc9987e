import Glibc

/// What processes were started with, as the machine shows it.
package protocol ProcessSight: Sendable {
  /// Values of variables that are no secrets, as the process was started with them; nothing else of
  /// its environment is kept. What it has changed since does not show.
  ///
  /// - Returns: Those that were there, by name.
  /// - Throws: ``ProcessSightError``.
  func variables(
    _ names: Set<String>, of replica: RunningReplica
  ) async throws(ProcessSightError) -> [String: String]
}

/// Why it cannot be seen what a process was started with.
package enum ProcessSightError: Error, Hashable {
  /// This very process is not there any more.
  case gone
  case unreadable(reason: String)
}

extension ProcessSightError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .gone: "its process ended while it was looked at"
    case .unreadable(let reason): "its /proc/PID/environ cannot be read: \(reason)"
    }
  }
}

/// Processes of this machine: `/proc/PID/environ`, of proc(5).
package struct ProcessFiles: ProcessSight {
  package init() {}

  package func variables(
    _ names: Set<String>, of replica: RunningReplica
  ) throws(ProcessSightError) -> [String: String] {
    guard replica.process.isAlive else { throw .gone }
    var bytes: [UInt8]
    do {
      bytes = try Files.read("/proc/\(replica.process.pid)/environ")
    } catch {
      throw replica.process.isAlive ? .unreadable(reason: error.description) : .gone
    }
    // Secrets stand beside what is asked for.
    defer {
      bytes.withUnsafeMutableBytes { raw in
        _ = raw.baseAddress.map { explicit_bzero($0, raw.count) }
      }
    }
    // The number may have been given away before the file was opened.
    guard replica.process.isAlive else { throw .gone }
    // So it is for a moment after every start; a replica always has some.
    guard !bytes.isEmpty else { throw .unreadable(reason: "it is empty") }
    return Self.variables(names, in: bytes)
  }

  static func variables(_ names: Set<String>, in environ: [UInt8]) -> [String: String] {
    var found: [String: String] = [:]
    for line in environ.split(separator: 0) {
      guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: line[..<sign], as: UTF8.self)
      guard names.contains(name), found[name] == nil else { continue }
      found[name] = String(decoding: line[line.index(after: sign)...], as: UTF8.self)
    }
    return found
  }
}
