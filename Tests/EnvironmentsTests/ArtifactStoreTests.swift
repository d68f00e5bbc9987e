import CanonicalJSON
import Events
import Foundation
import Testing

@testable import Environments

/// The store of artifacts by digest.
@Suite struct ArtifactStoreTests {
  let scratch: Scratch
  let store: ArtifactStore

  init() throws {
    scratch = try Scratch()
    store = ArtifactStore(root: "\(scratch.path)/.stele/artifacts")
    try scratch.write("#!/bin/sh\necho hi\n", to: "tree/bin/run", executable: true)
    try scratch.write("data", to: "tree/data/one")
    try scratch.link("tree/current", to: "data/one")
  }

  @Test func `what is added is there, the same, and cannot be written`() throws {
    let artifact = try store.add("\(scratch.path)/tree")

    #expect(try store.contains(artifact.digest))
    #expect(try store.verify(artifact.digest) == artifact)
    #expect(try Artifact.measured(at: "\(scratch.path)/tree") == artifact)
    let path = store.path(of: artifact.digest)
    #expect(path.hasSuffix("/.stele/artifacts/sha256/\(artifact.digest.sha256.hex)/content"))
    #expect(try permissions("\(path)/bin/run") == 0o555)
    #expect(try permissions("\(path)/data/one") == 0o444)
    #expect(try permissions("\(path)/data") == 0o555)
    #expect(try permissions(path) == 0o555)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: "\(path)/current") == "data/one")
  }

  @Test func `a single file is kept executable under a fixed name`() throws {
    let artifact = try store.add(scratch.write("#!/bin/sh\n", to: "run"))

    #expect(artifact.kind == .file)
    #expect(try permissions(store.path(of: artifact.digest)) == 0o555)
    #expect(try store.verify(artifact.digest) == artifact)
  }

  @Test func `adding again changes nothing and verifies what is there`() throws {
    let first = try store.add("\(scratch.path)/tree")
    let before = try contents()

    #expect(try store.add("\(scratch.path)/tree") == first)
    #expect(try contents() == before)

    let file = "\(store.path(of: first.digest))/data/one"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    try scratch.write("DATA", to: String(file.dropFirst(scratch.path.count + 1)))
    let home = String(store.path(of: first.digest).dropLast("/content".count))
    let error = #expect(throws: ArtifactError.self) { try store.add("\(scratch.path)/tree") }
    guard case .damaged(home, first.digest, let actual)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(actual != first.digest)
    #expect(throws: ArtifactError.self) { try store.verify(first.digest) }
  }

  @Test func `what was never added is not there`() throws {
    let digest = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 1, count: 32)))

    #expect(try !store.contains(digest))
    #expect(throws: ArtifactError.missing(path: store.path(of: digest))) {
      try store.verify(digest)
    }
  }

  @Test func `what a crash left behind is removed by the next call`() throws {
    let first = try store.add("\(scratch.path)/tree")
    let directory = ".stele/artifacts/sha256"
    try scratch.write("half", to: "\(directory)/.incoming-aa/content/part")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o555],
      ofItemAtPath: "\(scratch.path)/\(directory)/.incoming-aa/content")

    let second = try store.add(scratch.write("two", to: "two"))

    #expect(
      try contents() == [".lock", first.digest.sha256.hex, second.digest.sha256.hex].sorted())
  }

  @Test func `an artifact that is refused leaves nothing behind`() throws {
    try scratch.link("tree/out", to: "/etc")

    #expect(throws: ArtifactError.linkEscapes(path: "out", target: "/etc")) {
      try store.add("\(scratch.path)/tree")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/.stele"))
  }

  @Test func `a copy that fails in the middle leaves nothing behind`() throws {
    // A regular file stands where the copy's directory must go, put there by no one but a test.
    let artifact = try Artifact.measured(at: "\(scratch.path)/tree")
    let home = ".stele/artifacts/sha256/\(artifact.digest.sha256.hex)"
    try scratch.write("", to: "\(home)/stray")

    let error = #expect(throws: ArtifactError.self) { try store.add("\(scratch.path)/tree") }

    guard case .system(call: "rename", _, let code)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(code == ENOTEMPTY)
    #expect(try contents() == [".lock", artifact.digest.sha256.hex])
  }

  @Test func `a store that cannot be made says which call failed`() throws {
    let file = try scratch.write("", to: "file")

    #expect(
      throws: ArtifactError.system(
        call: "mkdir", path: "\(file)/artifacts", code: ENOTDIR)
    ) { try ArtifactStore(root: "\(file)/artifacts").add("\(scratch.path)/tree") }
  }

  @Test func `a file that grows or shrinks while it is read is noticed`() throws {
    // The kernel's own files say they are empty and are not.
    let path = "/proc/\(getpid())/status"
    #expect(throws: ArtifactError.changed(path: path)) { try Artifact.measured(at: path) }
  }

  @Test func `many at once store each artifact once`() async throws {
    let store = store
    try await withThrowingTaskGroup(of: Artifact.self) { group in
      for index in 0..<12 {
        let file = try scratch.write("\(index % 3)", to: "file\(index)")
        group.addTask { try store.add(file) }
      }
      for try await artifact in group { #expect(try store.verify(artifact.digest) == artifact) }
    }

    #expect(try contents().filter { $0 != ".lock" }.count == 3)
  }

  @Test func `every error says what did not happen and what to do`() {
    let digest = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 1, count: 32)))
    let errors: [(ArtifactError, String)] = [
      (.missing(path: "p"), "No artifact was read: nothing is at p."),
      (.unsupported(path: "p", kind: "socket"), "p is a socket. Remove it"),
      (.linkEscapes(path: "p", target: "/etc"), "the link p leads to /etc, out of the artifact."),
      (.linkDangles(path: "p", target: "q"), "p leads to q, which is not there. Remove it."),
      (.nameNotUTF8(path: "p"), "the name of p is not UTF-8. Rename it."),
      (.tooManyEntries(path: "p", limit: 7), "p has more than 7 entries."),
      (.disguised(path: "p"), "p begins like a directory's manifest"),
      (.changed(path: "p"), "p changed while it was read."),
      (
        .damaged(path: "p", expected: digest, actual: digest),
        "p should be \(digest) and is \(digest).\nRemove it with `rm -rf p`"
      ),
      (
        .system(call: "open", path: "p", code: EACCES),
        "No artifact was stored: open of p failed: Permission denied."
      ),
    ]
    for (error, words) in errors { #expect("\(error)".contains(words)) }
  }

  private func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: "\(scratch.path)/.stele/artifacts/sha256"
    ).sorted()
  }

  private func permissions(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? NSNumber).intValue
  }
}
