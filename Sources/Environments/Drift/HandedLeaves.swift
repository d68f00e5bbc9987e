import CanonicalJSON

/// The two variables that hand a release's configuration to its processes, read again.
package enum HandedLeaves {
  package static let configuration = "STELE_CONFIGURATION"
  package static let flags = "STELE_FLAGS"

  package static let names: Set<String> = [configuration, flags]

  /// - Returns: Nil where one of the variables is not there.
  package static func object(_ variables: [String: String]) -> JSONObject? {
    guard let configuration = variables[configuration], let flags = variables[flags] else {
      return nil
    }
    return object(configuration: configuration, flags: flags)
  }

  /// One object with the names that a release's record has, `features` among them.
  ///
  /// Somebody else may have written them: a text that is no JSON of the ledger's is a leaf under
  /// the variable's name.
  static func object(configuration: String, flags: String) -> JSONObject {
    var object = JSONObject()
    if let read = try? JSONValue(parsing: configuration).objectValue {
      object = read
    } else {
      object[Self.configuration] = .string(configuration)
    }
    if let read = try? JSONValue(parsing: flags).arrayValue {
      object["features"] = .array(read)
    } else {
      object[Self.flags] = .string(flags)
    }
    return object
  }
}
