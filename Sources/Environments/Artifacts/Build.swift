import CanonicalJSON
import Cryptography
import Events

/// An application with every component's artifact: what is tested, approved and promoted.
///
/// Its digest is the SHA-256 of this canonical JSON, components ascending by name:
///
///     {"application":"tamma","components":[{"artifact":"sha256:<hex>","name":"orchestrator",
///     "sizeBytes":1048576},…],"v":1}
package struct Build: Hashable, Sendable {
  package let application: ApplicationName
  /// Ascending by name, each once, at least one.
  package let components: [Component]

  package struct Component: Hashable, Sendable {
    package let name: ComponentName
    package let artifact: ContentDigest
    package let sizeBytes: Int

    package init(name: ComponentName, artifact: ContentDigest, sizeBytes: Int) {
      self.name = name
      self.artifact = artifact
      self.sizeBytes = sizeBytes
    }
  }

  /// - Precondition: At least one component, and no name twice.
  package init(application: ApplicationName, components: [Component]) {
    precondition(!components.isEmpty, "a build of \(application) without components")
    precondition(
      Set(components.map(\.name)).count == components.count,
      "a build of \(application) with a component twice: \(components.map(\.name))")
    self.application = application
    self.components = components.sorted { $0.name < $1.name }
  }
}

extension Build {
  package var recorded: JSONObject {
    [
      "application": .string(application.rawValue),
      "components": .array(
        components.map { component in
          [
            "artifact": .string("\(component.artifact)"),
            "name": .string(component.name.rawValue),
            "sizeBytes": .integer(Int64(component.sizeBytes)),
          ]
        }), "v": 1,
    ]
  }

  package var canonicalBytes: [UInt8] { JSONValue.object(recorded).certainBytes }

  package var digest: ContentDigest { .init(hashing: canonicalBytes) }
}
