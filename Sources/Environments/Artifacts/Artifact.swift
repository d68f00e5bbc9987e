import CanonicalJSON
import Cryptography
import Events
import Foundation

/// One component's bytes, by what they are.
package struct Artifact: Hashable, Sendable {
  /// Of the file's bytes, or of the directory's manifest; see ``Manifest``.
  package let digest: ContentDigest
  package let kind: Kind
  /// Of all files together.
  package let sizeBytes: Int

  package enum Kind: Hashable, Sendable {
    case file
    case directory
  }

  package init(digest: ContentDigest, kind: Kind, sizeBytes: Int) {
    self.digest = digest
    self.kind = kind
    self.sizeBytes = sizeBytes
  }
}

extension Artifact {
  /// Measures what is at `path`, reading every byte once, at most 256 KiB of them in memory.
  ///
  /// A link at `path` itself is followed.
  package static func measured(at path: String) throws(ArtifactError) -> Artifact {
    try ArtifactReading(at: path, into: nil).artifact
  }
}

/// Reads an artifact once: hashes it and, if wanted, copies it on the way.
struct ArtifactReading {
  let artifact: Artifact
  private let source: String
  private let copy: String?

  /// - Parameter copy: Where the copy goes; nothing may be there yet. Nil for none.
  init(at path: String, into copy: String?) throws(ArtifactError) {
    source = try Self.followed(path)
    self.copy = copy
    switch try TreeScan.kind(of: source, named: path) {
    case .directory:
      artifact = try Self.directory(source, into: copy)
    case .file(let sizeBytes, _):
      let digest = try Self.file(
        source, into: copy, sizeBytes: sizeBytes, isExecutable: true, isWhole: true)
      artifact = Artifact(digest: .init(sha256: digest), kind: .file, sizeBytes: sizeBytes)
    case .link(let target):
      throw .linkDangles(path: path, target: target)
    }
  }

  private static func followed(_ path: String) throws(ArtifactError) -> String {
    guard let resolved = realpath(path, nil) else { throw .missing(path: path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func directory(
    _ root: String, into copy: String?
  ) throws(ArtifactError) -> Artifact {
    let entries = try TreeScan.entries(of: root)
    let manifest = Manifest()
    var sizeBytes = 0
    if let copy { try SystemCall.check("mkdir", copy) { mkdir(copy, 0o700) } }
    for entry in entries {
      let target = copy.map { TreeScan.join($0, entry.path) }
      let digest = try read(entry, at: TreeScan.join(root, entry.path), into: target)
      if case .file(let size, _) = entry.kind { sizeBytes += size }
      manifest.append(entry, digest: digest)
    }
    return Artifact(
      digest: .init(sha256: manifest.finish()), kind: .directory, sizeBytes: sizeBytes)
  }

  /// - Returns: The contents' digest, for a file.
  private static func read(
    _ entry: TreeEntry, at path: String, into copy: String?
  ) throws(ArtifactError) -> Digest? {
    switch entry.kind {
    case .directory:
      if let copy { try SystemCall.check("mkdir", copy) { mkdir(copy, 0o700) } }
      return nil
    case .link(let target):
      if let copy { try SystemCall.check("symlink", copy) { symlink(target, copy) } }
      return nil
    case .file(let sizeBytes, let isExecutable):
      return try file(path, into: copy, sizeBytes: sizeBytes, isExecutable: isExecutable)
    }
  }

  private static func file(
    _ path: String, into copy: String?, sizeBytes: Int, isExecutable: Bool, isWhole: Bool = false
  ) throws(ArtifactError) -> Digest {
    let hash = SHA256.Context()
    let source = try OpenFile(path, O_RDONLY | O_NONBLOCK)
    var target: OpenFile?
    if let copy { target = try OpenFile(copy, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600) }
    var read = 0
    try source.forEachPiece { (piece) throws(ArtifactError) in
      if isWhole, read == 0, piece.starts(with: Manifest.heading) {
        throw ArtifactError.disguised(path: path)
      }
      read += piece.count
      hash.update(piece)
      try target?.write(piece)
    }
    guard read == sizeBytes else { throw .changed(path: path) }
    if let target {
      try SystemCall.check("fchmod", target.path) {
        fchmod(target.descriptor, isExecutable ? 0o555 : 0o444)
      }
      try SystemCall.check("fsync", target.path) { fsync(target.descriptor) }
    }
    return Digest(bytes: hash.finish())
  }
}
