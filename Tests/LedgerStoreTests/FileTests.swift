import Cryptography
import Events
import Foundation
import TestKit
import Testing

@testable import LedgerStore

/// Files: who may read them, who holds them, and what happens when they are exchanged.
@Suite struct FileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func `a secret is made once, for its owner only, and reads back`() throws {
    let path = directory.file("vault.key")
    let made = try SecretFile.create(path, random: SeededRandom())

    #expect(made.count == 32)
    #expect(try SecretFile.read(path) == made)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(throws: LedgerError.system(operation: "open", path: path, errno: EEXIST)) {
      try SecretFile.create(path, random: SeededRandom())
    }
  }

  @Test(arguments: [0o640, 0o604, 0o610, 0o660])
  func `a secret that others can read is not used`(mode: Int) throws {
    let path = directory.file("vault.key")
    try SecretFile.create(path, random: SeededRandom())
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)

    #expect(throws: LedgerError.modeTooOpen(path: path, mode: mode)) { try SecretFile.read(path) }
  }

  @Test(arguments: [0, 31, 33, 4_096])
  func `a secret has 32 bytes, and of another file it is said how many it has`(count: Int) throws {
    let path = directory.file("vault.key")
    let file = try FileDescriptor(path, O_RDWR | O_CREAT)
    try file.write(Array(repeating: 1, count: count), at: 0)

    #expect(throws: LedgerError.secretLength(path: path, bytes: count)) {
      try SecretFile.read(path)
    }
  }

  @Test func `a link or a directory is no secret, and neither is nothing`() throws {
    let path = directory.file("vault.key")
    #expect(throws: LedgerError.notFound(path: path)) { try SecretFile.read(path) }
    try SecretFile.create(directory.file("real"), random: SeededRandom())
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: directory.file("real"))
    #expect(throws: LedgerError.notOurs(path: path)) { try SecretFile.read(path) }
    #expect(throws: LedgerError.notOurs(path: directory.path)) {
      try SecretFile.read(directory.path)
    }
  }

  @Test func `a ledger is made where none is`() throws {
    let store = try TemporaryLedger()

    #expect(throws: LedgerError.exists(path: store.path + "/ledger.sqlite")) {
      try Ledger.create(directory: store.path)
    }
    let none = directory.file("none")
    #expect(throws: LedgerError.notFound(path: none + "/ledger.sqlite")) {
      try Ledger.open(directory: none)
    }
    #expect(throws: LedgerError.system(operation: "mkdir", path: none + "/a", errno: ENOENT)) {
      try Ledger.create(directory: none + "/a")
    }
    for file in ["ledger.sqlite", "vault.sqlite", "vault-keys.sqlite", "lock"] {
      let mode = try FileManager.default.attributesOfItem(atPath: store.path + "/" + file)
      #expect(mode[.posixPermissions] as? Int == 0o600, "\(file)")
    }
  }

  @Test(arguments: ["lock", "ledger.sqlite"])
  func `a file exchanged under a writer stops it`(name: String) throws {
    let store = try TemporaryLedger()
    let envelope = try store.envelope(.health(), by: [.service])
    let path = store.path + "/" + name
    try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
    try FileManager.default.copyItem(atPath: path + ".old", toPath: path)

    #expect(throws: LedgerError.fileReplaced(path: path)) { try store.ledger.append(envelope) }
  }

  @Test func `a lock that somebody holds for too long is given up with his path`() throws {
    let store = try TemporaryLedger()
    let lock = try WriterLock(LedgerDirectory(store.path), patienceMilliseconds: 20)
    let held = try FileDescriptor(store.path + "/lock", O_RDWR)
    #expect(flock(held.raw, LOCK_EX) == 0)

    #expect(throws: LedgerError.writerBusy(path: store.path + "/lock", milliseconds: 20)) {
      try lock.holding {}
    }
    flock(held.raw, LOCK_UN)
    #expect(try lock.holding { 7 } == 7)
  }

  @Test func `a lock is not inherited by a child`() throws {
    let file = try FileDescriptor(directory.file("x"), O_RDWR | O_CREAT)

    #expect(fcntl(file.raw, F_GETFD) & FD_CLOEXEC != 0)
  }

  @Test func `what the system refuses is told with operation, path and number`() throws {
    let path = directory.file("x")
    let file = try FileDescriptor(path, O_RDONLY | O_CREAT)

    #expect(throws: LedgerError.system(operation: "write", path: path, errno: EBADF)) {
      try file.write([1], at: 0)
    }
    let folder = try FileDescriptor(directory.path, O_RDONLY | O_DIRECTORY)
    #expect(throws: LedgerError.system(operation: "read", path: directory.path, errno: EISDIR)) {
      try folder.read(1, at: 0)
    }
    #expect(throws: LedgerError.self) {
      try TombstoneFile(path: directory.path).add(
        GoldenKey.deployer.owner, at: .earliest)
    }
  }

  @Test func `tombstones are read back, a torn last line is not`() throws {
    let file = TombstoneFile(path: directory.file("erased"))
    #expect(try file.subjects().isEmpty)
    try file.add(GoldenKey.deployer.owner, at: .earliest)
    try file.add(GoldenKey.approver.owner, at: .earliest)
    let torn = try FileDescriptor(file.path, O_RDWR)
    try torn.write(Array("01a2ce8b-d018-7b3f-".utf8), at: 130)

    #expect(try file.subjects() == [GoldenKey.deployer.owner, GoldenKey.approver.owner])
    // The erasure that did not get past its first step is not waited for.
    try file.add(GoldenKey.service.owner, at: .earliest)
    #expect(
      try file.subjects() == [
        GoldenKey.deployer.owner, GoldenKey.approver.owner, GoldenKey.service.owner,
      ])
    let text = try String(contentsOfFile: file.path, encoding: .utf8)
    #expect(
      text.hasPrefix("\(GoldenKey.deployer.owner) 1970-01-01T00:00:00.000000Z\n"))
  }

  @Test func `a tombstone that lacks only its end counts, and the next one comes after it`() throws
  {
    let file = TombstoneFile(path: directory.file("erased"))
    try file.add(GoldenKey.deployer.owner, at: .earliest)
    let written = try FileDescriptor(file.path, O_RDWR)
    try written.truncate(to: try written.byteCount() - 1)

    #expect(try file.subjects() == [GoldenKey.deployer.owner])
    try file.add(GoldenKey.approver.owner, at: .earliest)
    #expect(try file.subjects() == [GoldenKey.deployer.owner, GoldenKey.approver.owner])
  }

  @Test(arguments: ["x\n", "\n", "01a2ce8b-d018-7b3f 1970-01-01T00:00:00.000000Z\n"])
  func `a tombstone that cannot be read is not taken for nobody's`(line: String) throws {
    let file = TombstoneFile(path: directory.file("erased"))
    try file.add(GoldenKey.deployer.owner, at: .earliest)
    let written = try FileDescriptor(file.path, O_RDWR)
    try written.write(Array(line.utf8), at: try written.byteCount())

    #expect(throws: LedgerError.tombstoneInvalid(path: file.path, line: 2)) {
      try file.subjects()
    }
  }

  @Test func `the machine's clock runs in this century`() throws {
    let now = SystemTime().now()

    #expect(now > (try Timestamp(parsing: "2020-01-01T00:00:00.000000Z")))
    #expect(now < (try Timestamp(parsing: "2120-01-01T00:00:00.000000Z")))
    #expect(SystemTime().now() >= now)
  }
}
