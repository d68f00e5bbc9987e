import Foundation

/// This program as another process, at work on a ledger.
struct BenchProcess {
  let process = Process()

  init(arguments: [String], of ledger: BenchLedger) {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    process.environment = ledger.variables
    process.currentDirectoryURL = URL(fileURLWithPath: ledger.root)
  }
}
