import Foundation

/// Where a project's files are: `config/` and beside it `.stele/`, found upwards from the working
/// directory like `.git`, or named by `STELE_LEDGER`.
///
/// Keys are kept elsewhere on purpose (``KeyRing``): a copy of the project directory must not be
/// able to sign.
package struct Workspace: Sendable, Equatable {
  /// The directory that holds `config/`; absolute.
  package let root: String
  /// The ledger's directory: `<root>/.stele`, or what `STELE_LEDGER` names; absolute.
  package let ledger: String

  package init(root: String, ledger: String? = nil) {
    self.root = root
    self.ledger = ledger ?? root + "/.stele"
  }

  package var configuration: String { root + "/config" }
  package var environments: String { configuration + "/environments" }
  package var application: String { configuration + "/application.yaml" }
  package var artifacts: String { ledger + "/artifacts" }
  package var hasLedger: Bool { FileManager.default.fileExists(atPath: ledger + "/ledger.sqlite") }

  /// - Throws: ``WorkspaceError/noLedger(_:)``, or ``WorkspaceError/databaseMissing(_:)`` where the
  ///   rest of one is; ``WorkspaceError/closed(_:)`` where this user may not see which.
  package func requireLedger() throws(WorkspaceError) {
    guard !hasLedger else { return }
    try checkOpen()
    if let rest { throw .databaseMissing(rest) }
    throw .noLedger(ledger)
  }

  /// - Throws: ``WorkspaceError/closed(_:)``: what this user may not look into may have a ledger.
  func checkOpen() throws(WorkspaceError) {
    var status = stat()
    guard stat(ledger + "/ledger.sqlite", &status) != 0, errno != ENOENT, errno != ENOTDIR else {
      return
    }
    throw .closed(ledger)
  }

  /// A file of a ledger whose database is not there.
  var rest: String? {
    ["anchor", "vault.sqlite", "vault-keys.sqlite"].map { "\(ledger)/\($0)" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// What runs for one environment: sockets, logs, the proxy's configuration.
  package func run(_ environment: String) -> String { ledger + "/run/" + environment }

  /// The project that `directory` is in.
  ///
  /// - Parameter directory: Absolute; it and its parents are searched for `.stele/` or
  ///   `config/application.yaml`.
  /// - Throws: ``WorkspaceError/notFound(from:)`` when no parent has either;
  ///   ``WorkspaceError/directoryGone``.
  package static func find(
    from directory: String, variables: [String: String]
  ) throws(WorkspaceError) -> Workspace {
    // The working directory is gone: it has no name, and the root is none of its parents.
    guard directory.hasPrefix("/") else { throw .directoryGone }
    if let named = variables["STELE_LEDGER"], !named.isEmpty {
      let ledger = URL(fileURLWithPath: named, relativeTo: URL(fileURLWithPath: directory))
      return Workspace(root: ledger.deletingLastPathComponent().path, ledger: ledger.path)
    }
    var candidate = URL(fileURLWithPath: directory).standardizedFileURL
    while true {
      let workspace = Workspace(root: candidate.path)
      if workspace.isProject { return workspace }
      if candidate.path == "/" { throw .notFound(from: directory) }
      candidate.deleteLastPathComponent()
    }
  }

  private var isProject: Bool {
    let files = FileManager.default
    return files.fileExists(atPath: ledger) || files.fileExists(atPath: application)
  }
}

/// Why a project's ledger was not found, or not made.
package enum WorkspaceError: ExitingError, Equatable {
  case notFound(from: String)
  /// The working directory was removed or replaced.
  case directoryGone
  case noLedger(String)
  /// This file of a ledger is there, and the database beside it is not.
  case databaseMissing(String)
  /// Another user's, most likely.
  case closed(String)
  case noGenesis(String)
  case ledgerExists(String)

  package var exitStatus: ExitStatus {
    switch self {
    case .notFound, .directoryGone, .noLedger: .configuration
    case .noGenesis, .databaseMissing: .integrity
    case .ledgerExists: .cannotWrite
    case .closed: .noPermission
    }
  }

  package var description: String {
    switch self {
    case .notFound(let directory):
      """
      Nothing was done: neither \(directory) nor a directory above it has config/application.yaml \
      or .stele.
      Change to your project, or name its ledger: STELE_LEDGER=/path/to/.stele
      """
    case .directoryGone:
      """
      Nothing was done: the working directory does not exist any more.
      Change to your project again: cd /path/to/project
      """
    case .noLedger(let path):
      """
      Nothing was done: there is no ledger at \(path).
      Make one with `stele init NAME`.
      """
    case .databaseMissing(let rest):
      """
      Nothing was done: \(rest) is there, and ledger.sqlite beside it is missing.
      Put the file back, or bring the ledger back from a copy: `stele restore COPY`
      """
    case .closed(let path):
      """
      Nothing was done: \(path) is there, and this user may not look into it.
      See whose it is with `ls -ld \(path)`, and do it as its owner.
      """
    case .noGenesis(let path):
      """
      Nothing was done: the ledger at \(path) has no first entry; making it was interrupted.
      Nothing was ever recorded in it: remove the directory and run `stele init` again.
      """
    case .ledgerExists(let path):
      """
      No ledger was made: \(path) already has one.
      See it with `stele status`, or make one elsewhere with STELE_LEDGER=DIRECTORY.
      """
    }
  }
}
