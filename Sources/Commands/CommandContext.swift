import CLinux
import Cryptography
import Foundation
import LedgerStore
import Operations
import Platforms

/// The process as a command sees it: what it may read, and where its words go.
///
/// Tests pass their own, so a command line is tested as text in, text out, without a process.
package struct CommandContext: Sendable {
  package let variables: [String: String]
  package let workingDirectory: String
  /// stdout: results only.
  package let results: any TextSink
  /// stderr: progress, warnings, errors.
  package let notices: any TextSink
  /// What stdout is, whose width and colours results have.
  package let resultTerminal: Terminal
  /// What stderr is, which is where progress is drawn.
  package let terminal: Terminal
  /// Path of this executable, for the agent that a deployment starts.
  package let executable: String
  /// One line from the person, without its line feed; nil where nobody can be asked.
  package let ask: (@Sendable (String) -> String?)?
  /// The same, without showing what is typed.
  package let askHidden: (@Sendable (String) -> SecretBytes?)?
  /// Reads stdin to its end, or as many bytes; nil where it is a person's terminal.
  package let input: (@Sendable (Int) -> SecretBytes)?
  /// What "now" is when somebody names a moment.
  package let time: any TimeSource
  /// What replicas run on; nil for this machine.
  package let runtimes: (any RuntimeProvider)?
  /// How it is seen what is there of an environment now.
  package let sight: @Sendable (RunDirectory) -> RuntimeSight
  /// Takes what is to be said when somebody interrupts the process; nil where nobody can.
  package let onInterrupt: (@Sendable (@escaping @Sendable () -> String) -> Void)?

  package init(
    variables: [String: String], workingDirectory: String, results: any TextSink,
    notices: any TextSink, terminal: Terminal, resultTerminal: Terminal, executable: String,
    ask: (@Sendable (String) -> String?)? = nil,
    askHidden: (@Sendable (String) -> SecretBytes?)? = nil,
    input: (@Sendable (Int) -> SecretBytes)? = nil, time: any TimeSource = SystemTime(),
    runtimes: (any RuntimeProvider)? = nil,
    sight: @escaping @Sendable (RunDirectory) -> RuntimeSight = { RuntimeSight(of: $0) },
    onInterrupt: (@Sendable (@escaping @Sendable () -> String) -> Void)? = nil
  ) {
    self.variables = variables
    self.workingDirectory = workingDirectory
    self.results = results
    self.notices = notices
    self.terminal = terminal
    self.resultTerminal = resultTerminal
    self.executable = executable
    self.ask = ask
    self.askHidden = askHidden
    self.input = input
    self.time = time
    self.runtimes = runtimes
    self.sight = sight
    self.onInterrupt = onInterrupt
  }

  /// Of what is said on stderr.
  package var style: Style { Style(terminal) }
  package var resultStyle: Style { Style(resultTerminal) }

  /// This process: its variables, directory and standard streams. Its memory is nobody else's from
  /// here on: no core, no debugger but root's.
  package static func process() -> CommandContext {
    let variables = ProcessInfo.processInfo.environment
    let interactive = isatty(0) == 1 && isatty(2) == 1
    forbidDumps()
    return CommandContext(
      variables: variables, workingDirectory: FileManager.default.currentDirectoryPath,
      results: DescriptorSink(descriptor: 1), notices: DescriptorSink(descriptor: 2),
      terminal: .current(descriptor: 2, variables: variables),
      resultTerminal: .current(descriptor: 1, variables: variables), executable: ownPath(),
      ask: interactive ? { @Sendable in askOnTerminal($0) } : nil,
      askHidden: interactive ? HiddenInput.ask : nil,
      input: isatty(0) == 1 ? nil : HiddenInput.readAll,
      onInterrupt: Interruption.sayThenExit)
  }

  /// The runtime's handlers of these print what registers point at, into an agent's log too.
  private static func forbidDumps() {
    precondition(clinux_forbid_dumps() == 0, "the kernel goes on writing cores: \(errno)")
    for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] {
      signal(number, SIG_DFL)
    }
  }

  private static func ownPath() -> String {
    let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return link ?? ProcessInfo.processInfo.arguments[0]
  }

  private static func askOnTerminal(_ question: String) -> String? {
    DescriptorSink(descriptor: 2).write(question)
    return readLine(strippingNewline: true)
  }
}
