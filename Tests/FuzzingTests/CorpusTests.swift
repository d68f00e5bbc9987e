import Foundation
import Testing

@testable import Fuzzing

/// Every input that ever broke a parser, and samples of what they read, without libFuzzer.
@Suite struct CorpusTests {
  @Test(arguments: Parser.allCases)
  func `no input of the corpus breaks a promise`(parser: Parser) throws {
    let folder = try #require(
      Bundle.module.url(forResource: "Fixtures/\(parser.rawValue)", withExtension: nil))
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)

    #expect(!files.isEmpty)
    for file in files {
      #expect(throws: Never.self, "\(parser) \(file.lastPathComponent)") {
        try parser.check([UInt8](Data(contentsOf: file)))
      }
    }
  }

  @Test func `a promise that is not kept is told in its words, with the error that broke it`() {
    #expect(throws: BrokenPromise(description: "written otherwise")) {
      try promise(1 == 2, "written otherwise")
    }
    #expect(throws: BrokenPromise(description: "not read: unreadable")) {
      try promise(try unreadable(), "not read")
    }
  }

  private struct Unreadable: Error, CustomStringConvertible {
    var description: String { "unreadable" }
  }

  private func unreadable() throws -> Bool { throw Unreadable() }
}
