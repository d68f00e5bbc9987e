import ArgumentParser
import Operations

/// Where the recovery keys are.
struct RecoveryKeys: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Recovery keys, wherever they are kept; otherwise those of this ledger's key ring.",
      valueName: "file"))
  var recovery: [String] = []

  func paths(in context: CommandContext) -> [String] { recovery.map(context.absolute) }
}

/// Which recovery keys sign, where some have to.
struct RecoveryOptions: ParsableArguments {
  @OptionGroup var keys: RecoveryKeys

  @Flag(help: "Recovery keys sign in place of the administrator's, which is lost.")
  var administratorLost = false

  func authority(in context: CommandContext) -> KeyAuthority {
    KeyAuthority(
      recovery: keys.paths(in: context), isAdministratorLost: administratorLost)
  }
}
