import ArgumentParser
import Operations

/// Which recovery keys sign, where some have to.
struct RecoveryOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Recovery keys, wherever they are kept; otherwise those of this ledger's key ring.",
      valueName: "file"))
  var recovery: [String] = []

  @Flag(help: "Recovery keys sign in place of the administrator's, which is lost.")
  var administratorLost = false

  func authority(in context: CommandContext) -> KeyAuthority {
    KeyAuthority(
      recovery: recovery.map(context.absolute), isAdministratorLost: administratorLost)
  }
}
