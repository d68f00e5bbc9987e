import Events
import Foundation
import LedgerStore

/// `stele doctor`: looks at everything a ledger stands on, and says what to do. Changes nothing.
///
/// Each check is made by itself, also when those before it failed; one that cannot be made is a
/// warning that says why, never ok. It does not read the entries: `stele verify` does.
package struct DoctorWork: Sendable {
  private let workspace: Workspace
  private let variables: [String: String]
  private let time: any TimeSource
  private let version: String

  /// - Parameter version: Of this program.
  package init(
    _ workspace: Workspace, variables: [String: String], version: String,
    time: any TimeSource = SystemTime()
  ) {
    self.workspace = workspace
    self.variables = variables
    self.version = version
    self.time = time
  }

  /// Every finding, in the order of ``DoctorFinding/Area``.
  package func examine() async -> [DoctorFinding] {
    let opened = Result { try open() }
    let session = try? opened.get()
    let keys = session?.keys
    var findings = await DoctorVersions(program: version).findings()
    findings += DoctorFiles(workspace, keys: keys, variables: variables).findings()
    findings += DoctorDenials(workspace, keys: keys).findings()
    findings += await DoctorLedger(workspace, opened).findings()
    findings.append(DoctorMemory(session, variables: variables).finding())
    findings += DoctorVault(workspace, keys: keys).findings()
    findings += await DoctorClock(time: time, session: session).findings()
    findings += DoctorDisk(workspace).findings()
    findings += await DoctorKeys(session, time: time).findings()
    findings += await DoctorAgents(workspace, session: session).findings()
    findings += await DoctorReviews(session, time: time).findings()
    findings.append(await DoctorPolicy(workspace, session).finding())
    findings += await DoctorSecrets(session).findings()
    findings += await DoctorDrift(session, time: time).findings()
    return findings
  }

  private func open() throws -> Session {
    try Session.open(
      workspace, for: .reading, variables: variables, isCompared: false, time: time)
  }
}
