import CanonicalJSON
import Events
import TransparencyLog

@testable import Cryptography

/// One value is one text: what is accepted is written again byte for byte, and a refusal names a
/// byte of the input.
func checkJSON(_ input: [UInt8]) throws {
  do {
    let written = try JSONValue(parsing: input).canonicalBytes()
    try promise(written == input, "JSON is written as another text")
  } catch let error as JSONFormError {
    try promise((0...input.count).contains(error.offset), "JSON: \(error) is outside the input")
  }
}

/// A note, and the checkpoint in it, are written again as they were read.
func checkNote(_ input: [UInt8]) throws {
  guard let note = try? SignedNote(parsing: input) else { return }
  try promise(Array(note.serialized.utf8) == input, "a note is written as another text")
  if let checkpoint = try? Checkpoint(parsing: note.text) {
    try promise(
      checkpoint.text.utf8.elementsEqual(note.text.utf8), "a checkpoint is written otherwise")
  }
  for signature in note.signatures {
    guard let cosignature = Cosignature(blob: signature.blob) else { continue }
    try promise(cosignature.blob == signature.blob, "a cosignature is written otherwise")
  }
}

/// A line of the ledger, and the header and body that it may have, are written again as they were
/// read.
func checkLine(_ input: [UInt8]) throws {
  if let line = try? EntryLine(parsing: input) {
    try promise(line.bytes == input, "a line is written otherwise")
    try checkHeader(line.header)
  }
  try checkHeader(input)
  if let body = try? EntryBody(parsing: input) {
    try promise(try body.canonicalBytes() == input, "a body is written otherwise")
  }
}

private func checkHeader(_ input: [UInt8]) throws {
  guard let header = try? EntryHeader(parsing: input) else { return }
  try promise(header.canonicalBytes == input, "a header is written otherwise")
}

/// A receipt is written again as it was read; so is a verifier key.
func checkReceipt(_ input: [UInt8]) throws {
  if let receipt = try? Receipt(parsing: input) {
    try promise(Array(receipt.serialized.utf8) == input, "a receipt is written otherwise")
    if let checkpoint = try? Checkpoint(parsing: receipt.note.text), let line = receipt.extra {
      let leaf = FuzzedHashing().leaf(line)
      _ = receipt.inclusionProof(under: checkpoint).root(fromLeafHash: leaf, using: FuzzedHashing())
    }
  }
  let text = String(decoding: input, as: UTF8.self)
  if let key = try? VerifierKey(parsing: text, using: FuzzedHashing()) {
    try promise(key.text.utf8.elementsEqual(text.utf8), "a verifier key is written otherwise")
  }
}

/// A key that is read signs, and its own text reads as the same key.
func checkPEM(_ input: [UInt8]) throws {
  guard let key = try? SigningKey(pem: input) else { return }
  try promise(
    key.publicKey.isValid(signature: key.sign(input), for: input), "a key's signature is not its")
  try promise(
    try SigningKey(pem: key.pem).publicKey.raw == key.publicKey.raw, "a key is written otherwise")
}
