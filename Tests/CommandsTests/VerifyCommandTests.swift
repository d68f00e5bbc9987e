import CanonicalJSON
import Foundation
import TestKit
import Testing
import TransparencyLog

/// `stele verify`, for a ledger and for receipts.
@Suite struct VerifyCommandTests {
  @Test func `a sound ledger is verified, because init has pinned its key`() async throws {
    let project = try await Project()

    let first = await project.run("verify")
    let second = await project.run("verify --output json")

    #expect(first.status == 0, "\(first.results)\(first.notices)")
    #expect(first.results.hasPrefix("verified"))
    #expect(first.notices == "verifying \(project.root)/.stele\n")
    let json = try second.json()
    #expect(json["verdict"] == "verified")
    #expect(json["size"] == 2)
    #expect(json["findings"] == [])
    #expect(json["checks"]?.objectValue?["entries"] == 2)
  }

  @Test(arguments: ["vault.sqlite", "vault-keys.sqlite"])
  func `a vault that is gone is missed where its key is`(name: String) async throws {
    let project = try await Project()
    _ = await project.run("config apply development --reason", "because of Ada")
    for file in [name, name + "-wal", name + "-shm"] {
      try? FileManager.default.removeItem(atPath: project.file(".stele/" + file))
    }

    let ran = await project.run("verify")
    let json = try await project.run("verify --output json").json()

    #expect(ran.status == 10)
    #expect(ran.results.contains("vaultLost: 1 sealed values open with nothing here"))
    #expect(ran.results.contains("stele restore"))
    #expect(json["verdict"] == "broken")
    #expect(json["findingCount"] == 1)
    #expect(json["vaultLost"] == 1)
  }

