import Cryptography
import Foundation
import Glibc
import Testing

/// Private keys on disk: the owner's alone, or not used.
@Suite struct KeyFileTests {
  let scratch: ScratchFolder
  let key = SigningKey.generate()

  init() throws { scratch = try ScratchFolder() }

  @Test func `a key that was written is read again`() throws {
    let path = scratch.path("key.pem")

    try KeyFile.write(key, to: path)

    #expect(try KeyFile.read(path).publicKey == key.publicKey)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func `a key without a folder in its path goes to the working directory`() throws {
    let name = "\(UUID().uuidString).pem"
    defer { unlink(name) }

    try KeyFile.write(key, to: name)

    #expect(try KeyFile.read(name).publicKey == key.publicKey)
  }

  @Test(arguments: [0o400, 0o640, 0o604, 0o644, 0o660, 0o666, 0o700, 0o777, 0o000, 0o4600])
  func `any mode but 0600 is refused, and the error says how to mend it`(mode: Int) throws {
    let path = try scratch.file("key.pem", key.pem, mode: mode)
    // A user who is not root cannot even open what nobody may read.
    let isOpen = mode != 0 || geteuid() == 0
    let expected: KeyFileError =
      isOpen ? .exposed(path: path, mode: UInt32(mode)) : .cannotRead(path: path, errno: EACCES)

    #expect(throws: expected) { try KeyFile.read(path) }
    let words = "\(KeyFileError.exposed(path: path, mode: UInt32(mode)))"
    #expect(words.contains(path))
    #expect(words.contains("0\(String(mode, radix: 8)),"))
    #expect(words.contains("`chmod 600 \(path)`"))
  }

  @Test func `a file that is not there is named`() {
    let path = scratch.path("none.pem")
    let expected = KeyFileError.cannotRead(path: path, errno: ENOENT)

    #expect(throws: expected) { try KeyFile.read(path) }
    #expect("\(expected)".contains("does not exist"))
  }

  @Test func `a link is not followed`() throws {
    let path = try scratch.file("key.pem", key.pem)
    let link = scratch.path("link.pem")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    let expected = KeyFileError.cannotRead(path: link, errno: ELOOP)

    #expect(throws: expected) { try KeyFile.read(link) }
    #expect("\(expected)".contains("symbolic links"))
  }

  @Test func `a folder or a pipe is not a key`() throws {
    let folder = scratch.path("folder")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let pipe = scratch.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)

    #expect(throws: KeyFileError.notAFile(path: folder)) { try KeyFile.read(folder) }
    #expect(throws: KeyFileError.notAFile(path: pipe)) { try KeyFile.read(pipe) }
  }

  @Test func `somebody else's file is refused`() throws {
    // Only root can give a file away; for everybody else the system's own files are foreign.
    var path = "/etc/passwd"
    var owner: UInt32 = 0
    if geteuid() == 0 {
      path = try scratch.file("key.pem", key.pem)
      owner = 12_345
      #expect(chown(path, owner, 0) == 0)
    }
    let expected = KeyFileError.foreign(path: path, owner: owner, user: geteuid())

    #expect(throws: expected) { try KeyFile.read(path) }
    #expect("\(expected)".contains("belongs to user \(owner)"))
  }

  @Test func `what is larger than any key is not read`() throws {
    let path = try scratch.file("key.pem", String(repeating: "x", count: 16_385))

    #expect(throws: KeyFileError.tooLarge(path: path, byteCount: 16_385)) {
      try KeyFile.read(path)
    }
    let most = try scratch.file("most.pem", String(repeating: "x", count: 16_384))
    #expect(throws: KeyFileError.notAKey(path: most, .notAPrivateKeyPEM)) {
      try KeyFile.read(most)
    }
  }

  @Test func `an existing file is left as it is`() throws {
    let path = try scratch.file("key.pem", "something else")

    #expect(throws: KeyFileError.exists(path: path)) { try KeyFile.write(key, to: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "something else")
  }

  @Test func `a folder that is not there is named`() {
    let path = scratch.path("none/key.pem")

    #expect(throws: KeyFileError.cannotWrite(path: path, errno: ENOENT)) {
      try KeyFile.write(key, to: path)
    }
  }

  @Test func `no error shows the key`() throws {
    let pem = key.pem
    let secret = pem.split(separator: "\n")[1]
    let errors: [KeyFileError] = [
      .cannotRead(path: "p", errno: EACCES), .notAFile(path: "p"),
      .foreign(path: "p", owner: 1, user: 2), .exposed(path: "p", mode: 0o644),
      .tooLarge(path: "p", byteCount: 9), .notAKey(path: "p", .notEd25519), .exists(path: "p"),
      .cannotWrite(path: "p", errno: ENOSPC),
    ]

    for error in errors {
      #expect("\(error)".contains("p"))
      #expect("\(error)".contains("No key was"))
      #expect(!"\(error)".contains(secret))
    }
  }
}
