import Glibc

/// What this machine has to give.
enum Machine {
  /// What can be used without swapping, by the kernel's own estimate: `MemAvailable` of proc(5).
  static var availableMemoryBytes: Int64? {
    guard let bytes = try? Files.read("/proc/meminfo") else { return nil }
    return availableMemoryBytes(in: String(decoding: bytes, as: UTF8.self))
  }

  static func availableMemoryBytes(in text: String) -> Int64? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let words = line?.split(separator: " ") ?? []
    guard words.count == 3, words[2] == "kB", let kibibytes = Int64(words[1]) else { return nil }
    return kibibytes * 1_024
  }

  /// Processors that this process may run on, in thousandths.
  static var milliCPU: Int64? {
    let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return count > 0 ? Int64(count) * 1_000 : nil
  }

  /// What this user may still write to the file system of a path that exists.
  static func freeBytes(at path: String) -> Int64? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Int64(status.f_bavail) * Int64(status.f_frsize)
  }
}