  @Test func `without its database a ledger is not taken for none`() async throws {
    let project = try await Project()
    _ = await project.run("backup copy")
    for file in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: project.file(".stele/" + file))
    }
    let ring = try await project.keyRing()
    let rings = try FileManager.default.contentsOfDirectory(atPath: ring + "/..").count

    for line in ["verify", "status", "doctor", "init tamma"] {
      let ran = await project.run(line)
      #expect(ran.status == 10, "\(line): \(ran.notices)")
      #expect(ran.notices.contains("ledger.sqlite beside it is missing"), "\(line)")
      #expect(ran.notices.contains("stele restore COPY"), "\(line)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: ring + "/..").count == rings)
    let back = await project.run("restore copy")
    #expect(back.status == 0, "\(back.notices)")
    #expect(await project.run("verify").status == 0)
  }

  /// An old copy of the ledger, its anchor too, in the place of the one that was verified.
  private func projectSetBack() async throws -> Project {
    let project = try await Project()
    let files = FileManager.default
    try files.copyItem(atPath: project.file(".stele"), toPath: project.file("old"))
    // Nobody verifies: that it was acknowledged is remembered.
    #expect(await project.run("config apply development").status == 0)
    try files.removeItem(atPath: project.file(".stele"))
    try files.moveItem(atPath: project.file("old"), toPath: project.file(".stele"))
    return project
  }

  @Test(arguments: [
    "config apply development", "status", "log", "show 1", "releases development", "access matrix",
    "key list", "config explain all development",
  ])
  func `nobody signs another history than the one verified, or reads it as if it were that`(
    line: String
  ) async throws {
    let project = try await projectSetBack()

    let ran = await project.run(line)

    #expect(ran.status == 10, "\(ran.notices)")
    #expect(ran.results == "")
    #expect(ran.notices.contains("this client verified"), "\(ran.notices)")
    #expect(ran.notices.contains("stele restore COPY"), "\(ran.notices)")
  }

  @Test func `doctor and verify say what about a history that is not the one verified`()
    async throws
  {
    let project = try await projectSetBack()

    let examined = await project.run("doctor")
    let verified = await project.run("verify")

    #expect(examined.status == 1)
    #expect(examined.results.contains("failed   ledger: remembered: Nothing was used: this client"))
    #expect(examined.results.contains("ok       ledger: opens"))
    #expect(verified.status == 10)
    #expect(
      verified.results.contains(
        "broken     1 finding; each entry here holds together, what is around them does not"))
  }

  @Test(arguments: [("pin", "holds no verifier key"), ("checkpoint", "holds no checkpoint")])
  func `what should be remembered and is nonsense is named, not taken for nothing`(
    suffix: String, words: String
  ) async throws {
    let project = try await Project()
    #expect(await project.run("verify").status == 0)
    try project.remembered(suffix, "nonsense")

    for line in ["status", "verify", "config apply development"] {
      let ran = await project.run(line)
      #expect(ran.status == 10, "\(line): \(ran.results)\(ran.notices)")
      #expect((ran.notices + ran.results).contains(words), "\(line): \(ran.notices)")
    }
    let examined = await project.run("doctor")
    #expect(examined.status == 1)
    #expect(examined.results.contains("failed   ledger: remembered: Nothing was used"))
    #expect(examined.results.contains(words))
  }

  @Test(arguments: ["vault.sqlite", "vault-keys.sqlite"])
  func `a trigger in a file of the vault is found before it loses anything`(name: String)
    async throws
  {
    let project = try await Project()
    _ = await project.run("config apply development --reason", "because of Ada")
    let table = name == "vault.sqlite" ? "sealed" : "person"
    try project.alter(
      name, "CREATE TRIGGER gone AFTER INSERT ON \(table) BEGIN DELETE FROM \(table); END")

    let ran = await project.run("verify")

    #expect(ran.status == 10, "\(ran.results)")
    #expect(ran.results.contains("the schema of \(project.root)/.stele/\(name) is "))
    #expect(ran.results.contains("broken     1 finding; each entry here holds together"))
  }

  /// What each command says of a damaged ledger: a verdict, and no crash.
  @Test(arguments: [
    "UPDATE entry SET leaf = x'' WHERE position = 2",
    "UPDATE entry SET position = 9223372036854775807 WHERE position = 2",
    "UPDATE checkpoint SET note = ''", "UPDATE checkpoint SET note = substr(note, 1, 20)",
    "UPDATE entry SET signatures = x'00' WHERE position = 2",
  ])
  func `a damaged row is refused by whoever meets it`(sql: String) async throws {
    let project = try await Project()
    _ = await project.run("config apply development")
    _ = await project.run("backup copy")
    try project.tamper(sql)

    for line in ["verify", "status", "log", "show 2", "key list", "config apply development"] {
      let ran = await project.run(line)
      #expect(ran.status == 0 || ran.status == 10, "\(line): \(ran.status) \(ran.notices)")
    }
    #expect(await project.run("verify").status == 10)
    #expect([0, 1].contains(await project.run("doctor").status))
  }

  @Test(arguments: [
    (
      "vault.sqlite", "INSERT INTO sealed SELECT x'00', 0, '/r', subject, 0, ciphertext FROM sealed"
    ),
    ("vault-keys.sqlite", "INSERT INTO tombstone VALUES (x'', 1)"),
    ("vault-keys.sqlite", "INSERT INTO tombstone SELECT subject, 1 FROM person"),
    ("vault.sqlite", "PRAGMA application_id = 5"),
    ("vault-keys.sqlite", "PRAGMA application_id = 7"),
  ])
  func `what is wrong in a file of the vault is named by verify and doctor`(
    name: String, sql: String
  ) async throws {
    let project = try await Project()
    _ = await project.run("config apply development --reason", "because of Ada")
    #expect(await project.run("backup copy").status == 0)
    try project.alter(name, sql)

    let verified = await project.run("verify")
    let examined = await project.run("doctor")
    let restored = await project.run("restore copy")

    #expect(verified.status == 10, "\(verified.results)")
    #expect(verified.results.contains(name), "\(verified.results)")
    #expect(examined.status == 1)
    if sql.contains("SELECT subject, 1") {
      #expect(restored.status == 10, "\(restored.notices)")
      #expect(restored.notices.contains("1 people are erased, and has their keys"))
    }
  }

  @Test(arguments: ["vault.sqlite-wal", "vault-keys.sqlite-wal"])
  func `nothing is sealed over a log of the vault that is gone, and it can be put back`(
    name: String
  ) async throws {
    let project = try await Project()
    _ = await project.run("config apply development --reason", "because of Ada")
    let log = project.file(".stele/\(name)")
    let kept = project.file("kept")
    try FileManager.default.moveItem(atPath: log, toPath: kept)
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("level: debug", with: "level: info"))

    for _ in 0..<2 {
      let ran = await project.run("config apply development --reason", "for Eve")
      #expect(ran.status == 10, "\(ran.notices)")
      #expect(ran.notices.contains("what the entry at position 3 has sealed is not in"))
      #expect(ran.notices.contains("stele restore FOLDER --vault-only"))
    }
    let examined = await project.run("doctor")
    #expect(examined.status == 1)
    #expect(examined.results.contains("failed   vault: newest: Nothing was sealed"))
    for suffix in ["-wal", "-shm"] {
      let path = String(log.dropLast(4)) + suffix
      try? FileManager.default.removeItem(atPath: path)
    }
    try FileManager.default.moveItem(atPath: kept, toPath: log)
    #expect(await project.run("show 3 --reveal").results.contains("because of Ada"))
    #expect(await project.run("config apply development --reason", "for Eve").status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test(arguments: ["XDG_CONFIG_HOME", "XDG_STATE_HOME"])
  func `where keys or memory cannot be kept, no ledger is made`(variable: String) async throws {
    let project = try await Project(isInitialized: false)
    try project.write("taken/stele", "a file")
    let variables = [variable: project.file("taken")]

    let ran = await project.run("init tamma", variables: variables)

    #expect(ran.status == 73, "\(ran.notices)")
    #expect(ran.notices.contains(project.file("taken/stele")), "\(ran.notices)")
    #expect(await project.run("status").status == 78)
    #expect(await project.run("init tamma").status == 0)
  }

  @Test func `a backup to where no folder can be is refused with the reason`() async throws {
    let project = try await Project()
    try project.write("taken", "a file")

    let ran = await project.run("backup taken/a/b")

    #expect(ran.status == 73, "\(ran.notices)")
    #expect(ran.notices.contains("mkdir of"))
  }

  @Test func `what may not be looked into is not taken for no ledger`() async throws {
    let project = try await Project(isInitialized: false)
    try FileManager.default.createSymbolicLink(
      atPath: project.file(".stele"), withDestinationPath: project.file(".stele"))

    for line in ["status", "verify", "doctor", "init tamma"] {
      let ran = await project.run(line)
      #expect(ran.status == 77, "\(line): \(ran.notices)")
      #expect(ran.notices.contains("may not look into it"))
    }
  }

  @Test func `a log that is gone is named again and again, and can be put back`() async throws {
    let project = try await Project()
    _ = await project.run("config apply development")
    let log = project.file(".stele/ledger.sqlite-wal")
    try FileManager.default.moveItem(atPath: log, toPath: project.file("kept"))

    for line in ["status", "log", "config apply development", "status"] {
      let ran = await project.run(line)
      #expect(ran.status == 10, "\(line)")
      #expect(
        ran.notices.contains("ledger.sqlite-wal, which would have the newest, is missing or empty"),
        "\(line): \(ran.notices)")
    }
    try? FileManager.default.removeItem(atPath: log)
    try? FileManager.default.removeItem(atPath: project.file(".stele/ledger.sqlite-shm"))
    try FileManager.default.moveItem(atPath: project.file("kept"), toPath: log)
    #expect(await project.run("status").status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test(arguments: [64, 5_000])
  func `a database that was cut is said to be damaged, and how it comes back`(bytes: Int)
    async throws
  {
    let project = try await Project()
    _ = await project.run("backup copy")
    let handle = try #require(
      FileHandle(forWritingAtPath: project.file(".stele/ledger.sqlite")))
    try handle.truncate(atOffset: UInt64(bytes))
    try handle.close()
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: project.file(".stele/ledger.sqlite" + suffix))
    }

    for line in ["status", "verify", "config apply development"] {
      let ran = await project.run(line)
      #expect(ran.status == 10, "\(line): \(ran.notices)")
      #expect(ran.notices.contains("ledger.sqlite"), "\(line): \(ran.notices)")
    }
    #expect(await project.run("status").notices.contains("stele restore"))
    #expect(await project.run("restore copy").status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a terminal sees how far it is`() async throws {
    let project = try await Project()

    let ran = await project.run("verify", isTerminal: true)

    #expect(ran.notices.hasSuffix("\r\u{1B}[2K"))
  }

  @Test func `without a key known beforehand a ledger is self-consistent at best`() async throws {
    let project = try await Project()
    let made = try await project.run("key list --output json").json()
    let vkey = try #require(made["verifierKey"]?.stringValue)
    try project.forgetWhatWasVerified()

    let unknown = await project.run("verify")
    let known = await project.run("verify --vkey", vkey)

    #expect(unknown.status == 0)
    #expect(unknown.results.hasPrefix("self-consistent"))
    #expect(known.results.hasPrefix("verified"))
  }

  @Test func `another log's key breaks it, and what is no key is a usage error`() async throws {
    let project = try await Project()
    let other = try await Project().run("key list --output json").json()
    let vkey = try #require(other["verifierKey"]?.stringValue)

    let foreign = await project.run("verify --vkey", vkey)
    let nonsense = await project.run("verify --vkey nonsense")

    #expect(foreign.status == 10)
    #expect(foreign.results.contains(vkey))
    #expect(nonsense.status == 64)
    #expect(nonsense.notices.contains("'nonsense' is no verifier key"))
  }

  @Test func `a changed body is named with its entry and both digests`() async throws {
    let project = try await Project()
    try project.tamper(
      "UPDATE body SET body = replace(body, 'administrator', 'bdministrator') WHERE position = 1")

    let ran = await project.run("verify")
    let json = try await project.run("verify --output json").json()
    let lines = await project.run("verify --output jsonl").results.split(separator: "\n")

    #expect(ran.status == 10)
    #expect(ran.results.hasPrefix("✗ entry 1: "), "\(ran.results)")
    #expect(ran.results.contains("broken"))
    let finding = json["findings"]?.arrayValue?.first?.objectValue
    #expect(finding?["position"] == 1)
    #expect(finding?["error"] == "bodyDigest")
    #expect(lines.count == 2)
  }

  @Test(
    arguments: [
      ("UPDATE entry SET leaf = zeroblob(32) WHERE position = 1", "entry 1: leaf 00000000"),
      ("UPDATE run SET version = 9 WHERE position = 1", "entry 1: runs [0: "),
      ("DELETE FROM body WHERE position = 1", "entry 1: the body (permanent) is gone"),
      (
        "UPDATE checkpoint SET size = 1",
        "entry 2: the checkpoint of size 2 is stored under size 1"
      ),
      ("INSERT INTO stream VALUES (99, 'a/b', NULL, NULL)", "entry 2: table stream has "),
      ("CREATE INDEX more ON run (actor)", "altered its tables or triggers"),
    ])
  func `whatever was changed is named, with exit 10`(sql: String, words: String) async throws {
    let project = try await Project()
    try project.tamper(sql)

    let ran = await project.run("verify")

    #expect(ran.status == 10)
    #expect(ran.results.contains("✗ ") && ran.results.contains(words), "\(ran.results)")
  }

  @Test func `a ledger that lost its newest entry is broken`() async throws {
    let project = try await Project()
    try project.tamper("UPDATE entry SET recorded = recorded + 1 WHERE position = 1")

    #expect(await project.run("verify").status == 10)
  }

  @Test func `a ledger other than the one verified before is broken, though sound`() async throws {
    let project = try await Project()
    #expect(await project.run("verify").status == 0)
    let copy = project.root + "/copy"
    try FileManager.default.copyItem(atPath: project.file(".stele"), toPath: copy)
    #expect(await project.run("config apply development").status == 0)
    #expect(await project.run("verify").status == 0)

    let ran = await project.run("verify", variables: ["STELE_LEDGER": copy])
    let json = try await project.run("verify --output json", variables: ["STELE_LEDGER": copy])
      .json()

    #expect(ran.status == 10)
    #expect(ran.results.contains("broken"))
    #expect(json["verdict"] == "broken")
    #expect(json["remembered"] != nil)
  }

  @Test func `there is nothing to verify without a ledger`() async throws {
    let project = try await Project(isInitialized: false)

    let ran = await project.run("verify")

    #expect(ran.status == 78)
    #expect(ran.notices.contains("there is no ledger"))
  }

  @Test func `a receipt verifies without its ledger, and says what was not checked`() async throws {
    let project = try await Project()
    let elsewhere = try await Project(isInitialized: false)
    try elsewhere.write("1.receipt", await project.run("show 1 --receipt").results)

    let ran = await elsewhere.run("verify 1.receipt --output json")
    let here = try ran.json()
    let there = await project.run("verify", elsewhere.file("1.receipt"))

    #expect(ran.status == 3)
    #expect(ran.notices.contains("stele verify 1.receipt --vkey KEY"))
    #expect(here["verdict"] == "self-consistent")
    #expect(here["position"] == 1)
    #expect(here["notChecked"]?.arrayValue?.count == 4)
    #expect(there.status == 0, "\(there.notices)")
    #expect(there.results.hasPrefix("verified: entry 1 is among the first 2"))
    #expect(there.results.contains("checked    the signature by"))
    #expect(there.results.contains("unchecked  not witnessed"))
  }

  @Test func `a forged receipt is no success where nobody's signature is known`() async throws {
    let project = try await Project()
    let elsewhere = try await Project(isInitialized: false)
    let listed = try await project.run("key list --output json").json()
    let vkey = try #require(listed["verifierKey"]?.stringValue)
    let text = await project.run("show 1 --receipt").results
    let last = try #require(text.split(separator: "\n").last?.split(separator: " ").last)
    let line = try #require(Data(base64Encoded: String(last)))
    let zeros = (line.prefix(4) + Data(count: line.count - 4)).base64EncodedString()
    try elsewhere.write("forged", text.replacing(last, with: zeros))

    let unknown = await elsewhere.run("verify forged")
    let known = await elsewhere.run("verify forged --vkey", vkey)

    #expect(unknown.status == 3)
    #expect(unknown.notices.contains("anybody could have written it"))
    #expect(known.status == 10)
  }

  @Test func `a signer that the ledger here knows is enough to say something`() async throws {
    let project = try await Project()
    try project.write("1.receipt", await project.run("show 1 --receipt").results)
    try project.forgetWhatWasVerified()

    let ran = await project.run("verify 1.receipt")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.results.hasPrefix("self-consistent"))
    #expect(ran.results.contains("checked    the signature by"))
  }

  @Test func `keys that were revoked recognise nobody`() async throws {
    let project = try await Project()
    let key = try GoldenKey.witness.cosignerKey
    let added = try await project.run(
      "key add --role witness --output json --vkey", key.text
    ).json()
    let keyid = try #require(added["keyid"]?.stringValue)
    let receipt = try Receipt(parsing: await project.run("show 1 --receipt").results)
    let seen = try GoldenKey.witness.cosigning(receipt.note, at: 1)
    try project.write(
      "seen",
      Receipt(extra: receipt.extra, index: receipt.index, hashes: receipt.hashes, note: seen)
        .serialized)
    let before = await project.run("verify seen")
    let revoked = await project.run("key revoke \(keyid) --reason left")
    try #require(revoked.status == 0, "\(revoked.notices)")

    let after = await project.run("verify seen")

    #expect(before.results.contains("checked    the cosignature of"))
    #expect(!after.results.contains("the cosignature of"))
    #expect(after.results.contains("unchecked  not witnessed"))
  }

  @Test func `a revoked signer counts where the log says that it signed before`() async throws {
    let project = try await Project()
    #expect(await project.run("config apply development").status == 0)
    let entry = try await project.run("show 3 --output json").json()
    let signers = entry["signatures"]?.arrayValue?.compactMap(\.objectValue)
    let keyid = try #require(signers?.first?["keyid"]?.stringValue, "\(entry)")
    try project.write("3.receipt", await project.run("show 3 --receipt").results)
    let revoked = await project.run("key revoke \(keyid) --reason left")
    try #require(revoked.status == 0, "\(revoked.notices)")

    let known = await project.run("verify 3.receipt")
    try project.forgetWhatWasVerified()
    let unknown = await project.run("verify 3.receipt")

    #expect(known.status == 0)
    #expect(known.results.contains("checked    the signature by"))
    #expect(unknown.status == 3, "\(unknown.results)")
  }

  @Test func `a ledger that does not open lends no keys, and that is said`() async throws {
    let project = try await Project()
    try project.write("1.receipt", await project.run("show 1 --receipt").results)
    try FileManager.default.removeItem(atPath: project.file(".stele/anchor"))

    let ran = await project.run("verify 1.receipt")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.notices.contains("warning: no keys were taken from the ledger here"))
    #expect(!ran.results.contains("checked    the signature by"))
  }

  @Test func `that the vault's files could not be looked at is said`() async throws {
    let project = try await Project()
    _ = await project.run("config apply development --reason", "because of Ada")
    try FileManager.default.removeItem(atPath: try await project.keyRing() + "/vault.key")
    let vault = project.file(".stele/vault.sqlite")
    try FileManager.default.removeItem(atPath: vault)
    try FileManager.default.createDirectory(atPath: vault, withIntermediateDirectories: false)

    let ran = await project.run("verify")
    let json = try await project.run("verify --output json").json()

    #expect(ran.status == 0)
    #expect(ran.results.contains("not read   the vault's files: "))
    #expect(json["vaultNotRead"]?.stringValue?.contains(vault) == true)
  }

  @Test func `a vault key that others can read is not taken for none`() async throws {
    let project = try await Project()
    let key = try await project.keyRing() + "/vault.key"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)

    let loose = await project.run("verify")
    try FileManager.default.removeItem(atPath: key)
    let none = await project.run("verify")

    #expect(loose.status == 77)
    #expect(loose.notices.contains(key), "\(loose.notices)")
    #expect(none.status == 0, "\(none.notices)")
  }

  @Test func `a registered witness's word under a receipt counts, a false one breaks it`()
    async throws
  {
    let project = try await Project()
    let key = try GoldenKey.witness.cosignerKey
    #expect(await project.run("key add --role witness --vkey", key.text).status == 0)
    let receipt = try Receipt(parsing: await project.run("show 1 --receipt").results)
    let seen = try GoldenKey.witness.cosigning(receipt.note, at: 1)
    let word = try #require(seen.signatures.last)
    var forged = receipt.note
    forged.add(
      NoteSignature(
        name: word.name, keyID: word.keyID, blob: word.blob.dropLast() + [word.blob[71] ^ 1]))
    for (name, note) in [("true", seen), ("false", forged)] {
      let shown = Receipt(
        extra: receipt.extra, index: receipt.index, hashes: receipt.hashes, note: note)
      try project.write(name, shown.serialized)
    }

    let witnessed = await project.run("verify true")
    let refused = await project.run("verify false")

    #expect(witnessed.status == 0, "\(witnessed.notices)")
    #expect(witnessed.results.contains("checked    the cosignature of witness.example/w1"))
    #expect(!witnessed.results.contains("not witnessed"))
    #expect(refused.status == 10)
    #expect(refused.notices.contains("the signature of 'witness.example/w1' is not by its key"))
  }

  @Test func `database and anchor put back together are seen by what this client remembers`()
    async throws
  {
    let project = try await Project()
    let old = project.root + "/old"
    try FileManager.default.copyItem(atPath: project.file(".stele"), toPath: old)
    #expect(await project.run("config apply development").status == 0)
    #expect(await project.run("verify").status == 0)
    try FileManager.default.removeItem(atPath: project.file(".stele"))
    try FileManager.default.moveItem(atPath: old, toPath: project.file(".stele"))

    let remembering = await project.run("verify")
    try project.forgetWhatWasVerified()
    let forgetting = await project.run("verify")

    #expect(remembering.status == 10)
    #expect(
      remembering.results.contains("verified 4 entries, the ledger now has 2"),
      "\(remembering.results)")
    #expect(forgetting.status == 0)
    #expect(forgetting.results.hasPrefix("self-consistent"))
  }

  @Test func `entries under no checkpoint are a finding, with a pin and without`() async throws {
    let project = try await Project()
    #expect(await project.run("verify").status == 0)
    try project.tamper("DELETE FROM checkpoint")

    let pinned = await project.run("verify")
    let json = try await project.run("verify --output json").json()
    try project.forgetWhatWasVerified()
    let forgetting = await project.run("verify")

    #expect(pinned.status == 10)
    #expect(pinned.results.contains("uncovered: 2 of 2 entries, from 0 on"), "\(pinned.results)")
    #expect(json["uncovered"] == 2)
    #expect(json["findingCount"] == 1)
    #expect(json["verdict"] == "broken")
    #expect(forgetting.status == 10)
  }

  @Test func `an altered receipt is wrong, a shortened one is none`() async throws {
    let project = try await Project()
    let text = await project.run("show 1 --receipt").results
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[2] = "index 0"
    try project.write("altered", lines.joined(separator: "\n"))
    try project.write("short", String(text.prefix(text.count / 2)))

    let altered = await project.run("verify altered")
    let short = await project.run("verify short")
    let missing = await project.run("verify missing")

    #expect(altered.status == 10)
    #expect(altered.notices.contains("proves nothing"))
    #expect(short.status == 65)
    #expect(missing.status == 65)
    #expect(missing.notices.contains("stele show POSITION --receipt"))
  }

  @Test func `what cannot be remembered is said, and is no tampering`() async throws {
    let project = try await Project()

    let ran = await project.run("verify", variables: ["XDG_STATE_HOME": "/proc/nobody"])

    #expect(ran.status == 0, "\(ran.results)")
    #expect(!ran.results.contains("broken"))
    #expect(ran.results.contains("not kept"))
    #expect(ran.results.contains("nothing of it was known here"))
  }
}
