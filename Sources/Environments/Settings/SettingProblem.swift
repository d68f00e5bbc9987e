/// One thing that is wrong in a configuration file, with where and what would be right.
///
/// Rendered on one line, in the form that editors and CI systems turn into links:
///
///     config/environments/production.yaml:12:7: resources.workers.maxReplicas: 2 is less than
///     minReplicas 3; write 3 or more
///
/// (one line there, two here). The value found is never shown where the field's name or the value
/// itself says that it is a secret; see ``Secrecy``. No
/// control character is shown as it is.
package struct SettingProblem: Error, Hashable, Sendable {
  package let position: SourcePosition
  /// Dotted, `resources.workers.maxReplicas`; empty where the whole file is meant.
  package let path: String
  package let kind: Kind
  /// The value as written, `[hidden]` where it may be a secret; nil where there is none.
  package let found: String?
  /// What is wrong with it: a clause whose subject is the value found, or else the field.
  package let complaint: String
  /// What would be right, as an instruction.
  package let remedy: String

  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Not YAML, or YAML that is not accepted: tabs, duplicate names, tags, several documents.
    case form
    case unknownField
    case missingField
    case wrongType
    /// Of the right type, and outside what the field takes.
    case outOfRange
    /// Right by itself, and in disagreement with another field.
    case contradiction
    /// A `${…}` that names nothing.
    case unknownReference
    case missingFile
    case unreadableFile
    /// A file that looks like one of the configuration's and is none.
    case strayFile
    /// A secret in a file whose resolved form is recorded for ever.
    case secretInClear
    /// A value that the schema takes and a rule of `policy.yaml` does not.
    case policyViolation
  }

  package init(
    at position: SourcePosition, path: String, kind: Kind, found: String?, complaint: String,
    remedy: String
  ) {
    self.position = position
    // A name may be the secret: somebody wrote it on the wrong side of the colon.
    self.path = Secrecy.isSecret(value: path) ? Secrecy.mask : path
    self.kind = kind
    self.found = found.map { $0.isEmpty ? "\"\"" : Secrecy.shown($0, at: path) }
    self.complaint = complaint
    self.remedy = remedy
  }
}

extension SettingProblem: Comparable {
  /// In reading order; problems at one place by path, then by words, so that output is stable.
  package static func < (left: SettingProblem, right: SettingProblem) -> Bool {
    (left.position, left.path, left.found ?? "", left.complaint, left.remedy)
      < (right.position, right.path, right.found ?? "", right.complaint, right.remedy)
  }
}

extension SettingProblem: CustomStringConvertible {
  package var description: String {
    let subject = [found, complaint].compactMap(\.self).joined(separator: " ")
    let place = path.isEmpty ? "\(position)" : "\(position): \(path)"
    return VisibleText.escaped("\(place): \(subject); \(remedy)")
  }
}
