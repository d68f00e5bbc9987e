import ArgumentParser

/// `stele` without a verb: what there is.
package struct SteleRoot: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "stele",
    abstract: "A deployment ledger: what runs, what changed, what to roll back to, and the proof.",
    discussion: """
      Every change, decision, deployment step and health result is a signed entry of a ledger beside
      your project. Results go to stdout, everything else to stderr.
      """,
    version: "stele 0.1.0",
    groupedSubcommands: [
      CommandGroup(name: "Begin", subcommands: [InitCommand.self, ConfigCommand.self]),
      CommandGroup(
        name: "Ship",
        subcommands: [
          BuildCommand.self, DeployCommand.self, PromoteCommand.self, RollbackCommand.self,
          RecoverCommand.self, SyncCommand.self, FlagCommand.self, SecretCommand.self,
        ]),
      CommandGroup(
        name: "Agree",
        subcommands: [
          PendingCommand.self, ApproveCommand.self, RejectCommand.self, WithdrawCommand.self,
          ReviewCommand.self,
        ]),
      CommandGroup(
        name: "See",
        subcommands: [
          StatusCommand.self, DriftCommand.self, ReleasesCommand.self, BuildsCommand.self,
          DiffCommand.self,
          ReplayCommand.self, LogCommand.self, ShowCommand.self, CostCommand.self,
        ]),
      CommandGroup(
        name: "Trust",
        subcommands: [
          VerifyCommand.self, KeyCommand.self, AccessCommand.self, PolicyCommand.self,
        ]),
      CommandGroup(
        name: "Keep",
        subcommands: [BackupCommand.self, RestoreCommand.self, DoctorCommand.self]),
      CommandGroup(name: "Run", subcommands: [AgentCommand.self]),
    ])

  package init() {}
}
