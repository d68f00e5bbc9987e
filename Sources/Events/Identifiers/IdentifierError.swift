/// A text that is not the identifier it should be: what was wanted, what was given, what is right.
package struct IdentifierError: Error, Hashable, Sendable {
  /// What the text should have named, such as `environment name`.
  package let noun: String
  package let text: String
  /// The form to write instead, such as `a-z 0-9 -, starting with a letter, at most 63`.
  package let form: String

  package init(noun: String, text: String, form: String) {
    self.noun = noun
    self.text = text
    self.form = form
  }
}

extension IdentifierError: CustomStringConvertible {
  package var description: String { "'\(text)' is no \(noun): write \(form)." }
}
