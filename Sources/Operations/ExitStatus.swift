/// What a command's exit code says to a script. One table for every command; documented in README.
///
/// Codes from 64 on are those of `sysexits.h`; below them are verdicts.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  case success = 0
  /// A negative verdict: invalid, unhealthy, held.
  case negative = 1
  /// Something differs: plan, diff.
  case different = 2
  /// No data, or not enough of it.
  case inconclusive = 3
  case deniedByPolicy = 4
  case approvalMissing = 5
  case budgetExceeded = 6
  /// The deployment failed and the previous release serves: the service is safe.
  case rolledBack = 7
  /// The deployment failed and so did its rollback: wake someone.
  case rollbackFailed = 8
  /// Another rollout holds the environment.
  case locked = 9
  /// The ledger, a receipt or an evidence file does not hold together.
  case integrity = 10
  case usage = 64
  case badData = 65
  case unavailable = 69
  /// Our own bug.
  case software = 70
  case cannotWrite = 73
  case tryAgain = 75
  case noPermission = 77
  case configuration = 78
  case interrupted = 130
}

/// An error that knows what the process should exit with.
///
/// Its description says what did not happen, the values that disagree, and the next command.
package protocol ExitingError: Error, CustomStringConvertible {
  var exitStatus: ExitStatus { get }
}
