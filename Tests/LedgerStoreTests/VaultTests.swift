import CanonicalJSON
import Cryptography
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Personal values: sealed, revealed, erased.
@Suite struct VaultTests {
  let store: TemporaryLedger
  let person = GoldenKey.approver.owner

  init() throws { store = try TemporaryLedger() }

  func approval(_ comment: SealedValue) -> EntryDraft {
    EntryDraft(
      [
        DraftEvent(
          kind: "approval.given.v1",
          data: ["action": "deployment.start", "comment": comment.sealed.json],
          in: .approval("production"), scope: Scope(environment: "production"))
      ], expects: [.grant(person): 0])
  }

  @discardableResult
  func approve(_ words: String, of subject: SubjectID? = nil) throws -> Int {
    let comment = try SealedValue(.string(words), of: subject ?? person, random: store.random)
    return try store.append(approval(comment), by: [.approver], sealed: [comment]).index
  }

  func reveal(_ position: Int) throws -> Revealed {
    try store.ledger.reveal(at: position, index: 0, pointer: "/comment")
  }

  @Test func `the golden values become the golden ciphertexts`() throws {
    let golden = try GoldenStore.format()
    let bytes = { (hex: String) throws in try #require(Hex.decode(hex)) }
    let vaultNonce = [UInt8](repeating: 1, count: 12)
    var script: [[UInt8]] = []
    var people: Set<String> = []
    for sealed in golden.sealed {
      // A person's first value asks for a key and the nonce that wraps it.
      if people.insert(sealed.subject).inserted { script += [try bytes(sealed.key), vaultNonce] }
      script.append(try bytes(sealed.nonce))
    }
    let store = try GoldenStore(random: ScriptedRandom(script))

    let vault = try Connection(
      path: store.directory.file(".stele/vault.sqlite"), access: .reading)
    for sealed in golden.sealed {
      let stored = try vault.text(
        """
        SELECT lower(hex(ciphertext)) FROM sealed
        WHERE pointer = '\(sealed.pointer)'
          AND lower(hex(entry)) = '\(sealed.entry.replacing("-", with: ""))'
        """)
      #expect(stored == sealed.nonce + sealed.ciphertextAndTag)
      let position = try #require(
        try store.ledger.read { try $0.position(of: EntryID(parsing: sealed.entry)) })
      let revealed = try store.ledger.reveal(
        at: position, index: sealed.event, pointer: sealed.pointer)
      #expect(revealed == .value(try JSONValue(parsing: Array(sealed.value.utf8))))
    }
  }

