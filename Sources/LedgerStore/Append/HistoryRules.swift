import Events

/// What an entry says of the entries before it: causes, expectations, scopes and versions.
struct HistoryRules {
  let entries: EntryIndex
  let streams: StreamIndex

  func check(_ header: EntryHeader) throws {
    for cause in header.because where try entries.position(of: cause) == nil {
      throw AppendError.becauseUnknown(cause)
    }
    try checkExpectations(header)
    try checkVersions(header)
  }

  private func checkExpectations(_ header: EntryHeader) throws {
    do { try EntryRules.checkExpectations(of: header) } catch { throw AppendError.form(error) }
    for (stream, expected) in header.expects.sorted(by: { $0.key < $1.key }) {
      let actual = try streams.version(of: stream)
      guard actual == expected else {
        throw AppendError.expectsMismatch(stream, expected: expected, actual: actual)
      }
    }
  }

  /// Each run continues its stream, and the stream keeps its scope; an entry may write a stream in
  /// several runs.
  private func checkVersions(_ header: EntryHeader) throws {
    var written: [StreamName: Int] = [:]
    for run in header.events {
      let stream = try streams.stream(run.stream)
      if let stream, stream.scope != run.scope {
        throw AppendError.streamScope(run.stream, was: stream.scope, named: run.scope)
      }
      let actual = written[run.stream] ?? stream?.version ?? 0
      guard run.version == actual + 1 else {
        throw AppendError.versionNotNext(run.stream, expected: run.version - 1, actual: actual)
      }
      written[run.stream] = run.lastVersion
    }
  }
}
