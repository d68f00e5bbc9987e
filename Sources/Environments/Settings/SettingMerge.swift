extension SettingNode {
  /// This layer under `upper`: maps deeply, field by field; everything else is replaced whole.
  ///
  /// A list in `upper` replaces the list here, it is never appended to. A `null` in `upper` stays
  /// a `null`: whether it may remove what is here is the field's to say.
  ///
  /// Every value keeps the position, and so the layer, of the file it came from.
  package func merged(under upper: SettingNode) -> SettingNode {
    guard case .map(let lowerMap) = self, case .map(let upperMap) = upper else { return upper }
    return .map(lowerMap.merged(under: upperMap))
  }
}

extension SettingMap {
  /// Fields here first, in their order, then those that only `upper` has.
  package func merged(under upper: SettingMap) -> SettingMap {
    let kept = entries.map { entry in
      upper[entry.name].map { over in
        Entry(
          name: entry.name, namePosition: over.namePosition,
          value: entry.value.merged(under: over.value))
      } ?? entry
    }
    return SettingMap(
      kept + upper.entries.filter { self[$0.name] == nil }, at: upper.position)
  }
}
