import CanonicalJSON

/// SHA-256 as the tree uses it. The writer and the verifier bring implementations of their own.
///
/// Source: RFC 6962 §2.1; RFC 9162 §2.1.1.
@usableFromInline
package protocol TreeHashing {
  /// SHA-256(`data`).
  func digest(_ data: UnsafeRawBufferPointer) -> Digest
  /// SHA-256(0x00 ‖ `data`), the hash of a leaf.
  func leaf(_ data: UnsafeRawBufferPointer) -> Digest
  /// SHA-256(0x01 ‖ `left` ‖ `right`), the hash of two subtrees side by side.
  func node(_ left: Digest, _ right: Digest) -> Digest
  /// SHA-256 of nothing, the root of the tree without leaves.
  var empty: Digest { get }
}

extension TreeHashing {
  package func leaf(_ data: [UInt8]) -> Digest { data.withUnsafeBytes { leaf($0) } }

  package func digest(_ data: [UInt8]) -> Digest { data.withUnsafeBytes { digest($0) } }

  package var empty: Digest { digest([]) }
}
