import ArgumentParser
import CanonicalJSON
import Events
import Operations
import TransparencyLog

/// `stele init`: makes a ledger and its keys.
package struct InitCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a ledger and its keys.",
    discussion: """
      Makes .stele here, and keys for the log, the service, an administrator, that person's own
      work, and recovery. Move the recovery keys to other machines. How many of them sign together \
      is said here once: a majority unless you choose.

        $ stele init tamma
        $ stele init tamma --recovery-keys 3 --recovery-threshold 2
      """)

  @Argument(help: "The ledger's name for people, such as your application's.")
  var name: String

  @Option(help: "How many recovery keys, 1 to 4; otherwise 1.") var recoveryKeys: Int?
  @Option(help: "How many of them sign together; otherwise a majority.") var recoveryThreshold: Int?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let workspace = try workspace(in: context)
    let recovery = RecoveryPlan(keys: recoveryKeys, threshold: recoveryThreshold)
    let made = try await Initialization(
      workspace: workspace, name: name, recovery: recovery, variables: context.variables
    ).run()
    try context.present(document(made, workspace), as: output.output)
    context.note(advice(recovery, in: made.keys))
  }

  private func advice(_ recovery: RecoveryPlan, in keys: KeyRing) -> String {
    let files = keys.recoveryPaths.prefix(recovery.keys)
    guard files.count > 1 else {
      return """
        Move \(files[0]) to another machine: with it a ledger that lost entries can
        go on, and whoever has it can replace every other key.
        Next: stele config validate
        """
    }
    return """
      Move each of these to another machine: \(recovery.threshold) of them let a ledger that lost
      entries go on, and whoever has as many can replace every other key.
      \(files.map { "  " + $0 }.joined(separator: "\n"))
      Next: stele config validate
      """
  }

  /// Here, even below another project; or where `STELE_LEDGER` says.
  private func workspace(in context: CommandContext) throws(WorkspaceError) -> Workspace {
    guard context.workingDirectory.hasPrefix("/") else { throw .directoryGone }
    let named = context.variables["STELE_LEDGER"].flatMap { $0.isEmpty ? nil : $0 }
    return Workspace(
      root: context.workingDirectory, ledger: named.map(context.absolute))
  }

  private func document(_ made: Initialization.Made, _ workspace: Workspace) -> Document {
    let fields: JSONObject = [
      "keys": .string(made.keys.directory), "ledger": .string(workspace.ledger),
      "origin": .string(made.origin.description), "person": .string("\(made.person)"),
      "verifierKey": .string(made.verifierKey.text),
    ]
    return Document(
      schema: "stele.init", fields: fields, records: [fields],
      text: [
        "ledger        \(workspace.ledger)", "origin        \(made.origin)",
        "keys          \(made.keys.directory)", "you are       \(made.person)",
        "verifier key  \(made.verifierKey.text)",
        "              give it to whoever shall verify this ledger: they pin it",
      ])
  }
}
