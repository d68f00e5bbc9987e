import ArgumentParser
import Cryptography
import SecretStore

/// Where a value comes from.
struct SecretValueOptions: ParsableArguments {
  @Flag(help: "Keep every byte of stdin, a line end at its end too.") var exact = false

  /// Read only to be refused: the parser's own refusal would repeat a value in whoever's log.
  @Argument(help: .hidden) var surplus: [String] = []

  func validate() throws {
    guard surplus.isEmpty else {
      throw ValidationError(
        "a value is never an argument, which logs and the shell's history keep: take another one, "
          + "and give it on stdin, such as `stele secret set staging NAME < FILE`")
    }
  }

  /// - Throws: `SecretError` for what is no value; `ValidationError` where two answers differ.
  func read(in context: CommandContext) throws -> SecretBytes {
    guard let input = context.input else {
      guard let typed = context.askTwice("Value: ") else {
        throw ValidationError("the value was not typed twice in the same way")
      }
      return typed
    }
    // A line end more than a value may have, so that what is too long stays so without it.
    let given = input(SecretLimits.valueBytes + 3)
    guard !exact else { return given }
    return given.read { bytes in
      guard bytes.last == UInt8(ascii: "\n") else { return SecretBytes(Array(bytes)) }
      let line = bytes.dropLast()
      return SecretBytes(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
    }
  }
}
