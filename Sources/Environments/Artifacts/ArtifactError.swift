import Events

/// Why bytes could not be measured, stored or trusted as an artifact; nothing was deployed.
package enum ArtifactError: Error, Hashable, Sendable {
  /// Nothing is at `path`.
  case missing(path: String)
  /// A socket, a device or a pipe: nothing that could be copied.
  case unsupported(path: String, kind: String)
  /// The link leads out of its artifact, or is absolute, and would mean something else elsewhere.
  case linkEscapes(path: String, target: String)
  /// The link leads nowhere, or in a circle.
  case linkDangles(path: String, target: String)
  /// A name that is not UTF-8, shown with its foreign bytes replaced.
  case nameNotUTF8(path: String)
  case tooManyEntries(path: String, limit: Int)
  /// A single file that begins like the manifest of a directory.
  case disguised(path: String)
  /// Something wrote to `path` while it was read.
  case changed(path: String)
  /// What the store has is not what its name says.
  case damaged(path: String, expected: ContentDigest, actual: ContentDigest)
  /// A system call failed; `code` is its `errno`.
  case system(call: String, path: String, code: Int32)
}

extension ArtifactError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path):
      "No artifact was read: nothing is at \(path). Build it first, or name another path."
    case .unsupported(let path, let kind):
      "No artifact was read: \(path) is a \(kind). Remove it from the artifact's directory."
    case .linkEscapes(let path, let target):
      """
      No artifact was read: the link \(path) leads to \(target), out of the artifact.
      Copy what it leads to into the artifact, or remove the link.
      """
    case .linkDangles(let path, let target):
      "No artifact was read: the link \(path) leads to \(target), which is not there. Remove it."
    case .nameNotUTF8(let path):
      "No artifact was read: the name of \(path) is not UTF-8. Rename it."
    case .tooManyEntries(let path, let limit):
      "No artifact was read: \(path) has more than \(limit) entries. Name a smaller directory."
    case .disguised(let path):
      """
      No artifact was read: \(path) begins like a directory's manifest, with which it could be
      confused. Put the file into a directory of its own and name that.
      """
    case .changed(let path):
      "No artifact was stored: \(path) changed while it was read. Finish the build, then try again."
    case .damaged(let path, let expected, let actual):
      """
      The artifact was not used: \(path) should be \(expected) and is \(actual).
      Remove it with `rm -rf \(path)`, then run `stele build` again.
      """
    case .system(let call, let path, let code):
      "No artifact was stored: \(call) of \(path) failed: \(SystemCall.reason(code))."
    }
  }
}
