/// A YAML value with the place it was written: what files are merged and read as.
///
/// Scalars keep their text as written, because a setting's type is decided by its field and not
/// by YAML's guess: `cpu: 2` is a quantity, `replicas: "2"` is a mistake.
package indirect enum SettingNode: Hashable, Sendable {
  case scalar(SettingScalar)
  case list([SettingNode], at: SourcePosition)
  case map(SettingMap)

  package var position: SourcePosition {
    switch self {
    case .scalar(let scalar): scalar.position
    case .list(_, let position): position
    case .map(let map): map.position
    }
  }

  /// What this is, for a sentence that says it should be something else.
  var noun: String {
    switch self {
    case .scalar(let scalar): scalar.form.noun
    case .list: "a list"
    case .map: "a map"
    }
  }
}

/// One value without parts, as written.
package struct SettingScalar: Hashable, Sendable {
  package let text: String
  /// In quotes or a block: certainly text, whatever it looks like.
  package let isQuoted: Bool
  package let position: SourcePosition

  package init(_ text: String, isQuoted: Bool, at position: SourcePosition) {
    self.text = text
    self.isQuoted = isQuoted
    self.position = position
  }

  var form: ScalarForm { isQuoted ? .text : ScalarForm(plain: text) }
}

/// Fields in the order written, with the position of each name. A name stands in it once.
package struct SettingMap: Hashable, Sendable {
  package private(set) var entries: [Entry]
  package let position: SourcePosition
  /// Where each name stands, for maps of thousands of fields. Of names that are one to Swift and
  /// two to a reader of bytes, the first.
  private var index: [String: Int] = [:]

  package init(_ entries: [Entry], at position: SourcePosition) {
    self.entries = entries
    self.position = position
    for (number, entry) in entries.enumerated() { note(entry, at: number) }
  }

  package struct Entry: Hashable, Sendable {
    package let name: String
    package let namePosition: SourcePosition
    package let value: SettingNode

    package init(name: String, namePosition: SourcePosition, value: SettingNode) {
      self.name = name
      self.namePosition = namePosition
      self.value = value
    }
  }

  package subscript(name: String) -> Entry? { place(of: name).map { entries[$0] } }

  /// In the place of the field of its name, or after all others.
  package mutating func set(_ entry: Entry) {
    if let place = place(of: entry.name) {
      entries[place] = entry
    } else {
      note(entry, at: entries.count)
      entries.append(entry)
    }
  }

  private mutating func note(_ entry: Entry, at place: Int) {
    if index[entry.name] == nil { index[entry.name] = place }
  }

  private func place(of name: String) -> Int? {
    guard let first = index[name] else { return nil }
    return entries[first...].firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
  }
}
