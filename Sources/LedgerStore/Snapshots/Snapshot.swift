/// The state of a projection after so many entries: a cache, never the only copy of anything.
package struct Snapshot: Hashable, Sendable {
  /// The projection's.
  package let name: String
  /// Of the projection's code: states of other revisions are not given back.
  package let revision: Int
  /// Entries folded into it.
  package let size: Int
  package let bytes: [UInt8]

  package init(name: String, revision: Int, size: Int, bytes: [UInt8]) {
    self.name = name
    self.revision = revision
    self.size = size
    self.bytes = bytes
  }
}
