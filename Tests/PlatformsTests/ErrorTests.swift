import Events
import Testing

@testable import Platforms

/// Every refusal says what did not happen and what to type next, and survives the agent's socket.
@Suite struct ErrorTests {
  static let platformErrors: [PlatformError] = [
    .notExecutable(path: "/bin/web", reason: "No such file or directory"),
    .noWorkingDirectory(path: "/srv"), .notStarted("web-1", reason: "no memory"),
    .instanceTaken("web-1"), .notStopped("web-1", pid: 7),
    .stateNotWritten(path: "/p", reason: "No space left on device"),
    .stateNotRead(path: "/p", reason: "it is no object"),
    .agentRunsAlready(environment: "staging", lock: "/l"),
    .agentNotReached(socket: "/s", reason: "Connection refused"),
    .agentNotReached(socket: "/s", reason: "no answer", lock: "/l"),
    .agentAnswer(socket: "/s", reason: "it is no object"),
  ]

  static let routerErrors: [RouterError] = [
    .programMissing(path: "/h"), .portTaken(80, frontend: "web"),
    .configurationRefused(path: "/c", reason: "no"), .notStarted(reason: "no"),
    .notRunning(socket: "/s", reason: "no"), .commandRefused(command: "c", answer: "no"),
    .answerMalformed(command: "c", reason: "no"), .frontendUnknown("web"),
    .serverUnknown("one", frontend: "web"), .serverInvalid("one", reason: "no"),
    .stateNotWritten(path: "/p", reason: "no"), .stateNotRead(path: "/p", reason: "no"),
    .notStopped(pid: 7),
  ]

  /// Whether the first sentence says what is not so.
  private static func isDenial(_ text: String) -> Bool {
    ["No ", "Nothing ", " not "].contains { text.prefix { $0 != "." }.contains($0) }
  }

  @Test(arguments: platformErrors)
  func `a platform's error says what was not done, and what to do`(error: PlatformError) {
    #expect(Self.isDenial(error.description))
    #expect(
      error.description.contains("`")
        || error == .agentRunsAlready(environment: "staging", lock: "/l"))
    #expect(!error.description.contains("\n"))
  }

  @Test(arguments: routerErrors)
  func `a router's error says what was not done, and what to do`(error: RouterError) {
    #expect(Self.isDenial(error.description))
    #expect(error.description.contains("`"))
    #expect(!error.description.contains("\n"))
  }

  /// Whoever drives a rollout may bring it to its end all the same: nothing is left to recover.
  @Test func `no error of one effect says what is to become of the whole`() {
    let words = Self.platformErrors.map(\.description) + Self.routerErrors.map(\.description)

    #expect(words.filter { $0.contains("stele recover") } == [])
  }

  @Test(arguments: platformErrors)
  func `a platform's error is the same after the agent's socket`(error: PlatformError) throws {
    #expect(
      try AgentAnswer(json: AgentAnswer.failure(error).json) == .failure(error))
  }
}
