import Cryptography
import LedgerStore
import Tokens

/// What somebody shows to say who they are.
package enum Credential: Sendable {
  /// A key file, absolute; nil for the actor key of the key ring.
  case key(path: String?)
  /// An OIDC token: whoever has it is whom it proves.
  case token(SecretBytes)

  /// The variable that has such a token.
  package static let tokenVariable = "STELE_OIDC_TOKEN"
}

/// A token in a file that only its owner can read.
package enum TokenFile {
  /// - Parameter path: A regular file of this user that nobody else can read.
  /// - Returns: What stands in it, without a line feed at its end.
  /// - Throws: `LedgerError` when it is not there, or not safe to use.
  package static func read(_ path: String) throws(LedgerError) -> SecretBytes {
    // One byte more than a token has, and a line feed: a longer file is refused as a token.
    var bytes = try SecretFile.contents(path, upTo: CompactToken.byteCountMax + 2)
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return SecretBytes(bytes)
  }
}
