/// Why a note, a key, a checkpoint or a receipt was refused. Lines count from 1.
package enum NoteError: Error, Hashable, Sendable {
  case tooLarge(byteCount: Int)
  /// Not UTF-8, or a control character other than a line feed.
  case characters
  /// No blank line with a signature after it.
  case unsigned
  case signatureLine(line: Int)
  case tooManySignatures(count: Int)
  /// Empty, over 255 bytes, or with a space or a `+`.
  case name(String)
  /// Not `<name>+<8 hexadecimal digits>+<Base64>`.
  case verifierKey(String)
  case keyAlgorithm(UInt8)
  /// The keyID in a verifier key is not the one of its name and key.
  case keyID(stated: UInt32, computed: UInt32)
  /// Two known keys share name and keyID, so a signature cannot be told to one.
  case ambiguousKey(name: String)
  /// By a known key, and wrong: then nothing of the note counts.
  case wrongSignature(name: String)
  case notSigned(by: String)
  case checkpointLine(line: Int)
  case receiptLine(line: Int)
}

extension NoteError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let byteCount):
      "Not read: \(byteCount) bytes, and a note has at most \(SignedNote.byteCountMax)."
    case .characters: "Not read: not UTF-8, or a control character in it."
    case .unsigned: "Not read: no blank line with a signature after it."
    case .signatureLine(let line):
      "Not read: line \(line) is not `— NAME BASE64` with a key's ID and a signature."
    case .tooManySignatures(let count):
      "Not read: \(count) signatures, and a note has at most \(SignedNote.signatureCountMax)."
    case .name(let name):
      "Not a name for a key: '\(name)'. It has 1 to 255 bytes, without spaces and without +."
    case .verifierKey(let text):
      "Not a verifier key: '\(text)'. Write NAME+KEYID+BASE64, as `stele key list` shows it."
    case .keyAlgorithm(let algorithm):
      "Not usable: a key of algorithm \(algorithm); 1 (Ed25519) and 4 (cosignature) are known."
    case .keyID(let stated, let computed):
      """
      Not used: the verifier key says ID \(NoteKeyID.hex(stated)), and its key has \
      \(NoteKeyID.hex(computed)). Copy it again, as `stele key list` shows it.
      """
    case .ambiguousKey(let name): "Not checked: two known keys of '\(name)' have one ID."
    case .wrongSignature(let name): "Not valid: the signature of '\(name)' is not by its key."
    case .notSigned(let name): "Not valid: '\(name)' has not signed it."
    case .checkpointLine(let line):
      "Not a checkpoint: line \(line). Its lines are origin, size and Base64 of the root, no more."
    case .receiptLine(let line):
      "Not a receipt: line \(line). `stele verify RECEIPT` reads what an append returned."
    }
  }
}
