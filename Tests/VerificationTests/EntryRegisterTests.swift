import Testing

@testable import Verification

/// The ids of all entries, of which only a fingerprint is kept.
@Suite struct EntryRegisterTests {
  private func id(_ number: Int) throws -> Identifier {
    try #require(Identifier(parsing: LedgerForge.identifier(number)))
  }

  /// A register of ids 0, 2, 4 … at positions 0, 3, 6 …, and how often it had to look.
  private struct Filled {
    var register: EntryRegister
    let ids: [Identifier]
    var looks = 0

    mutating func position(of id: Identifier) throws -> Int? {
      var looks = 0
      defer { self.looks += looks }
      return try register.position(of: id) { position in
        looks += 1
        return ids[position / 3] == id
      }
    }
  }

  private func filled(_ register: EntryRegister, _ count: Int) throws -> Filled {
    var filled = Filled(register: register, ids: try (0..<count).map { try id(2 * $0) })
    for (number, id) in filled.ids.enumerated() {
      #expect(try filled.position(of: id) == nil)
      filled.register.insert(id, at: 3 * number)
    }
    return filled
  }

  @Test(arguments: [0, 1, 100, 1_000, 5_000], [1, 2, 255])
  func `however many fingerprints meet, every id is found where it is and no other is`(
    expected: Int, fingerprints: Int
  ) throws {
    let register = EntryRegister(expecting: expected, fingerprints: fingerprints, recentMax: 16)
    var filled = try filled(register, 1_000)

    for (number, id) in filled.ids.enumerated() {
      #expect(try filled.position(of: id) == 3 * number)
    }
    for number in 0..<1_000 { #expect(try filled.position(of: id(2 * number + 1)) == nil) }
    #expect(filled.looks >= 1_000 - 16)
  }

  @Test func `one new id in a hundred has to be looked at, of the last ones none`() throws {
    let old = try filled(EntryRegister(expecting: 20_000, recentMax: 1), 20_000)
    #expect(old.looks < 200, "\(old.looks)")

    var recent = try filled(EntryRegister(expecting: 5_000, fingerprints: 1), 5_000)
    for (number, id) in recent.ids.enumerated() {
      #expect(try recent.position(of: id) == 3 * number)
    }
    #expect(recent.looks == 0)
  }

  @Test func `what cannot be looked at is not answered`() throws {
    let register = EntryRegister(fingerprints: 1, recentMax: 1)
    let filled = try filled(register, 100)
    let lost = LedgerReadError(file: "lines", reason: "gone")

    #expect(throws: lost) {
      try filled.register.position(of: filled.ids[0]) { _ throws(LedgerReadError) in throw lost }
    }
  }

  @Test func `a table takes positions of its span, others go to another`() throws {
    var register = EntryRegister(expecting: 100, recentMax: 1)
    let positions = [5, PositionTable.span + 4, PositionTable.span + 5, 3 * PositionTable.span]
    for (number, position) in positions.enumerated() {
      register.insert(try id(number), at: position)
    }

    for (number, position) in positions.enumerated() {
      let id = try id(number)
      #expect(try register.position(of: id) { $0 == position } == position)
    }
    var table = PositionTable(from: 7, capacity: 1)
    #expect(!table.takes(6))
    #expect(table.takes(PositionTable.span + 6))
    #expect(!table.takes(PositionTable.span + 7))
    table.insert(PositionTable.Mark(hash: .max, fingerprints: 255), at: 8)
    #expect(!table.takes(9))
  }
}
