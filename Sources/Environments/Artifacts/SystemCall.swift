import Foundation

/// File descriptors and directories with errors that carry the call, the path and `errno`.
enum SystemCall {
  static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// - Throws: ``ArtifactError/system(call:path:code:)`` if `call` answers less than 0.
  @discardableResult
  static func check(
    _ call: String, _ path: String, _ body: () -> Int32
  ) throws(ArtifactError) -> Int32 {
    while true {
      let result = body()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw .system(call: call, path: path, code: code) }
    }
  }

  /// What is at `path` itself, links not followed; nil if nothing is.
  static func status(_ path: String) throws(ArtifactError) -> stat? {
    var status = stat()
    guard lstat(path, &status) != 0 else { return status }
    let code = errno
    guard code == ENOENT || code == ENOTDIR else {
      throw .system(call: "lstat", path: path, code: code)
    }
    return nil
  }

  /// - Returns: Names in no order, without `.` and `..`.
  static func names(in directory: String) throws(ArtifactError) -> [String] {
    guard let stream = opendir(directory) else {
      throw .system(call: "opendir", path: directory, code: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        throw .nameNotUTF8(path: "\(directory)/\(String(decoding: bytes, as: UTF8.self))")
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// The link's target as written.
  static func target(ofLink path: String) throws(ArtifactError) -> String {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let length = bytes.withUnsafeMutableBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { readlink(path, $0, text.count) } ?? -1
      }
    }
    guard length >= 0 else { throw .system(call: "readlink", path: path, code: errno) }
    guard let target = String(validating: bytes.prefix(length), as: UTF8.self) else {
      throw .nameNotUTF8(path: path)
    }
    return target
  }

  /// Makes names made, renamed or removed in `directory` durable.
  static func synchronize(directory: String) throws(ArtifactError) {
    let file = try OpenFile(directory, O_RDONLY | O_DIRECTORY)
    try check("fsync", directory) { fsync(file.descriptor) }
  }
}

/// An open descriptor, closed with its owner; not inherited by programs that are started.
final class OpenFile {
  let descriptor: Int32
  let path: String

  init(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(ArtifactError) {
    self.path = path
    descriptor = try SystemCall.check("open", path) {
      open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
    }
  }

  deinit { close(descriptor) }

  /// Calls `body` with the rest of the file, at most 256 KiB at a time.
  func forEachPiece(
    _ body: (UnsafeRawBufferPointer) throws(ArtifactError) -> Void
  ) throws(ArtifactError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = Int(
        try SystemCall.check("read", path) {
          Int32(read(descriptor, buffer.baseAddress, buffer.count))
        })
      guard count > 0 else { return }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = Int(
        try SystemCall.check("write", path) {
          Int32(Foundation.write(descriptor, piece.baseAddress, piece.count))
        })
      rest = rest.dropFirst(count)
    }
  }
}
