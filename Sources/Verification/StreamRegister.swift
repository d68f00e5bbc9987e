/// What a stream has come to.
struct StreamState: Hashable {
  /// Of its newest event.
  var version: Int
  /// For life.
  let application: String?
  let environment: String?
}

/// Every stream's newest version, and the application and environment that it is of for life.
struct StreamRegister {
  private(set) var streams: [String: StreamState] = [:]

  func version(of stream: String) -> Int { streams[stream]?.version ?? 0 }

  /// Takes the runs of one entry, whether they are right or not: one gap is one finding.
  ///
  /// - Returns: the first rule broken of each of the two: scope, version.
  mutating func apply(_ runs: [Run]) -> (scope: VerificationError?, version: VerificationError?) {
    var found: (scope: VerificationError?, version: VerificationError?)
    for run in runs {
      let last = run.version + run.count - 1
      guard var state = streams[run.stream] else {
        streams[run.stream] = StreamState(
          version: last, application: run.application, environment: run.environment)
        if run.version != 1, found.version == nil {
          found.version = .versionNotNext(stream: run.stream, version: run.version, next: 1)
        }
        continue
      }
      if found.scope == nil { found.scope = StreamRegister.scopeError(run, state) }
      if run.version != state.version + 1, found.version == nil {
        found.version = .versionNotNext(
          stream: run.stream, version: run.version, next: state.version + 1)
      }
      state.version = last
      streams[run.stream] = state
    }
    return found
  }

  mutating func restore(_ stream: String, _ state: StreamState) { streams[stream] = state }

  private static func scopeError(_ run: Run, _ state: StreamState) -> VerificationError? {
    guard run.application != state.application || run.environment != state.environment else {
      return nil
    }
    let was = Run(
      application: state.application, environment: state.environment, kind: run.kind,
      stream: run.stream, version: state.version, count: 1)
    return .streamScope(stream: run.stream, was: was.scope, named: run.scope)
  }
}
