import CanonicalJSON
import Events
import Foundation

/// The project's artifacts by digest: `.stele/artifacts/sha256/<hex>/content`, read-only.
///
/// Trusted for nothing: what is there is measured again before it is used. It lets a rollback
/// start bytes that the build directory no longer has.
///
/// `content` is the artifact's directory, or the one file that it is (always executable, because a
/// file's digest says nothing of its permissions).
package struct ArtifactStore: Hashable, Sendable {
  private let directory: String

  /// - Parameter root: `.stele/artifacts`; made when the first artifact is added.
  package init(root: String) { directory = "\(root)/sha256" }

  /// Where the artifact is, or would be.
  package func path(of digest: ContentDigest) -> String { "\(home(of: digest))/content" }

  /// The artifact that ``path(of:)`` gives this path; nil for any other path.
  package func artifact(at path: String) -> ContentDigest? {
    let parts = path.split(separator: "/")
    guard let name = parts.dropLast().last,
      let artifact = ContentDigest(dataText: "sha256:\(name)"), self.path(of: artifact) == path
    else { return nil }
    return artifact
  }

  /// Whether something has that name; ``verify(_:)`` says whether it is what its name says.
  package func contains(_ digest: ContentDigest) throws(ArtifactError) -> Bool {
    try SystemCall.status(path(of: digest)) != nil
  }

  /// Measures a stored artifact again.
  ///
  /// - Throws: ``ArtifactError/missing(path:)``, or
  ///   ``ArtifactError/damaged(path:expected:actual:)`` if it is not what its name says.
  @discardableResult
  package func verify(_ digest: ContentDigest) throws(ArtifactError) -> Artifact {
    let path = path(of: digest)
    guard try SystemCall.status(path) != nil else { throw .missing(path: path) }
    let artifact = try Artifact.measured(at: path)
    guard artifact.digest == digest else {
      throw .damaged(
        path: home(of: digest), expected: digest, actual: artifact.digest)
    }
    return artifact
  }

  /// Copies what is at `path` into the store, unless it is there already; then that is verified.
  ///
  /// One at a time: a lock is held while copying. The copy grows under a name beginning with
  /// `.incoming-`, is made durable, and then takes its place with one rename, which is the commit
  /// point: a crash before it leaves only an `.incoming-` directory, removed by the next call that
  /// holds the lock; a crash after it leaves the whole artifact.
  ///
  /// - Throws: ``ArtifactError/changed(path:)`` if the copy is not what was measured before it.
  package func add(_ path: String) throws(ArtifactError) -> Artifact {
    let artifact = try Artifact.measured(at: path)
    try make(directory)
    let lock = try OpenFile("\(directory)/.lock", O_RDWR | O_CREAT, mode: 0o600)
    try SystemCall.check("flock", lock.path) { flock(lock.descriptor, LOCK_EX) }
    try removeLeftovers()
    if try contains(artifact.digest) { return try verify(artifact.digest) }
    let incoming = "\(directory)/.incoming-\(artifact.digest.sha256.hex)"
    do throws(ArtifactError) {
      try copy(path, artifact, into: incoming)
      try SystemCall.check("rename", incoming) { rename(incoming, home(of: artifact.digest)) }
    } catch {
      try? StoredTree.remove(incoming)  // What stays is removed by the next call.
      throw error
    }
    try SystemCall.synchronize(directory: directory)
    return artifact
  }

  private func copy(
    _ path: String, _ artifact: Artifact, into incoming: String
  ) throws(ArtifactError) {
    try SystemCall.check("mkdir", incoming) { mkdir(incoming, 0o700) }
    let copied = try ArtifactReading(at: path, into: "\(incoming)/content").artifact
    guard copied == artifact else { throw .changed(path: path) }
    try StoredTree.seal(incoming)
  }

  private func home(of digest: ContentDigest) -> String { "\(directory)/\(digest.sha256.hex)" }

  private func removeLeftovers() throws(ArtifactError) {
    for name in try SystemCall.names(in: directory) where name.hasPrefix(".incoming-") {
      try StoredTree.remove("\(directory)/\(name)")
    }
  }

  private func make(_ directory: String) throws(ArtifactError) {
    guard try SystemCall.status(directory) == nil else { return }
    if let slash = directory.lastIndex(of: "/"), slash != directory.startIndex {
      try make(String(directory[..<slash]))
    }
    guard mkdir(directory, 0o755) != 0, errno != EEXIST else { return }
    throw .system(call: "mkdir", path: directory, code: errno)
  }
}
