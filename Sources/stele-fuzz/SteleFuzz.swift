import Foundation
import Fuzzing

/// Feeds one parser: `stele-fuzz PARSER FILE…` the files, each once.
///
/// Built by `tools/fuzz.py` it is libFuzzer with the parser before its options:
/// `stele-fuzz PARSER [-max_total_time=30 …] CORPUS…`. What breaks a promise ends the process, as a
/// crash does.
enum Feeding {
  nonisolated(unsafe) private static var parser = Parser.json
  // Set once, before the first input: libFuzzer's calls carry nothing of ours.

  static func choose(_ name: String?) {
    guard let parser = name.flatMap(Parser.init(rawValue:)) else {
      say("stele-fuzz PARSER …, one of: \(Parser.allCases.map(\.rawValue))")
      exit(64)
    }
    self.parser = parser
  }

  static func feed(_ input: [UInt8]) {
    do { try parser.check(input) } catch { preconditionFailure("\(parser.rawValue): \(error)") }
  }

  static func say(_ words: String) {
    FileHandle.standardError.write(Data("\(words)\n".utf8))
  }
}

#if LIBFUZZER
  /// What libFuzzer's main calls first: takes the parser's name from the arguments.
  @_cdecl("LLVMFuzzerInitialize")
  func begin(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
  ) -> Int32 {
    Feeding.choose(count.pointee > 1 ? arguments.pointee[1].map { String(cString: $0) } : nil)
    arguments.pointee[1] = arguments.pointee[0]
    arguments.pointee += 1
    count.pointee -= 1
    return 0
  }

  /// What it calls for each input.
  @_cdecl("LLVMFuzzerTestOneInput")
  func feed(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Feeding.feed(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
#else
  @main
  struct SteleFuzz {
    static func main() {
      Feeding.choose(CommandLine.arguments.dropFirst().first)
      for path in CommandLine.arguments.dropFirst(2) {
        guard let input = FileManager.default.contents(atPath: path) else {
          Feeding.say("Nothing was fed: \(path) cannot be read.")
          exit(65)
        }
        Feeding.feed([UInt8](input))
      }
    }
  }
#endif
