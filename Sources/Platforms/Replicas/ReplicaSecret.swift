import CanonicalJSON
import Events

/// A secret that a replica is to get: its name, and nothing of its value.
package struct ReplicaSecret: Hashable, Sendable {
  package let application: ApplicationName
  package let name: SecretName
  /// Of the release; nil for the newest.
  package let version: Int?
  package let variable: String
  /// Whether the variable is the path of a file with the value.
  package let isFile: Bool

  package init(
    application: ApplicationName, name: SecretName, version: Int?, variable: String, isFile: Bool
  ) {
    self.application = application
    self.name = name
    self.version = version
    self.variable = variable
    self.isFile = isFile
  }
}

extension ReplicaSecret {
  /// `{"application":"shop","file":false,"name":"token","variable":"TOKEN","version":3}`
  var json: JSONObject {
    var object: JSONObject = [
      "application": .string(application.rawValue), "file": .bool(isFile),
      "name": .string(name.rawValue), "variable": .string(variable),
    ]
    object["version"] = version.map { .integer(Int64($0)) }
    return object
  }

  init(json: JSONObject) throws(ShapeError) {
    self.init(
      application: try json.name("application"), name: try json.name("name"),
      version: json["version"] == nil
        ? nil : Int(try json.integer("version", in: 1...Int64.max)),
      variable: try json.string("variable"), isFile: try json.bool("file"))
  }
}
