import CanonicalJSON
import Events

/// That a policy has to be the one that an administrator has adopted: who writes the file does not
/// say alone what has to hold.
package enum AdoptionRule {
  /// As verdicts name it, in every environment.
  package static let id: MachineWords = "adopted"
  package static let field: MachineWords = "policy"
  /// What `policy.decided` calls it.
  static let condition = "adopted"

  /// As `policy.decided` has it.
  package static func recorded(_ policy: ContentDigest) -> JSONObject {
    [
      "condition": .string(condition), "field": .string(field.text), "id": .string(id.text),
      "value": .string(policy.dataText),
    ]
  }
}
