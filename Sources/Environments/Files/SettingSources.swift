/// Parses the files that are merged, so that what is wrong with one does not hide the others.
struct SettingSources {
  private(set) var problems: [SettingProblem] = []
  /// Of one file nothing could be read: what the others lack may be there.
  private(set) var isIncomplete = false

  /// - Returns: As far as it could be read; nil if the file is empty or was refused.
  mutating func parse(
    _ bytes: [UInt8], of file: String, layer: SourcePosition.Layer, mayBeEmpty: Bool = true
  ) -> SettingMap? {
    var reader = YAMLReader(file: file, layer: layer)
    defer { problems += reader.problems }
    do throws(SettingProblem) {
      if let map = try reader.read(bytes) { return map }
    } catch {
      isIncomplete = true
      problems.append(error)
      return nil
    }
    if !mayBeEmpty {
      problems.append(
        SettingProblem(
          at: SourcePosition(file: file, line: 1, column: 1, layer: layer), path: "", kind: .form,
          found: nil, complaint: "the file is empty", remedy: "write its fields as name: value"))
    }
    return nil
  }
}
