import Glibc

/// What a deployment needs of this machine, checked before anything changes.
package enum PreflightCheck: Hashable, Sendable {
  /// HAProxy, of a version that can be told of servers while it runs.
  case router(HAProxyProgram)
  /// A port that the router is to bind. Not to be asked for when the router has it already.
  case port(Int)
  /// Processors for the largest single replica. All together may ask for more: they take turns.
  case processors(neededMilli: Int64)
  /// Memory for what is to be started beside what runs.
  case memory(neededBytes: Int64)
  /// Room in the file system that holds this path.
  case disk(path: String, neededBytes: Int64)
}

/// What a check found.
package struct PreflightFinding: Hashable, Sendable {
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case pass
    case fail
    /// It could not be found out. Not a pass.
    case unknown
  }

  package let check: PreflightCheck
  package let verdict: Verdict
  /// What was found against what is needed, in words.
  package let reason: String
  /// What to do about it; nil after a pass.
  package let remedy: String?
}

/// Looks at this machine before anything on it is changed.
package enum Preflight {
  /// Looks at everything, also after the first finding that is bad.
  package static func run(_ checks: [PreflightCheck]) async -> [PreflightFinding] {
    var findings: [PreflightFinding] = []
    for check in checks { findings.append(await check.run()) }
    return findings
  }
}

extension PreflightCheck {
  fileprivate func run() async -> PreflightFinding {
    switch self {
    case .router(let program): await router(program)
    case .port(let port):
      isPortFree(port)
        ? finding(.pass, "port \(port) is free")
        : finding(
          .fail, "port \(port) is taken", "find it with `ss -ltnp 'sport = :\(port)'`")
    case .processors(let neededMilli):
      finding(
        Machine.milliCPU, of: neededMilli, "thousandths of a processor",
        "ask for less, or deploy where there are more processors")
    case .memory(let neededBytes):
      finding(
        Machine.availableMemoryBytes, of: neededBytes, "bytes of memory",
        "stop something, or ask for less")
    case .disk(let path, let neededBytes):
      finding(
        Machine.freeBytes(at: path), of: neededBytes, "bytes of room at \(path)", "make room")
    }
  }

  private func finding(
    _ verdict: PreflightFinding.Verdict, _ reason: String, _ remedy: String? = nil
  ) -> PreflightFinding {
    PreflightFinding(check: self, verdict: verdict, reason: reason, remedy: remedy)
  }

  private func finding(
    _ available: Int64?, of needed: Int64, _ what: String, _ remedy: String
  ) -> PreflightFinding {
    guard let available else {
      return finding(.unknown, "how many \(what) there are is not known", remedy)
    }
    let reason = "\(available) \(what) for \(needed)"
    return available >= needed ? finding(.pass, reason) : finding(.fail, reason, remedy)
  }

  private func router(_ program: HAProxyProgram) async -> PreflightFinding {
    let remedy = "install it with `apt-get install haproxy`"
    if let obstacle = ProcessStart.obstacle(to: program.path) {
      return finding(.fail, "\(program.path): \(obstacle)", remedy)
    }
    guard let version = await program.version() else {
      return finding(.unknown, "\(program.path) does not say its version", remedy)
    }
    let reason = "HAProxy \(version), at least \(HAProxyProgram.oldestVersion) is needed"
    return version >= HAProxyProgram.oldestVersion
      ? finding(.pass, reason) : finding(.fail, reason, remedy)
  }
}
