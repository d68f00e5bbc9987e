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
      work, and recovery. Move the recovery key to another machine.

        $ stele init tamma
      """)

  @Argument(help: "The ledger's name for people, such as your application's.")
  var name: String

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let workspace = workspace(in: context)
    let made = try await Initialization(
      workspace: workspace, name: name, variables: context.variables
    ).run()
    try context.present(document(made, workspace), as: output.output)
    context.note(
      """
      Move \(made.keys.path(.recovery)) to another machine: with it a ledger that lost entries can
      go on, and whoever has it can replace every other key.
      Next: stele config validate
      """)
  }

  /// Here, even below another project; or where `STELE_LEDGER` says.
  private func workspace(in context: CommandContext) -> Workspace {
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
