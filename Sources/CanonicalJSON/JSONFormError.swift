/// Why a text, or a value, is not in the ledger's JSON profile, and where.
package struct JSONFormError: Error, Hashable, Sendable {
  /// Names shared with every other implementation of the format; part of its contract.
  package enum Reason: String, Hashable, Sendable, CaseIterable {
    /// The text stops inside a value; the offset is its length.
    case endOfText
    /// A byte that cannot stand here: whitespace, a missing comma, an unknown word.
    case unexpectedByte
    /// The value is complete and more follows.
    case trailingBytes
    /// U+0000 or U+FEFF in a string.
    case forbiddenCharacter
    /// A key that sorts before its predecessor, by bytes; the offset is its opening quote.
    case keyOrder
    case keyRepeated
    /// Not `\$?[A-Za-z0-9_./-]+` of 1...160 bytes; the offset is its opening quote.
    case keyForm
    /// A fraction, an exponent, a leading zero or minus zero; the offset is where it starts.
    case numberForm
    /// An integer outside ±(2⁵³−1).
    case numberRange
    /// An escape other than the one RFC 8785 writes for that character.
    case escape
    /// A raw byte below 0x20 in a string.
    case controlCharacter
    /// Bytes that encode no Unicode scalar; the offset is the first of the sequence.
    case utf8
    /// A bracket opened inside sixteen others.
    case depth
  }

  package let reason: Reason
  /// Bytes from the start of the text, from 0. For a value being written, where it would stand.
  package let offset: Int

  package init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension JSONFormError: CustomStringConvertible {
  package var description: String {
    "Not in the ledger's JSON form: \(sentence) at byte \(offset) (\(reason.rawValue))."
  }

  private var sentence: String {
    switch reason {
    case .endOfText: "the text ends inside a value"
    case .unexpectedByte: "a byte that cannot stand there"
    case .trailingBytes: "more follows the complete value"
    case .forbiddenCharacter: "U+0000 or U+FEFF in a string"
    case .keyOrder: "a key sorts before the one it follows"
    case .keyRepeated: "a key stands twice in one object"
    case .keyForm: "a key is not 1 to \(JSONLimits.keyBytes) of A-Z a-z 0-9 _ . / - (one $ before)"
    case .numberForm: "a number is not a plain integer"
    case .numberRange: "an integer is beyond ±\(JSONLimits.integerMagnitude)"
    case .escape: "an escape is not the one that RFC 8785 writes"
    case .controlCharacter: "a control character is not escaped"
    case .utf8: "the bytes are not UTF-8"
    case .depth: "more than \(JSONLimits.depth) brackets are open"
    }
  }
}
