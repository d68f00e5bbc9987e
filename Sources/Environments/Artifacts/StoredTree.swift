import Foundation

/// Permissions and removal of what the store holds.
enum StoredTree {
  /// Makes the names in every directory durable and takes its write permission; files were copied
  /// so that they have neither left to do.
  static func seal(_ root: String) throws(ArtifactError) {
    for directory in try directories(in: root).reversed() {
      try SystemCall.synchronize(directory: directory)
      try SystemCall.check("chmod", directory) { chmod(directory, 0o555) }
    }
  }

  /// Removes everything at `root`, directories without write permission included.
  static func remove(_ root: String) throws(ArtifactError) {
    guard try SystemCall.status(root) != nil else { return }
    for directory in try directories(in: root) {
      try SystemCall.check("chmod", directory) { chmod(directory, 0o700) }
    }
    do {
      try FileManager.default.removeItem(atPath: root)
    } catch {
      throw .system(call: "remove", path: root, code: errno)
    }
  }

  /// `root` and every directory below it, each before those in it; links are not followed.
  private static func directories(in root: String) throws(ArtifactError) -> [String] {
    var found: [String] = []
    var pending = [root]
    while let directory = pending.popLast() {
      found.append(directory)
      for name in try SystemCall.names(in: directory) {
        let path = "\(directory)/\(name)"
        if let status = try SystemCall.status(path), status.st_mode & S_IFMT == S_IFDIR {
          pending.append(path)
        }
      }
    }
    return found
  }
}
