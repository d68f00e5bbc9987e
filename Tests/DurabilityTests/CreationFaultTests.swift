import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Making a ledger is running its migrations: every operation of it fails once.
@Suite struct CreationFaultTests {
  let faulty: FaultyLedger

  init() throws { faulty = try FaultyLedger() }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `a ledger whose making failed anywhere is not there, and is made again`(
    fault: FaultyDisk.Fault
  ) throws {
    let genesis = try faulty.genesis()
    let path = faulty.disk.directory.file("made")
    var failed = 0
    for number in 0... {
      faulty.disk.arm(fault, at: number)
      let outcome = Result { try faulty.create(path) }
      let struck = faulty.disk.struck
      faulty.disk.lift()
      guard let struck else { break }
      if case .failure(let error) = outcome {
        failed += 1
        #expect(error is LedgerError, "\(struck) at \(number): \(error)")
        // All three files were made before the opening that follows: it alone leaves them.
        let files = try FileManager.default.contentsOfDirectory(atPath: path)
        if files.isEmpty { try faulty.create(path) }
      }
      #expect(throws: Never.self, "\(struck) at \(number): \(outcome)") {
        try faulty.open(path).append(genesis)
      }
      try faulty.remove(path)
    }
    #expect(failed > 10)
  }
}
