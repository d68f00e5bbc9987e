import CanonicalJSON

/// One field in which two recorded configurations differ.
package struct ConfigurationDifference: Hashable, Sendable {
  /// Dotted, as recorded, so that it ends in the unit: `deployment.healthCheckIntervalMs`. An item
  /// of a list of named things is found by its name: `features.new-parser.value`.
  package let path: String
  /// Nil where the field is new.
  package let before: JSONValue?
  /// Nil where the field is gone.
  package let after: JSONValue?
}

extension ConfigurationDifference {
  /// All differences, ascending by the paths' bytes; empty if both are the same.
  ///
  /// Objects are compared field by field, and so are lists whose items all have a `name` of their
  /// own. Every other list is compared as a whole.
  ///
  /// - Parameter before: Nil for a first configuration, of which everything is new.
  package static func all(from before: JSONObject?, to after: JSONObject)
    -> [ConfigurationDifference]
  {
    let old = leaves(of: before ?? [:])
    let new = leaves(of: after)
    return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
      .sorted { $0.lexicographicallyPrecedes($1) }
      .map { key in
        ConfigurationDifference(
          path: String(decoding: key, as: UTF8.self), before: old[key], after: new[key])
      }
  }

  /// By the path's bytes: Swift's own equality would take two different names for one.
  static func leaves(of object: JSONObject) -> [[UInt8]: JSONValue] {
    var leaves: [[UInt8]: JSONValue] = [:]
    collect(.object(object), at: "", into: &leaves)
    return leaves
  }

  private static func collect(
    _ value: JSONValue, at path: String, into leaves: inout [[UInt8]: JSONValue]
  ) {
    switch value {
    case .object(let object) where !object.isEmpty || path.isEmpty:
      for (key, value) in object { collect(value, at: join(path, key), into: &leaves) }
    case .array(let items) where namedItems(items) != nil:
      for (name, item) in namedItems(items) ?? [] {
        collect(.object(item), at: join(path, name), into: &leaves)
      }
    case .null, .bool, .integer, .string, .array, .object:
      leaves[Array(path.utf8)] = value
    }
  }

  /// The items by name without their names, if all have one and no two have the same.
  private static func namedItems(_ items: [JSONValue]) -> [(name: String, item: JSONObject)]? {
    let named = items.compactMap { item -> (name: String, item: JSONObject)? in
      guard var object = item.objectValue, let name = object["name"]?.stringValue else {
        return nil
      }
      object["name"] = nil
      return (name, object)
    }
    let names = Set(named.map { Array($0.name.utf8) })
    return items.isEmpty || names.count < items.count ? nil : named
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}

extension ConfigurationDifference {
  /// The value before, as it may be shown; `-` where there was none.
  package var shownBefore: String { shown(before) }

  /// The value after, as it may be shown; `-` where there is none.
  package var shownAfter: String { shown(after) }

  private func shown(_ value: JSONValue?) -> String {
    guard let value else { return "-" }
    let text =
      switch value {
      case .string(let text): text
      case .null, .bool, .integer, .array, .object: value.description
      }
    return Secrecy.shown(text, at: path.hasSuffix(".value") ? String(path.dropLast(6)) : path)
  }

  /// Three columns, aligned; empty for no difference.
  ///
  ///     deployment.healthCheckIntervalMs   10000  5000
  ///     resources.workers.maxReplicas      12     16
  package static func table(_ differences: [ConfigurationDifference]) -> String {
    let rows = differences.map { [$0.path, $0.shownBefore, $0.shownAfter] }
    let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { $0.padded(to: $1) }.joined() + row[2]
    }.joined(separator: "\n")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: width - count + 2)
  }
}
