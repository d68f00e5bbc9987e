import ArgumentParser
import Cryptography
import SecretStore

/// Where a value comes from.
struct SecretValueOptions: ParsableArguments {
  @Flag(help: "Keep every byte of stdin, a line end at its end too.") var exact = false

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
