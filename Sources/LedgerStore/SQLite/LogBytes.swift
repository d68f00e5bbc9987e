import CSQLite

/// The bytes of a connection's write-ahead log, reached through SQLite's own file: whatever is
/// beneath SQLite, a real disk or a simulated one, is beneath this as well.
///
/// Source: the file format of the log, https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
struct LogBytes {
  private static let headerBytes = 32
  private static let frameHeaderBytes = 24
  /// What SQLite's files read and write at once; they cut what is longer.
  private static let bytesAtOnceMax = 131_071

  private let file: UnsafeMutablePointer<sqlite3_file>
  private let methods: sqlite3_io_methods
  private let path: String

  /// - Precondition: the connection is in WAL mode and has read the database.
  init(of connection: Connection) throws(LedgerError) {
    path = connection.path
    var opened: UnsafeMutablePointer<sqlite3_file>?
    let code = sqlite3_file_control(
      connection.handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &opened)
    guard code == SQLITE_OK else { throw connection.lastError() }
    guard let opened, let methods = opened.pointee.pMethods else {
      preconditionFailure("\(connection.path) has no open log")
    }
    file = opened
    self.methods = methods.pointee
  }

  /// Writes every frame again where it stands, and syncs them. Needs the writer's lock.
  ///
  /// A sync alone proves nothing of what an earlier one failed to write: Linux takes those pages
  /// for clean, shows them to every reader, and loses them with the power. Writing them makes them
  /// dirty again.
  ///
  /// Commit point: none. The bytes are the same, so readers see no change, and a crash anywhere
  /// leaves of each sector what was durable before or what is durable after.
  ///
  /// - Throws: ``LedgerError/database(path:code:message:)``; nothing that was durable is lost.
  func makeDurable() throws(LedgerError) {
    let header = try read(Self.headerBytes, at: 0)
    if let frameBytes = Self.frameBytes(header) {
      try write(header[...], at: 0)
      try rewriteFrames(of: frameBytes, salt: header[16..<24])
    }
    try check(methods.xSync(file, SQLITE_SYNC_NORMAL))
  }

  /// Up to the first frame of an older log, which this one has not yet written over.
  private func rewriteFrames(of frameBytes: Int, salt: ArraySlice<UInt8>) throws(LedgerError) {
    let framesAtOnce = Self.bytesAtOnceMax / frameBytes
    var offset = Self.headerBytes
    while true {
      let read = try read(framesAtOnce * frameBytes, at: offset)
      let frames = read.count / frameBytes
      let current = (0..<frames).prefix { read[($0 * frameBytes + 8)...].starts(with: salt) }
      try write(read[..<(current.count * frameBytes)], at: offset)
      guard current.count == framesAtOnce else { return }
      offset += read.count
    }
  }

  /// Bytes of a frame with its header; nil for what is no log: nothing in it counts then.
  private static func frameBytes(_ header: [UInt8]) -> Int? {
    guard header.count == headerBytes else { return nil }
    let page = header[8..<12].reduce(0) { $0 << 8 | Int($1) }
    guard (512...65_536).contains(page), page.nonzeroBitCount == 1 else { return nil }
    return frameHeaderBytes + page
  }

  /// Up to `count` bytes; fewer at the end of the log.
  private func read(_ count: Int, at offset: Int) throws(LedgerError) -> [UInt8] {
    var size: sqlite3_int64 = 0
    try check(methods.xFileSize(file, &size))
    let there = max(0, min(count, Int(size) - offset))
    var bytes = [UInt8](repeating: 0, count: there)
    if there > 0 { try check(methods.xRead(file, &bytes, Int32(there), sqlite3_int64(offset))) }
    return bytes
  }

  private func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(LedgerError) {
    guard !bytes.isEmpty else { return }
    let code = bytes.withUnsafeBytes {
      methods.xWrite(file, $0.baseAddress, Int32($0.count), sqlite3_int64(offset))
    }
    try check(code)
  }

  private func check(_ code: Int32) throws(LedgerError) {
    guard code == SQLITE_OK else {
      throw LedgerError(
        sqlite: code, path: path, message: String(cString: sqlite3_errstr(code)))
    }
  }
}
