import Foundation

/// Lists what is in a directory, and refuses what an artifact cannot be.
enum TreeScan {
  /// At most this many files, directories and links in one artifact.
  static let entryCountMax = 200_000

  /// - Parameter root: A directory; a link at its own place was followed by the caller.
  /// - Returns: All entries below `root`, ascending by the bytes of their paths.
  static func entries(of root: String) throws(ArtifactError) -> [TreeEntry] {
    var entries: [TreeEntry] = []
    var pending = [""]
    while let directory = pending.popLast() {
      for name in try SystemCall.names(in: join(root, directory)) {
        let path = join(directory, name)
        let entry = TreeEntry(path: path, kind: try kind(of: join(root, path), named: path))
        if entry.kind == .directory { pending.append(path) }
        entries.append(entry)
        guard entries.count <= entryCountMax else {
          throw .tooManyEntries(path: root, limit: entryCountMax)
        }
      }
    }
    let sorted = entries.sortedByPath
    try sorted.checkLinks()
    return sorted
  }

  /// - Parameters:
  ///   - file: Where it is.
  ///   - path: What it is called in an error.
  static func kind(of file: String, named path: String) throws(ArtifactError) -> TreeEntry.Kind {
    guard let status = try SystemCall.status(file) else { throw .missing(path: path) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory
    case S_IFREG:
      return .file(sizeBytes: Int(status.st_size), isExecutable: status.st_mode & S_IXUSR != 0)
    case S_IFLNK: return .link(target: try SystemCall.target(ofLink: file))
    case S_IFSOCK: throw .unsupported(path: path, kind: "socket")
    case S_IFIFO: throw .unsupported(path: path, kind: "pipe")
    case S_IFCHR, S_IFBLK: throw .unsupported(path: path, kind: "device")
    default: throw .unsupported(path: path, kind: "thing of an unknown kind")
    }
  }

  static func join(_ directory: String, _ name: String) -> String {
    if directory.isEmpty { return name }
    return name.isEmpty ? directory : "\(directory)/\(name)"
  }
}
