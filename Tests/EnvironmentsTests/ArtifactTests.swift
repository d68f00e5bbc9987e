import CanonicalJSON
import Events
import Foundation
import Testing

@testable import Environments

/// Measuring, keeping and refusing what is deployed.
@Suite struct ArtifactTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func `a directory's digest is what a second implementation computes`() async throws {
    try makeTree()

    let artifact = try Artifact.measured(at: "\(scratch.path)/tree")

    let expected = try await python(
      ["\(Sources.fixtures)/directory_digest.py", "\(scratch.path)/tree"])
    #expect("\(artifact.digest.sha256.hex)\n" == expected)
    #expect(artifact.kind == .directory)
    #expect(artifact.sizeBytes == 300_000 + 5 + 3 + 4)
  }

  @Test func `random trees have the digest that a second implementation computes`()
    async throws
  {
    var random = Seeded(seed: 5)
    for tree in 0..<5 {
      let names = ["a", "a-b", "a.b", "Z", "é", "e\u{301}", "🪨", "a b", "new\nline"]
      try FileManager.default.createDirectory(
        atPath: "\(scratch.path)/\(tree)", withIntermediateDirectories: true)
      for _ in 0..<12 {
        let depth = Int.random(in: 1...3, using: &random)
        let path = (0..<depth).map { _ in names.randomElement(using: &random) ?? "a" }
          .enumerated().map { $0.offset == depth - 1 ? "\($0.element).f" : $0.element }
          .joined(separator: "/")
        try scratch.write(
          String(repeating: "x", count: Int.random(in: 0...9, using: &random)),
          to: "\(tree)/\(path)", executable: Bool.random(using: &random))
      }

      let artifact = try Artifact.measured(at: "\(scratch.path)/\(tree)")

      let expected = try await python(
        ["\(Sources.fixtures)/directory_digest.py", "\(scratch.path)/\(tree)"])
      #expect("\(artifact.digest.sha256.hex)\n" == expected)
    }
  }

  @Test func `the worked example of the manifest is its digest`() throws {
    try scratch.write("hi\n", to: "tree/bin/run", executable: true)
    try scratch.link("tree/run", to: "bin/run")
    let manifest =
      "stele/directory/v1\nd bin\0"
      + "f x 3 98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4 bin/run\0"
      + "l run\0bin/run\0"

    let artifact = try Artifact.measured(at: "\(scratch.path)/tree")

    #expect(artifact.digest == ContentDigest(hashing: Array(manifest.utf8)))
  }

  @Test func `names, contents, the execute bit, links and empty directories all count`() throws {
    let changes: [(Scratch) throws -> Void] = [
      { try $0.write("beta!", to: "tree/b.txt") },
      { try $0.write("", to: "tree/new") },
      { try $0.write("beta", to: "tree/b.txt", executable: true) },
      { try FileManager.default.removeItem(atPath: "\($0.path)/tree/empty") },
      {
        try FileManager.default.removeItem(atPath: "\($0.path)/tree/link")
        try $0.link("tree/link", to: "sub")
      },
      {
        try FileManager.default.moveItem(
          atPath: "\($0.path)/tree/b.txt", toPath: "\($0.path)/tree/c.txt")
      },
    ]
    try makeTree()
    let digest = try Artifact.measured(at: "\(scratch.path)/tree").digest
    var seen: Set<ContentDigest> = [digest]
    for change in changes {
      let other = try Scratch()
      try FileManager.default.copyItem(
        atPath: "\(scratch.path)/tree", toPath: "\(other.path)/tree")
      #expect(try Artifact.measured(at: "\(other.path)/tree").digest == digest)

      try change(other)

      #expect(seen.insert(try Artifact.measured(at: "\(other.path)/tree").digest).inserted)
    }
  }

  @Test func `times and other permissions do not count`() throws {
    try makeTree()
    let digest = try Artifact.measured(at: "\(scratch.path)/tree").digest

    try FileManager.default.setAttributes(
      [.posixPermissions: 0o444, .modificationDate: Date(timeIntervalSince1970: 0)],
      ofItemAtPath: "\(scratch.path)/tree/b.txt")

    #expect(try Artifact.measured(at: "\(scratch.path)/tree").digest == digest)
  }

  @Test func `a file's digest is that of its bytes`() throws {
    let file = try scratch.write("abc", to: "file")

    let artifact = try Artifact.measured(at: file)

    // FIPS 180-4's example.
    #expect(
      artifact.digest.description == "sha256:"
        + "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(artifact.kind == .file)
    #expect(artifact.sizeBytes == 3)
  }

  @Test func `a link to an artifact is followed`() throws {
    try scratch.write("abc", to: "file")
    try scratch.link("current", to: "file")

    #expect(
      try Artifact.measured(at: "\(scratch.path)/current")
        == Artifact.measured(at: "\(scratch.path)/file"))
  }

  @Test(arguments: [
    ("/etc/passwd", false), ("../outside", false), ("sub/../../outside", false),
    ("../tree/b.txt", false), ("nowhere", true), ("b.txt/x", true), ("loop", true),
    ("sub/up/../..", false), ("absolute/x", false), ("..//\u{301}x", false), ("loop/x", true),
    ("/\u{301}", false),
  ])
  func `a link that leads out or nowhere is refused`(target: String, dangles: Bool) throws {
    try makeTree()
    try scratch.link("tree/sub/up", to: "..")
    try scratch.write("", to: "outside")
    if target == "absolute/x" {
      // The walk meets the other link first or passes through it; both lead out.
      try scratch.link("tree/absolute", to: "/tmp")
    }
    try scratch.link("tree/loop", to: target)

    let error = #expect(throws: ArtifactError.self) {
      try Artifact.measured(at: "\(scratch.path)/tree")
    }

    switch error {
    case .linkDangles(path: "loop", target: target)?: #expect(dangles)
    case .linkEscapes(path: "loop", target: target)?: #expect(!dangles)
    case .linkEscapes(path: "absolute", target: "/tmp")?: #expect(target == "absolute/x")
    default: Issue.record("\(String(describing: error))")
    }
  }

  @Test(arguments: ["sub/deep", "./sub/./deep", "sub/up/sub", "sub/up/b.txt", "sub/up", "."])
  func `a link that stays inside is kept as it is written`(target: String) throws {
    try makeTree()
    try scratch.link("tree/sub/up", to: "..")
    try scratch.link("tree/other", to: target)

    #expect(throws: Never.self) { try Artifact.measured(at: "\(scratch.path)/tree") }
  }

  @Test func `pipes, sockets and devices are refused`() async throws {
    try makeTree()
    #expect(mkfifo("\(scratch.path)/tree/pipe", 0o600) == 0)

    #expect(throws: ArtifactError.unsupported(path: "pipe", kind: "pipe")) {
      try Artifact.measured(at: "\(scratch.path)/tree")
    }
    #expect(throws: ArtifactError.unsupported(path: "/dev/null", kind: "device")) {
      try Artifact.measured(at: "/dev/null")
    }
    let socket = "\(scratch.path)/socket"
    _ = try await python([
      "-c", "import socket,sys;socket.socket(socket.AF_UNIX).bind(sys.argv[1])", socket,
    ])
    #expect(throws: ArtifactError.self) { try Artifact.measured(at: socket) }
    #expect(throws: ArtifactError.unsupported(path: "socket", kind: "socket")) {
      _ = try TreeScan.kind(of: socket, named: "socket")
    }
  }

  @Test func `nothing, and a name that is not UTF-8, are refused`() async throws {
    let missing = "\(scratch.path)/missing"
    #expect(throws: ArtifactError.missing(path: missing)) { try Artifact.measured(at: missing) }

    try makeTree()
    _ = try await python([
      "-c", "import sys;open(sys.argv[1].encode()+b'/\\xff','w')", "\(scratch.path)/tree",
    ])
    #expect(throws: ArtifactError.nameNotUTF8(path: "\(scratch.path)/tree/\u{FFFD}")) {
      try SystemCall.names(in: "\(scratch.path)/tree")
    }
  }

  @Test func `a file that poses as a directory's manifest is refused`() throws {
    let file = try scratch.write("stele/directory/v1\nd bin\0", to: "file")
    try scratch.write("stele/directory/v1\n", to: "tree/inside")

    let real = try #require(realpath(file, nil))
    defer { free(real) }
    #expect(throws: ArtifactError.disguised(path: String(cString: real))) {
      try Artifact.measured(at: file)
    }
    #expect(throws: Never.self) { try Artifact.measured(at: "\(scratch.path)/tree") }
  }

  func makeTree() throws {
    try scratch.write(String(repeating: "0123456789", count: 30_000), to: "tree/a-large")
    try scratch.write("alpha", to: "tree/a/x", executable: true)
    try scratch.write("deep", to: "tree/sub/deep")
    try scratch.write("bet", to: "tree/b.txt")
    try scratch.link("tree/link", to: "sub/deep")
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/tree/empty", withIntermediateDirectories: true)
  }
}
