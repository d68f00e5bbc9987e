/// Collects what is wrong and where each accepted value came from, while sections are read.
///
/// Reading goes on after a problem, so that one run reports them all.
final class SettingReader {
  private(set) var problems: [SettingProblem] = []
  /// Dotted path of every accepted value, with the place it was written.
  private(set) var origins: [String: SourcePosition] = [:]

  func report(_ problem: SettingProblem) { problems.append(problem) }

  /// A field that seemed to be missing is there, misspelled: one mistake is one problem.
  func foundMisspelled(_ path: String) {
    problems.removeAll { $0.kind == .missingField && $0.path == path }
  }

  func accept(_ path: String, at position: SourcePosition) { origins[path] = position }

  /// A whole file as a section.
  func root(_ map: SettingMap) -> SettingSection {
    SettingSection(map, path: "", reader: self)
  }
}
