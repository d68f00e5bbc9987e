import CanonicalJSON
import Events

/// What is behind a `$sealed` value.
package enum Revealed: Hashable, Sendable {
  /// It opens, and is what the body commits to.
  case value(JSONValue)
  /// The person was erased.
  case erased(SubjectID)
  /// It cannot be opened, and no erasure is known: a finding.
  case missing
}
