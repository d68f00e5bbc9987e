// Appends to a ledger until it is killed, and writes of each acknowledged entry where it stands and
// what it is: `POSITION ENTRY`, one line each.
//
//     ledger-appender DIRECTORY WRITER [--hold]
//
// WRITER is the environment that its entries are about. With --hold it stops in the middle of its
// first append, writer's lock in hand, and writes the number of a child process that lives on.

import Foundation
import LedgerStore

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { exit(64) }
do {
  let observer: any WriteObserver =
    arguments.contains("--hold") ? HoldingWriter() : UnobservedWrites()
  let writer = try Writer(arguments[2], directory: arguments[1], observer: observer)
  while true { say(try writer.append()) }
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(70)
}
