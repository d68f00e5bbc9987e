/// Collects what is wrong and where each accepted value came from, while sections are read.
///
/// Reading goes on after a problem, so that one run reports them all.
final class SettingReader {
  private var found: [SettingProblem] = []
  /// Dotted path of every field that is there under a misspelled name.
  private var misspelled: Set<String> = []
  /// Dotted path of every accepted value, with the place it was written.
  private(set) var origins: [String: SourcePosition] = [:]

  /// Everything that was reported, but for what is missing because its name, or that of a section
  /// around it, is misspelled: one mistake is one problem.
  var problems: [SettingProblem] { found.filter { !isMissingByMisspelling($0) } }

  private func isMissingByMisspelling(_ problem: SettingProblem) -> Bool {
    guard problem.kind == .missingField, problem.found == nil else { return false }
    return misspelled.contains { problem.path == $0 || problem.path.hasPrefix("\($0).") }
  }

  func report(_ problem: SettingProblem) { found.append(problem) }

  /// An unknown name was probably meant to be this field, wherever else it is not.
  func foundMisspelled(_ path: String) { misspelled.insert(path) }

  func accept(_ path: String, at position: SourcePosition) { origins[path] = position }

  /// A whole file as a section.
  func root(_ map: SettingMap) -> SettingSection {
    SettingSection(map, path: "", reader: self)
  }
}
