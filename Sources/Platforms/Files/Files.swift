import CLinux
import Glibc

/// The few things done with files here, each ending in an error value or on the disk.
enum Files {
  static func read(_ path: String) throws(SystemError) -> [UInt8] {
    try Descriptor.open(path, O_RDONLY).readAll()
  }

  /// Replaces a file by another content, whole or not at all, whatever happens meanwhile.
  ///
  /// The commit point is the rename: before it the old content stands, after it the new one does,
  /// and the synchronized directory keeps it so when the machine stops.
  static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    let draft = "\(path).new"
    let file = try Descriptor.open(draft, O_WRONLY | O_CREAT | O_TRUNC)
    do throws(SystemError) {
      try file.writeAll(bytes)
      try file.synchronize()
      guard rename(draft, path) == 0 else { throw .last }
    } catch {
      unlink(draft)  // On a full disk it would take room from the next attempt.
      throw error
    }
    try Descriptor.open(parent(of: path), O_RDONLY | O_DIRECTORY).synchronize()
  }

  /// Makes a directory that only its owner may enter, and those above it, where they are missing.
  static func makeDirectory(_ path: String) throws(SystemError) {
    if mkdir(path, 0o700) == 0 || isDirectory(path) { return }
    let error = SystemError.last
    guard error.code == ENOENT, parent(of: path) != path else { throw error }
    try makeDirectory(parent(of: path))
    guard mkdir(path, 0o700) == 0 || isDirectory(path) else { throw .last }
  }

  /// Makes an empty file in memory that no directory has: it goes with its descriptor, however this
  /// process ends.
  static func makeUnnamed() throws(SystemError) -> Descriptor {
    let number = clinux_unnamed_file("stele")
    guard number >= 0 else { throw .last }
    return Descriptor(owning: number)
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
