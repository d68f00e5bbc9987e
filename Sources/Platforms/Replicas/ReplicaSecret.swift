import CanonicalJSON
import Events

/// A secret that a replica is to get: where it is, and nothing of its value.
package struct ReplicaSecret: Hashable, Sendable {
  package let application: ApplicationName
  package let origin: SecretOrigin
  /// Of the release; nil for the newest, and for a reference.
  package let version: Int?
  package let variable: String
  /// Whether the variable is the path of a file with the value.
  package let isFile: Bool

  package init(
    application: ApplicationName, origin: SecretOrigin, version: Int?, variable: String,
    isFile: Bool
  ) {
    self.application = application
    self.origin = origin
    self.version = version
    self.variable = variable
    self.isFile = isFile
  }
}

extension ReplicaSecret {
  /// `{"application":"shop","file":false,"from":"token","variable":"TOKEN","version":3}`
  var json: JSONObject {
    var object: JSONObject = [
      "application": .string(application.rawValue), "file": .bool(isFile),
      "from": .string(origin.dataText), "variable": .string(variable),
    ]
    object["version"] = version.map { .integer(Int64($0)) }
    return object
  }

  init(json: JSONObject) throws(ShapeError) {
    guard let origin = SecretOrigin(dataText: try json.string("from")) else {
      throw ShapeError("from", is: SecretOrigin.expected)
    }
    self.init(
      application: try json.name("application"), origin: origin,
      version: json["version"] == nil
        ? nil : Int(try json.integer("version", in: 1...Int64.max)),
      variable: try json.string("variable"), isFile: try json.bool("file"))
  }
}
