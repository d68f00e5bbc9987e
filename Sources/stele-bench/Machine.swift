import CSQLite
import Foundation

/// Where the figures were taken, without which they say little.
struct Machine: Encodable {
  let processor: String
  let cores: Int
  let memoryMiB: Int
  let system: String
  let swift: String
  let sqlite: String

  static func current() -> Machine {
    let process = ProcessInfo.processInfo
    return Machine(
      processor: value(of: "model name", in: "/proc/cpuinfo") ?? "unknown",
      cores: process.activeProcessorCount,
      memoryMiB: Int(process.physicalMemory >> 20),
      system: value(of: "PRETTY_NAME", in: "/etc/os-release")
        ?? process.operatingSystemVersionString,
      swift: compiler, sqlite: String(cString: sqlite3_libversion()))
  }

  var text: String {
    "\(processor), \(cores) cores, \(memoryMiB) MiB; \(system); Swift \(swift), SQLite \(sqlite)"
  }

  /// Programs that wanted a core, on average over the last minute: other work on a shared machine.
  static func load() -> Double {
    var averages = [Double](repeating: 0, count: 1)
    return getloadavg(&averages, 1) == 1 ? averages[0] : .nan
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2 or older"
    #endif
  }

  /// What stands after the first `name` and its `:` or `=` in a file of such lines.
  private static func value(of name: String, in path: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let mark = line.firstIndex(where: { $0 == ":" || $0 == "=" })
    else { return nil }
    return line[line.index(after: mark)...].trimmingCharacters(
      in: CharacterSet(charactersIn: "\" "))
  }
}
