import CSQLite
import Synchronization
import Testing

@testable import Simulation

/// What the simulated disk keeps and loses, asked without a ledger.
@Suite struct SimulatedDiskTests {
  private static let directory = "/simulated-disk-tests"
  private static let count = Mutex(0)
  private let path: String
  private let disk: SimulatedDisk

  init() throws {
    // A directory of each test's own: they run at the same time.
    let number = Self.count.withLock { count in
      count += 1
      return count
    }
    let own = Self.directory + "/\(number)"
    path = own + "/file"
    disk = try SimulatedDisk(directory: own, seed: 7, image: nil)
  }

  @Test func `what was synced outlives any power failure`() {
    for round in 0..<50 {
      disk.write([UInt8](repeating: UInt8(round), count: 3_000), to: path, at: 100)
      disk.sync(path)
      disk.write([UInt8](repeating: 0xFF, count: 2_000), to: path, at: 4_096)
      disk.powerOff()

      let kept = disk.read(path, count: 3_100)
      #expect(kept?.dropFirst(100) == ArraySlice([UInt8](repeating: UInt8(round), count: 3_000)))
    }
  }

  @Test func `of what was not synced any part may be left, by sectors`() {
    var states: Set<[UInt8]> = []
    for _ in 0..<60 {
      disk.write([UInt8](repeating: 1, count: 2_048), to: path, at: 0)
      disk.sync(path)
      disk.write([UInt8](repeating: 2, count: 2_048), to: path, at: 0)
      disk.powerOff()
      let sectors = stride(from: 0, to: 2_048, by: 512).map {
        Set(disk.read(path, count: 2_048)?[$0..<$0 + 512] ?? [])
      }
      #expect(sectors.allSatisfy { $0.count == 1 }, "a sector is written whole or not at all")
      states.insert(sectors.compactMap(\.first))
    }

    #expect(states.contains([1, 1, 1, 1]))
    #expect(states.contains([2, 2, 2, 2]))
    #expect(states.count > 4)
  }

  @Test func `a file that was never synced may be gone`() {
    var isThere: Set<Bool> = []
    for round in 0..<20 {
      disk.write([1], to: path + "\(round)", at: 0)
      disk.powerOff()
      isThere.insert(disk.read(path + "\(round)", count: 1) != nil)
    }

    #expect(isThere == [true, false])
  }

  @Test func `what a failed sync forgets is read until the power goes, and never durable`() {
    var isLost = false
    for _ in 0..<20 {
      disk.write([1, 1], to: path, at: 0)
      disk.sync(path)
      disk.write([2, 2], to: path, at: 0)
      disk.forget(path)
      disk.sync(path)
      #expect(disk.read(path, count: 2) == [2, 2])
      disk.powerOff()
      isLost = isLost || disk.read(path, count: 2) == [1, 1]
    }

    #expect(isLost)
  }

  @Test func `an image puts files back, and takes away those that it does not have`() {
    disk.write([1, 2, 3], to: path, at: 0)
    let image = disk.image()
    disk.write([9], to: path, at: 1)
    disk.write([4], to: path + "-new", at: 0)

    disk.restore(image, filesEndingIn: "")

    #expect(disk.read(path, count: 9) == [1, 2, 3])
    #expect(disk.read(path + "-new", count: 9) == nil)
    disk.powerOff()
    #expect(disk.read(path, count: 9) == [1, 2, 3])
    disk.remove(filesEndingIn: "/file")
    #expect(disk.read(path, count: 9) == nil)
  }

  @Test func `SQLite keeps what it has committed, and a killed process keeps nobody out`() throws {
    disk.setProcess(1)
    let first = try open()
    try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)", first)
    try execute("INSERT INTO t VALUES (1); BEGIN IMMEDIATE; INSERT INTO t VALUES (2)", first)
    disk.setProcess(2)
    let second = try open()
    #expect(sqlite3_exec(second, "INSERT INTO t VALUES (3)", nil, nil, nil) == SQLITE_BUSY)

    disk.kill(1)
    sqlite3_close_v2(first)
    disk.bury()
    try execute("INSERT INTO t VALUES (4)", second)
    disk.powerOff()
    sqlite3_close_v2(second)

    let third = try open()
    #expect(try text("SELECT group_concat(x) FROM t", third) == "1,4")
    #expect(try text("PRAGMA integrity_check", third) == "ok")
    sqlite3_close_v2(third)
  }

  @Test func `a full disk is SQLite's error and a lie is none`() throws {
    let connection = try open()
    try execute("PRAGMA journal_mode = WAL; CREATE TABLE t (x)", connection)
    disk.decide = { _ in .full }
    #expect(sqlite3_exec(connection, "INSERT INTO t VALUES (1)", nil, nil, nil) == SQLITE_FULL)
    disk.decide = { _ in .lied }
    #expect(sqlite3_exec(connection, "SELECT * FROM t", nil, nil, nil) == SQLITE_OK)
    sqlite3_close_v2(connection)
  }

  private func open() throws -> OpaquePointer {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    #expect(sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK)
    return try #require(handle)
  }

  private func execute(_ sql: String, _ handle: OpaquePointer) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    #expect(code == SQLITE_OK, "\(sql): \(String(cString: sqlite3_errmsg(handle)))")
  }

  private func text(_ sql: String, _ handle: OpaquePointer) throws -> String {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    #expect(sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK)
    #expect(sqlite3_step(statement) == SQLITE_ROW)
    return String(cString: sqlite3_column_text(statement, 0))
  }
}
