/// All processes of the machine that this user may look at.
enum ProcessTable {
  static var pids: [Int32] { Files.names(in: "/proc").compactMap(Int32.init) }

  /// The processes started with this variable in their environment, in the order of their numbers.
  ///
  /// What a process does to its environment later does not show, nor what it gives a program it
  /// turns into after clearing it.
  static func processes(with name: String, of value: String) -> [Int32] {
    let wanted = Array("\(name)=\(value)".utf8)
    return pids.filter { pid in
      guard let bytes = try? Files.read("/proc/\(pid)/environ") else { return false }
      return bytes.split(separator: 0).contains { $0.elementsEqual(wanted) }
    }.sorted()
  }

  /// The same machine since its last start: process numbers and start times mean nothing after it.
  static var boot: String {
    let bytes = (try? Files.read("/proc/sys/kernel/random/boot_id")) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
      ?? "unknown"
  }
}
