import ArgumentParser
import Cryptography
import Operations

/// Who acts.
struct IdentityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The key that signs; or STELE_KEY. Otherwise the actor key of this ledger's key ring.",
      valueName: "file"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "A job's OIDC token, which the service then attests; or STELE_OIDC_TOKEN.",
      valueName: "file"))
  var oidcTokenFile: String?

  func validate() throws {
    if key != nil, oidcTokenFile != nil {
      throw ValidationError(
        "a key and a token are two who act: name one, --key or --oidc-token-file")
    }
  }

  /// What is named on the command line, or else by a variable.
  ///
  /// - Throws: `ValidationError` where variables name both; `LedgerError` for a file of a token
  ///   that cannot be read or is not safe to use.
  func credential(in context: CommandContext) throws -> Credential {
    if let key { return .key(path: context.absolute(key)) }
    if let oidcTokenFile { return .token(try TokenFile.read(context.absolute(oidcTokenFile))) }
    // A token that is empty is one that a job failed to get: no other key acts in its place.
    let token = context.variables[Credential.tokenVariable]
    switch (context.variables["STELE_KEY"].flatMap { $0.isEmpty ? nil : $0 }, token) {
    case (let path, nil): return .key(path: path)
    case (nil, let token?): return .token(SecretBytes(Array(token.utf8)))
    case (_?, _?):
      throw ValidationError(
        "STELE_KEY and STELE_OIDC_TOKEN are two who act: unset one, or name a file with --key")
    }
  }

  /// The same for another process of this program, which gets the variables as they are.
  func arguments(in context: CommandContext) -> [String] {
    if let key { return ["--key", context.absolute(key)] }
    if let oidcTokenFile { return ["--oidc-token-file", context.absolute(oidcTokenFile)] }
    return []
  }
}

extension CommandContext {
  /// Opens the ledger for what the administrator of the key ring signs.
  ///
  /// - Throws: As ``forbidToken()``, before anything is opened.
  func administering() throws -> Session {
    try forbidToken()
    return try appending()
  }

  /// Whoever shows a token wants to act as the job, and not as whose key lies here as well.
  ///
  /// - Throws: `ValidationError`.
  func forbidToken() throws {
    guard variables[Credential.tokenVariable] == nil else {
      throw ValidationError(
        "this takes an administrator's own key, which no token stands for: unset "
          + "\(Credential.tokenVariable) where an administrator acts, and not a job")
    }
  }
}
