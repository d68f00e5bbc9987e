import ArgumentParser
import Cryptography
import Events
import Operations
import SecretStore
import Synchronization

/// What opens an environment's secrets, where its key file is not on this machine.
struct OpeningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A private key of age that opens the secrets; otherwise the key ring's file.",
      valueName: "file"))
  var identity: String?

  @Option(
    help: ArgumentHelp(
      "Where the passphrase is: a file of mode 0600, or /dev/fd/3; otherwise it is asked for.",
      valueName: "file"))
  var passphraseFile: String?

  func opening(in context: CommandContext) -> SecretOpening {
    SecretOpening(
      identity: identity.map(context.absolute), passphrase: passphrase("Passphrase: ", in: context))
  }

  /// A passphrase that nobody has had before: asked for twice.
  func newPassphrase(in context: CommandContext) -> @Sendable () throws -> SecretBytes? {
    guard passphraseFile == nil else { return passphrase("", in: context) }
    return { context.askTwice("New passphrase: ") }
  }

  /// Asked for once, however often it is needed.
  private func passphrase(
    _ question: String, in context: CommandContext
  ) -> @Sendable () throws -> SecretBytes? {
    let given = Given()
    let path = passphraseFile.map(context.absolute)
    return {
      try given.once { try path.map(PassphraseFile.read) ?? context.askHidden?(question) }
    }
  }
}

/// What somebody has typed, so that they need not type it again.
private final class Given: Sendable {
  private let bytes = Mutex<SecretBytes?>(nil)

  func once(_ ask: () throws -> SecretBytes?) throws -> SecretBytes? {
    if let known = bytes.withLock({ $0 }) { return known }
    let asked = try ask()
    bytes.withLock { $0 = asked }
    return asked
  }
}

extension CommandContext {
  /// Nil unless both answers are the same.
  func askTwice(_ question: String) -> SecretBytes? {
    guard let first = askHidden?(question), let second = askHidden?("The same again: "),
      first.read({ left in second.read { left == $0 } })
    else { return nil }
    return first
  }
}

extension SecretName: ExpressibleByArgument {
  package init?(argument: String) { self.init(rawValue: argument) }
}
