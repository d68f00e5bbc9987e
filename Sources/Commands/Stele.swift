import ArgumentParser
import Foundation
import Operations

/// The command line as a function: arguments and a context in, an exit status out.
package enum Stele {
  /// Runs one command line.
  ///
  /// - Parameter arguments: Without the program's name.
  /// - Returns: The status the process exits with; errors were already written to `notices`.
  package static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
    let status = await attempt(arguments, in: context)
    guard let code = context.results.failure else { return status }
    context.notices.write(
      context.style.bad("stele: ") + """
        The result was not written, or not all of it: \(String(cString: strerror(code))).
        Whatever the command did is done; ask for the result again where there is room.

        """)
    return status == ExitStatus.success.rawValue ? ExitStatus.cannotWrite.rawValue : status
  }

  private static func attempt(_ arguments: [String], in context: CommandContext) async -> Int32 {
    do {
      let command = try SteleRoot.parseAsRoot(arguments)
      guard let command = command as? any SteleCommand else {
        // Help and version requests, which ArgumentParser answers itself.
        var command = command
        try command.run()
        return ExitStatus.success.rawValue
      }
      try await command.run(in: context)
      return ExitStatus.success.rawValue
    } catch {
      return report(error, in: context)
    }
  }

  private static func report(_ error: any Error, in context: CommandContext) -> Int32 {
    switch error {
    case let verdict as Verdict:
      return verdict.status.rawValue
    case let error as any ExitingError:
      context.note(context.style.bad("stele: ") + error.description)
      return error.exitStatus.rawValue
    default:
      return reportUsage(error, in: context)
    }
  }

  /// What ArgumentParser threw: help goes to stdout and is a success, the rest is a usage error.
  private static func reportUsage(_ error: any Error, in context: CommandContext) -> Int32 {
    let text = SteleRoot.fullMessage(for: error)
    let code = SteleRoot.exitCode(for: error)
    if code.isSuccess {
      context.results.write(text + "\n")
      return ExitStatus.success.rawValue
    }
    context.note(text)
    return code == .validationFailure
      ? ExitStatus.usage.rawValue : ExitStatus.software.rawValue
  }
}

/// Ends a command whose result was already printed with a status that is not zero.
package struct Verdict: Error, Equatable {
  let status: ExitStatus
  package init(_ status: ExitStatus) { self.status = status }
}
