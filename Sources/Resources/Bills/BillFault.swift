import Environments

/// Why a bill was not read, and where in it: nothing of it is used.
package struct BillFault: Error, Hashable, Sendable {
  /// As it was named.
  package let file: String
  /// From 1; characters of a line from 1, as editors count them.
  package let line: Int
  package let column: Int
  /// The column of the bill; nil where the file's form is wrong.
  package let field: String?
  /// What stands there; nil where nothing does, or it is not to be repeated.
  package let found: String?
  /// A clause whose subject is what was found, or else the field.
  package let complaint: String
  /// What would be right, as an instruction.
  package let remedy: String

  init(
    file: String, line: Int, column: Int, field: String? = nil, found: String? = nil,
    _ complaint: String, remedy: String
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.field = field
    self.found = found
    self.complaint = complaint
    self.remedy = remedy
  }
}

extension BillFault: CustomStringConvertible {
  package var description: String {
    let shown = found.map {
      $0.isEmpty ? "\"\"" : "\"\(Secrecy.shown($0, at: field ?? ""))\""
    }
    let subject = [field.map { "\($0):" }, shown, complaint].compactMap(\.self)
    return """
      Nothing was recorded: \(VisibleText.escaped(file)):\(line):\(column): \
      \(subject.joined(separator: " ")).
      \(remedy)
      """
  }
}
