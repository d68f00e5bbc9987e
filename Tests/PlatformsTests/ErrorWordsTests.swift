import Events
import Testing

@testable import Platforms

/// What people read when something was not done, word for word.
@Suite struct ErrorWordsTests {
  private static let platform: [(PlatformError, String)] = [
    (
      .notExecutable(path: "/bin/web", reason: "No such file or directory"),
      """
      The replica was not started: /bin/web cannot be executed, No such file or directory. Check \
      the component's command with `stele config show`, or make the build again with `stele build`.
      """
    ),
    (
      .noWorkingDirectory(path: "/srv"),
      """
      The replica was not started: its working directory /srv is not there. Make the build again \
      with `stele build`.
      """
    ),
    (
      .notStarted("web-1", reason: "no memory"),
      "web-1 was not started: no memory. See `stele status` for what runs."
    ),
    (
      .instanceTaken("web-1"),
      "web-1 was not started: something else runs under this name. See `stele status`."
    ),
    (
      .notStopped("web-1", pid: 7),
      """
      web-1 was not stopped: process 7 is still there after SIGKILL. Look at it with \
      `cat /proc/7/status`; see `stele status` for what is under way.
      """
    ),
    (
      .stateNotWritten(path: "/p", reason: "No space left on device"),
      """
      Nothing was started or stopped: /p could not be written, No space left on device. Make room \
      or give permission, then try again; see `stele status` for what is under way.
      """
    ),
    (
      .stateNotRead(path: "/p", reason: "it is no object"),
      """
      Nothing was started or stopped: /p does not say what runs, it is no object. Move it away and \
      try again; see `stele status` for what is under way.
      """
    ),
    (
      .agentRunsAlready(environment: "staging", lock: "/l"),
      """
      No second agent was started for staging: the first one holds /l. Use that one. Where it does \
      not answer, end it with `kill -9 $(cat /l)`, which ends no replica.
      """
    ),
    (
      .agentNotReached(socket: "/run/staging/agent.sock", reason: "Connection refused"),
      """
      The agent was not reached at /run/staging/agent.sock, Connection refused: what it was asked \
      for may not have happened. Start it with `stele agent staging`.
      """
    ),
    (
      .agentNotReached(socket: "/run/staging/agent.sock", reason: "no answer", lock: "/l"),
      """
      The agent was not reached at /run/staging/agent.sock, no answer: what it was asked for may \
      not have happened. It lives: end it with `kill -9 $(cat /l)`, which ends no replica, then \
      try again.
      """
    ),
    (
      .agentAnswer(socket: "/s", reason: "it is no object"),
      """
      What the agent at /s did is not known: it is no object. See `stele status` for what is under \
      way.
      """
    ),
  ]

  private static let router: [(RouterError, String)] = [
    (
      .programMissing(path: "/h"),
      "The router was not started: /h is not there. Install it with `apt-get install haproxy`."
    ),
    (
      .portTaken(80, frontend: "web"),
      """
      The router was not started: port 80 of web is taken by another program. Find it with \
      `ss -ltnp 'sport = :80'`, or give the component another port.
      """
    ),
    (
      .configurationRefused(path: "/c", reason: "no"),
      """
      The router was not changed: it refuses /c: no. See for yourself with `haproxy -c -f /c`.
      """
    ),
    (
      .notStarted(reason: "no room"),
      "The router was not started: no room. See `stele status` for what is under way."
    ),
    (
      .notRunning(socket: "/s", reason: "no"),
      """
      Traffic was not changed: the router does not answer at /s, no. See `stele status` for who \
      starts it.
      """
    ),
    (
      .commandRefused(command: "c", answer: "no"),
      """
      Traffic is not as asked for: the router answered 'no' to `c`. See `stele status` for what \
      is under way.
      """
    ),
    (
      .answerMalformed(command: "c", reason: "no"),
      """
      What the router does is not known: its answer to `c` is malformed, no. See `stele status` \
      for what is under way.
      """
    ),
    (
      .frontendUnknown("web"),
      """
      Traffic was not changed: the router has no frontend web. See `stele status` for what is \
      under way.
      """
    ),
    (
      .serverUnknown("one", frontend: "web"),
      "Nothing was drained: one is no server of web. Run `stele status`."
    ),
    (
      .serverInvalid("one", reason: "no"),
      "Traffic was not changed: one cannot be a server, no. Run `stele status`."
    ),
    (
      .stateNotWritten(path: "/p", reason: "no"),
      """
      Traffic was not changed: /p could not be written, no. Make room or give permission, then try \
      again; see `stele status` for what is under way.
      """
    ),
    (
      .stateNotRead(path: "/p", reason: "no"),
      """
      Traffic was not changed: /p does not say where it goes, no. Move it away and try again; \
      see `stele status` for what is under way.
      """
    ),
    (
      .notStopped(pid: 7),
      """
      The router was not stopped: process 7 is still there. Look at it with `cat /proc/7/status`.
      """
    ),
  ]

  @Test(arguments: platform)
  func `a platform's error reads so`(error: PlatformError, words: String) {
    #expect(error.description == words)
  }

  @Test(arguments: router)
  func `a router's error reads so`(error: RouterError, words: String) {
    #expect(error.description == words)
  }
}
