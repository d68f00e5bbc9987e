/// Why a configuration could not be used; nothing was changed.
package enum ConfigurationError: Error, Hashable, Sendable {
  /// There is no such file; `available` are the YAML files that lie where it should.
  case missing(file: String, available: [String])
  /// The file is there and cannot be read; `reason` is the system's.
  case unreadable(file: String, reason: String)
  /// Everything that is wrong, in reading order; never empty.
  case invalid([SettingProblem])
}

extension ConfigurationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let file, let available):
      """
      \(file) was not read: there is no such file.
      \(available.isEmpty
        ? "Nothing is there. Is this the project's directory?"
        : "There are: \(available.joined(separator: ", ")).")
      """
    case .unreadable(let file, let reason):
      """
      \(file) was not read: \(reason).
      See who may read it with `ls -l \(file)`.
      """
    case .invalid(let problems):
      problems.map(\.description).joined(separator: "\n")
    }
  }
}
