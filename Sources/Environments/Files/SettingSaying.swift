/// What one layer says about a field.
package struct SettingSaying: Hashable, Sendable {
  package let position: SourcePosition
  /// As written, hidden where it may be a secret; lists with commas between their items.
  package let text: String
}

extension SettingMap {
  /// What stands at a dotted path; nil where there is nothing, or a map.
  func saying(of path: String) -> SettingSaying? {
    saying(of: path.split(separator: ".")[...])
  }

  private func saying(of path: ArraySlice<Substring>) -> SettingSaying? {
    // A name that a user chose may have dots itself.
    for count in stride(from: path.count, through: 1, by: -1) {
      guard let entry = self[path.prefix(count).joined(separator: ".")] else { continue }
      let rest = path.dropFirst(count)
      if rest.isEmpty { return entry.saying }
      if case .map(let map) = entry.value, let found = map.saying(of: rest) { return found }
    }
    return nil
  }
}

extension SettingMap.Entry {
  fileprivate var saying: SettingSaying? {
    switch value {
    case .scalar(let scalar):
      SettingSaying(position: scalar.position, text: Secrecy.shown(scalar.text, at: name))
    case .list(let items, let position):
      SettingSaying(
        position: position,
        text: items.map { Secrecy.shown($0.shownText ?? $0.noun, at: name) }
          .joined(separator: ","))
    case .map: nil
    }
  }
}