  @Test func `nothing is sealed where the newest value is gone and nobody was erased`() throws {
    let position = try approve("looks good")
    try store.ledger.close()
    try Connection(path: store.path + "/vault.sqlite", access: .writing)
      .execute("DELETE FROM sealed")
    try store.reopen()

    #expect(
      throws: LedgerError.vaultBehind(path: store.path + "/vault.sqlite", position: position)
    ) { try approve("again") }
    #expect(try store.ledger.head().size == position + 1)
  }

  @Test func `nobody whose values are here gets a second key`() throws {
    let first = try approve("looks good")
    try approve("looks good to me", of: GoldenKey.deployer.owner)
    try store.ledger.close()
    let keys = store.path + "/vault-keys.sqlite"
    let subject = Hex.encode(person.bits.bytes)
    try Connection(path: keys, access: .writing)
      .execute("DELETE FROM person WHERE subject = x'\(subject)'")
    try store.reopen()

    #expect(throws: LedgerError.vaultBehind(path: keys, position: first)) {
      try approve("again")
    }
    try approve("from somebody else", of: GoldenKey.deployer.owner)
  }

  @Test func `a value is revealed to whoever has the vault's key`() throws {
    let position = try approve("looks good")

    #expect(try reveal(position) == .value(.string("looks good")))
    let reading = try store.another(for: .reading)
    #expect(
      try reading.reveal(at: position, index: 0, pointer: "/comment")
        == .value(.string("looks good")))
  }

  @Test(arguments: [nil, [UInt8](repeating: 1, count: 32)])
  func `without the vault's key nothing is sealed or revealed`(key: [UInt8]?) throws {
    let position = try approve("looks good")
    var secrets = store.secrets
    secrets.vaultKey = key
    let comment = try SealedValue(.string("again"), of: person, random: store.random)
    let envelope = try store.envelope(approval(comment), by: [.approver], sealed: [comment])
    try store.reopen(secrets: secrets)

    let locked = LedgerError.vaultLocked(path: store.path + "/vault-keys.sqlite")
    #expect(throws: locked) { try reveal(position) }
    #expect(throws: locked) { try store.ledger.append(envelope) }
    try store.append(.health(), by: [.service])  // what is not personal goes on
    try Rederivation(path: store.path).check(size: 3)
  }

  @Test func `a commitment without its value is refused`() throws {
    let comment = try SealedValue(.string("x"), of: person, random: store.random)
    let other = try SealedValue(.string("x"), of: person, random: store.random)

    #expect(throws: AppendError.sealedMissing(event: 0, pointer: "/comment")) {
      try store.append(approval(comment), by: [.approver], sealed: [other])
    }
  }

  @Test func `nothing is revealed where nothing is sealed`() throws {
    let position = try approve("x")

    #expect(throws: LedgerError.notSealed(position: position, pointer: "/action")) {
      try store.ledger.reveal(at: position, index: 0, pointer: "/action")
    }
  }

  @Test func `a sealed value keeps its words to itself`() throws {
    let comment = try SealedValue(.string("secret words"), of: person, random: store.random)

    #expect("\(comment)" == "a sealed value of \(person)")
    var dumped = ""
    dump(comment, to: &dumped)
    #expect(!dumped.contains("secret") && !dumped.contains("115"))
  }

  @Test func `a value moved to another place does not open`() throws {
    let first = try approve("first")
    let second = try approve("second")
    let entries = try [first, second].map { position in
      let header = try store.ledger.read { try EntryHeader(parsing: $0.entry(at: position).header) }
      return Hex.encode(header.entry.bits.bytes)
    }

    try alterVault(
      """
      DELETE FROM sealed WHERE entry = x'\(entries[1])';
      INSERT INTO sealed SELECT x'\(entries[1])', event, pointer, subject, settled, ciphertext
      FROM sealed WHERE entry = x'\(entries[0])'
      """)

    #expect(try reveal(first) == .value(.string("first")))
    #expect(try reveal(second) == .missing)
  }

  // MARK: - Erasure

  @Test func `an erased person's values are gone, and every proof holds`() throws {
    let other = GoldenKey.deployer.owner
    let mine = try approve("mine")
    let theirs = try approve("theirs", of: other)
    let before = try store.ledger.read { try $0.entry(at: mine) }

    try store.ledger.erase(person)

    #expect(try reveal(mine) == .erased(person))
    #expect(try reveal(theirs) == .value(.string("theirs")))
    #expect(try store.ledger.read { try $0.entry(at: mine) } == before)
    try Rederivation(path: store.path).check(size: 3)
    try store.ledger.erase(person)  // may be repeated
    try store.reopen(for: .reading)
    #expect(try reveal(mine) == .erased(person))
  }

  @Test func `nothing of the person is left in the files or their logs`() throws {
    let position = try approve("mine")
    let entry = try store.ledger.read { try EntryHeader(parsing: $0.entry(at: position).header) }
      .entry
    let key = try wrappedKey()

    try store.ledger.erase(person)

    for (file, needle) in [
      ("vault-keys.sqlite", key), ("vault.sqlite", entry.bits.bytes),
    ] {
      for suffix in ["", "-wal"] {
        let path = store.path + "/" + file + suffix
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.range(of: Data(needle)) == nil, "\(file)\(suffix)")
      }
    }
  }

  @Test func `an erased person gets no new values`() throws {
    try approve("mine")
    try store.ledger.erase(person)

    #expect(throws: AppendError.subjectErased(person)) { try approve("again") }
    let keys = try Connection(path: store.path + "/vault-keys.sqlite", access: .writing)
    #expect(throws: LedgerError.self) {
      try keys.execute(
        "INSERT INTO person SELECT subject, zeroblob(60) FROM tombstone")
    }
  }

  @Test func `a vault restored from before the erasure gives nobody back`() throws {
    let position = try approve("mine")
    try store.ledger.close()
    let copy = try TemporaryDirectory()
    try copyVault(from: store.path, to: copy.path)
    try store.ledger.erase(person)

    // Only the ledger that is opened next sees the restored files.
    try copyVault(from: copy.path, to: store.path)
    let reading = try store.another(for: .reading)
    #expect(
      try reading.reveal(at: position, index: 0, pointer: "/comment") == .erased(person))
    try store.reopen()
    #expect(throws: AppendError.subjectErased(person)) { try approve("again") }
    let keys = try Connection(path: store.path + "/vault-keys.sqlite", access: .reading)
    #expect(try keys.text("SELECT count(*) FROM person") == "0")
    #expect(try keys.text("SELECT count(*) FROM tombstone") == "1")
  }

  @Test func `a vault from before a recorded erasure shows nobody and seals nothing`() throws {
    let position = try approve("mine")
    try store.ledger.close()
    let copy = try TemporaryDirectory()
    try copyVault(from: store.path, to: copy.path)
    try store.ledger.erase(person)
    _ = try store.append(
      EntryDraft([DraftEvent(PrivacyErased(basis: "request"), in: .privacy(person))]),
      by: [.administrator])
    try FileManager.default.removeItem(atPath: try #require(store.secrets.tombstones))
    try copyVault(from: copy.path, to: store.path)
    let path = store.path + "/vault-keys.sqlite"

    #expect(throws: LedgerError.erasureUndone(path: path, people: 1)) {
      try LedgerInspection(LedgerDirectory(store.path)).checkErasures()
    }
    let reading = try store.another(for: .reading)
    #expect(
      try reading.reveal(at: position, index: 0, pointer: "/comment") == .erased(person))
    try store.reopen()
    #expect(throws: LedgerError.erasureUndone(path: path, people: 1)) { try approve("again") }
    #expect(throws: LedgerError.erasureUndone(path: path, people: 1)) {
      try approve("mine", of: GoldenKey.administrator.owner)
    }
    try store.ledger.erase(person)
    try approve("mine", of: GoldenKey.administrator.owner)
  }

  @Test func `a stream's name alone erases nobody`() throws {
    let position = try approve("mine")
    let ledger = try Connection(path: store.path + "/ledger.sqlite", access: .writing)
    try ledger.execute("INSERT INTO stream (name) VALUES ('privacy/\(person)')")
    try store.reopen()

    #expect(try reveal(position) == .value(.string("mine")))
    try approve("again")
  }

  @Test func `without a tombstone file the vault remembers by itself`() throws {
    var secrets = store.secrets
    secrets.tombstones = nil
    try store.reopen(secrets: secrets)
    let position = try approve("mine")

    try store.ledger.erase(person)

    #expect(try reveal(position) == .erased(person))
  }

  @Test(arguments: ["vault.sqlite", "vault-keys.sqlite"])
  func `a vault that others can read is not used`(name: String) throws {
    let position = try approve("mine")
    let path = store.path + "/" + name
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try store.reopen()

    #expect(throws: LedgerError.modeTooOpen(path: path, mode: 0o640)) { try reveal(position) }
  }

  // MARK: -

  private func wrappedKey() throws -> [UInt8] {
    let keys = try Connection(path: store.path + "/vault-keys.sqlite", access: .reading)
    return try #require(
      try keys.text("SELECT hex(wrapped) FROM person").flatMap {
        Hex.decode($0.lowercased())
      })
  }

  private func alterVault(_ sql: String) throws {
    try Connection(path: store.path + "/vault.sqlite", access: .writing).execute(sql)
  }

  /// As a restore does: the databases with what is still in their logs.
  private func copyVault(from: String, to: String) throws {
    for name in ["vault.sqlite", "vault-keys.sqlite"] {
      for suffix in ["", "-wal", "-shm"] {
        let target = "\(to)/\(name)\(suffix)"
        try? FileManager.default.removeItem(atPath: target)
        if FileManager.default.fileExists(atPath: "\(from)/\(name)\(suffix)"), suffix != "-shm" {
          try FileManager.default.copyItem(atPath: "\(from)/\(name)\(suffix)", toPath: target)
        }
      }
    }
  }
}
