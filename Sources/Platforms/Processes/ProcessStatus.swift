/// What `/proc/PID/stat` says of a process.
///
/// Source: proc(5). The second field, the program's name in parentheses, may hold any byte,
/// parentheses and spaces included, so everything is counted from the last closing one.
struct ProcessStatus: Hashable, Sendable {
  /// Such as `R`, `S`, or `Z` for one that has ended and waits for its parent to look.
  let state: Character
  let parent: Int32
  let group: Int32
  let session: Int32
  let startTicks: Int64

  /// - Returns: nil when there is no such process, or its line is not one.
  package init?(of pid: Int32) {
    guard let bytes = try? Files.read("/proc/\(pid)/stat") else { return nil }
    self.init(line: String(decoding: bytes, as: UTF8.self))
  }

  init?(line: String) {
    guard let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(whereSeparator: \.isWhitespace)
    guard fields.count >= 20, let state = fields[0].first, let parent = Int32(fields[1]),
      let group = Int32(fields[2]), let session = Int32(fields[3]),
      let startTicks = Int64(fields[19])
    else { return nil }
    self.state = state
    self.parent = parent
    self.group = group
    self.session = session
    self.startTicks = startTicks
  }

  /// Whether it only waits for its parent to look.
  var hasEnded: Bool { state == "Z" || state == "X" }
}

extension ProcessIdentity {
  /// The process that has this number now.
  package init?(of pid: Int32) {
    guard let status = ProcessStatus(of: pid), !status.hasEnded else { return nil }
    self.init(pid: pid, startTicks: status.startTicks)
  }

  /// Whether this very process is there and has not ended.
  package var isAlive: Bool { ProcessIdentity(of: pid) == self }
}
