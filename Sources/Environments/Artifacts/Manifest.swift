import CanonicalJSON
import Cryptography

/// The digest of a directory, version 1: the SHA-256 of a manifest of everything in it.
///
/// The manifest is these bytes, entries ascending by the UTF-8 bytes of their paths:
///
///     stele/directory/v1⏎
///     d PATH␀                          a directory, an empty one too
///     f x SIZE SHA256 PATH␀            a file that its owner may execute; `f -` for any other
///     l PATH␀TARGET␀                   a symbolic link
///
/// without line ends but the first; `PATH` is relative with `/` between names, `SIZE` decimal,
/// `SHA256` 64 lower-case hex digits, `TARGET` as written, `␀` one zero byte. The directory itself
/// has no entry. Owners, times and all other permissions do not count, so a checkout on another
/// machine has the same digest.
///
/// A single file's digest is the SHA-256 of its bytes, as `sha256sum` says it. A file that begins
/// with the manifest's first line is refused, so no file can be taken for a directory.
///
/// Checked against `Tests/EnvironmentsTests/Fixtures/directory_digest.py`.
struct Manifest {
  static let heading = Array("stele/directory/v1\n".utf8)

  private let hash = SHA256.Context()

  init() { hash.update(Self.heading) }

  /// - Parameter digest: Of the contents, for a file.
  func append(_ entry: TreeEntry, digest: Digest?) {
    switch entry.kind {
    case .directory:
      append("d \(entry.path)\0")
    case .file(let sizeBytes, let isExecutable):
      guard let digest else { preconditionFailure("\(entry.path) was not hashed") }
      append("f \(isExecutable ? "x" : "-") \(sizeBytes) \(digest.hex) \(entry.path)\0")
    case .link(let target):
      append("l \(entry.path)\0\(target)\0")
    }
  }

  func finish() -> Digest { Digest(bytes: hash.finish()) }

  private func append(_ text: String) { hash.update(Array(text.utf8)) }
}
