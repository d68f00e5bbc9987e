import CanonicalJSON
import Events

@testable import Tokens

/// A token that is taken apart is put together again byte for byte, and proves nothing to whoever
/// trusts nobody; an issuer's file gives keys that have names of their own.
func checkToken(_ input: [UInt8]) throws {
  if let token = try? CompactToken(parsing: input) {
    try promise(input.count <= CompactToken.byteCountMax, "a token is longer than one may be")
    try promise(input.starts(with: token.signed + [UInt8(ascii: ".")]), "other bytes are signed")
    try promise(
      Base64URL.decode(input.dropFirst(token.signed.count + 1)) == token.signature,
      "another signature is read than stands there")
    try promise((try? token.proven(by: [], at: .earliest)) == nil, "a token proves itself")
  }
  if let members = PlainJSON.members(input) {
    try promise(
      members.values.allSatisfy { $0.scalar != nil || $0.string == nil }, "a text has no text")
  }
  if let set = try? IssuerKeySet(parsing: input) {
    try promise(!set.keys.isEmpty, "no key is a set")
    try promise(Set(set.keys.map(\.kid)).count == set.keys.count, "two keys have one name")
    for key in set.keys {
      try promise(!key.verifies(input, over: input), "a text signs itself")
      try promise(try IssuerKey(json: key.json) == key, "a key is written otherwise")
    }
  }
}
