import CanonicalJSON
import Testing
import TransparencyLog

/// Three lines, and nothing else.
@Suite struct CheckpointTests {
  static let root = "3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw="

  @Test func `a checkpoint is read, and written as it was`() throws {
    let text = "ledger.example/prod\n7\n\(Self.root)\n"

    let checkpoint = try Checkpoint(parsing: text)

    #expect(checkpoint.origin == "ledger.example/prod")
    #expect(checkpoint.size == 7)
    #expect(
      checkpoint.root.hex == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")
    #expect(checkpoint.text == text)
  }

  @Test(arguments: [
    ("", 1), ("\n7\nROOT\n", 1), ("a b\n7\nROOT\n", 1), ("a+b\n7\nROOT\n", 1),
    ("a", 2), ("a\n\nROOT\n", 2), ("a\n07\nROOT\n", 2), ("a\n+7\nROOT\n", 2),
    ("a\n-7\nROOT\n", 2), ("a\n7 \nROOT\n", 2), ("a\n1099511627777\nROOT\n", 2),
    ("a\n7\n", 3), ("a\n7\nROOT", 3), ("a\n7\nAAAA\n", 3), ("a\n7\nROOT=\n", 3),
    ("a\n7\nROOT\nextension\n", 4), ("a\n7\nROOT\n\n", 4),
  ])
  func `what is not a checkpoint is refused with its line`(text: String, line: Int) {
    #expect(throws: NoteError.checkpointLine(line: line)) {
      try Checkpoint(parsing: text.replacing("ROOT", with: Self.root))
    }
  }

  @Test func `the sizes at both ends are read`() throws {
    #expect(try Checkpoint(parsing: "a\n0\n\(Self.root)\n").size == 0)
    #expect(try Checkpoint(parsing: "a\n1099511627776\n\(Self.root)\n").size == Tree.sizeMax)
  }

  @Test func `an origin that a note cannot carry is refused`() {
    #expect(throws: NoteError.name("a b")) {
      try Checkpoint(origin: "a b", size: 1, root: hasher.empty)
    }
  }
}
