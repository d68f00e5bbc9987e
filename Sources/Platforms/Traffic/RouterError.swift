import Events

/// Why requests do not go where they were to go.
package enum RouterError: Error, Hashable {
  case programMissing(path: String)
  case portTaken(Int, frontend: ComponentName)
  /// The router refused its configuration, in its own words.
  case configurationRefused(path: String, reason: String)
  case notStarted(reason: String)
  case notRunning(socket: String, reason: String)
  /// It refused one command, in its own words.
  case commandRefused(command: String, answer: String)
  /// It answered something that is no answer to the question.
  case answerMalformed(command: String, reason: String)
  case frontendUnknown(ComponentName)
  case serverUnknown(InstanceName, frontend: ComponentName)
  case serverInvalid(InstanceName, reason: String)
  case stateNotWritten(path: String, reason: String)
  case stateNotRead(path: String, reason: String)
  case notStopped(pid: Int32)
}

extension RouterError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .programMissing(let path):
      """
      The router was not started: \(path) is not there. Install it with \
      `apt-get install haproxy`.
      """
    case .portTaken(let port, let frontend):
      """
      The router was not started: port \(port) of \(frontend) is taken by another program. Find it \
      with `ss -ltnp 'sport = :\(port)'`, or give the component another port.
      """
    case .configurationRefused(let path, let reason):
      """
      The router was not changed: it refuses \(path): \(reason). See for yourself with \
      `haproxy -c -f \(path)`.
      """
    case .notStarted(let reason):
      """
      The router was not started: \(reason). See `stele status` for what is under way.
      """
    case .notRunning(let socket, let reason):
      """
      Traffic was not changed: the router does not answer at \(socket), \(reason). See \
      `stele status` for who starts it.
      """
    case .commandRefused(let command, let answer):
      """
      Traffic is not as asked for: the router answered '\(answer)' to `\(command)`. See \
      `stele status` for what is under way.
      """
    case .answerMalformed(let command, let reason):
      """
      What the router does is not known: its answer to `\(command)` is malformed, \(reason). See \
      `stele status` for what is under way.
      """
    case .frontendUnknown(let frontend):
      """
      Traffic was not changed: the router has no frontend \(frontend). See `stele status` for what \
      is under way.
      """
    case .serverUnknown(let instance, let frontend):
      """
      Nothing was drained: \(instance) is no server of \(frontend). Run `stele status`.
      """
    case .serverInvalid(let instance, let reason):
      """
      Traffic was not changed: \(instance) cannot be a server, \(reason). Run `stele status`.
      """
    case .stateNotWritten(let path, let reason):
      """
      Traffic was not changed: \(path) could not be written, \(reason). Make room or give \
      permission, then try again; see `stele status` for what is under way.
      """
    case .stateNotRead(let path, let reason):
      """
      Traffic was not changed: \(path) does not say where it goes, \(reason). Move it away and \
      try again; see `stele status` for what is under way.
      """
    case .notStopped(let pid):
      """
      The router was not stopped: process \(pid) is still there. Look at it with \
      `cat /proc/\(pid)/status`.
      """
    }
  }
}
