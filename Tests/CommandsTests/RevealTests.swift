import CanonicalJSON
import Events
import Foundation
import LedgerStore
import Operations
import Testing

/// `stele show --reveal`: who may open somebody's words, and what is left of them.
@Suite struct RevealTests {
  private let project: Project
  /// Of the entry that has the reason.
  private let position = 3

  init() async throws {
    project = try await Project()
    let applied = await project.run("config apply development --reason", "for Ada Lovelace")
    try #require(applied.status == 0, "\(applied.notices)")
  }

  private func decisions() async throws -> [JSONObject] {
    let lines = await project.run("log --kind access.decided.v1 --output jsonl").results
    return try lines.split(separator: "\n").compactMap {
      try JSONValue(parsing: String($0)).objectValue?["data"]?.objectValue
    }
  }

  @Test func `without the ring's vault key all goes on but personal words`() async throws {
    let ring = try await project.keyRing()
    for name in ["vault.key", "snapshot.key"] {
      try FileManager.default.moveItem(atPath: "\(ring)/\(name)", toPath: project.file(name))
    }
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("level: debug", with: "level: info"))

    let worded = await project.run("config apply development --reason", "for Ada")
    let before = try await project.run("log --output json").json()["events"]?.arrayValue?.count
    let applied = await project.run("config apply development")
    let shown = await project.run("show 3 --reveal")

    #expect(worded.status == 77)
    #expect(worded.notices.contains("no key at hand opens"), "\(worded.notices)")
    #expect(worded.notices.contains("Put vault.key"))
    #expect(applied.status == 0, "\(applied.notices)")
    #expect(shown.status == 77)
    let after = try await project.run("log --output json").json()["events"]?.arrayValue?.count
    #expect(try #require(before) < #require(after))
    for name in ["vault.key", "snapshot.key"] {
      try FileManager.default.moveItem(atPath: project.file(name), toPath: "\(ring)/\(name)")
    }
    #expect(await project.run("show 3 --reveal").results.contains("for Ada Lovelace"))
    #expect(await project.run("verify").status == 0)
  }

  /// Everything that is on disk or was printed, but for the vault.
  private func isWritten(_ words: String, in path: String) throws -> Bool {
    try Data(contentsOf: URL(filePath: project.file(path))).range(of: Data(words.utf8)) != nil
  }

  @Test func `who may is shown the value in every format, and the ledger knows`() async throws {
    let table = await project.run("show 3 --reveal")
    let json = try await project.run("show 3 --reveal --output json").json()
    let jsonl = await project.run("show 3 --reveal --output jsonl").results
    let csv = await project.run("show 3 --reveal --output csv").results

    #expect(table.results.contains(#"  revealed /reason  "for Ada Lovelace""#))
    let revealed = json["revealed"]?.arrayValue?.first?.objectValue
    #expect(revealed?["value"] == "for Ada Lovelace")
    #expect(revealed?["state"] == "revealed")
    #expect(jsonl.contains("for Ada Lovelace"))
    #expect(csv.contains("for Ada Lovelace"))
    let decided = try await decisions().filter { $0["action"] == "entry.reveal" }
    #expect(decided.map { $0["decision"] } == ["allow", "allow", "allow", "allow"])
  }

  @Test func `without --reveal nothing is opened, asked or recorded`() async throws {
    for format in ["table", "json", "jsonl", "csv"] {
      let shown = await project.run("show 3 --output \(format)")
      #expect(shown.status == 0)
      #expect(!shown.results.contains("Ada"))
    }
    #expect(try await decisions().count == 1)
  }

  @Test func `who may not learns nothing, and the denial is recorded`() async throws {
    let added = await project.run(
      "key add --role actor --key ben.pem --grant deployer --environment all")
    try #require(added.status == 0, "\(added.notices)")

    let ran = await project.run("show 3 --reveal --key ben.pem")
    let again = await project.run("show 3 --reveal --key ben.pem")

    #expect(ran.status == 77)
    #expect(ran.results.isEmpty)
    #expect(ran.notices.contains("entry.reveal in development is denied"))
    #expect(ran.notices.contains("The denial is recorded."))
    #expect(!(ran.notices + again.notices).contains("Ada"))
    let denied = try await decisions().filter { $0["decision"] == "deny" }
    #expect(denied.first?["action"] == "entry.reveal")
    #expect(denied.first?["reasons"] == ["roleInsufficient"])
  }

  @Test func `a stranger's key opens nothing and is not recorded`() async throws {
    let other = try await Project()
    let key = try await other.keyRing() + "/actor.pem"

    let ran = await project.run("show 3 --reveal --key", key)

    #expect(ran.status == 77)
    #expect(ran.notices.contains("the ledger does not know the key"))
    #expect(try await decisions().count == 1)
  }

  @Test func `an erased person's words are gone, and the answer says so`() async throws {
    let sealed = try await project.run("show 3 --reveal --output json").json()["revealed"]?
      .arrayValue?.first?.objectValue
    let subject = try SubjectID(parsing: try #require(sealed?["subject"]?.stringValue))
    let session = try project.session()
    try session.ledger.erase(subject)
    _ = try await session.record(
      EntryDraft([DraftEvent(PrivacyErased(basis: "request"), in: .privacy(subject))]),
      by: session.signer(.administrator))
    try await session.close()

    let table = await project.run("show 3 --reveal")
    let json = try await project.run("show 3 --reveal --output json").json()

    #expect(table.status == 0, "\(table.notices)")
    #expect(table.results.contains("  erased /reason  \(subject) was erased for ever"))
    #expect(!table.results.contains("Ada"))
    let erased = json["revealed"]?.arrayValue?.first?.objectValue
    #expect(erased?["state"] == "erased")
    #expect(erased?["value"] == nil)
    let verified = await project.run("verify")
    #expect(verified.status == 0, "\(verified.results)")
  }

  @Test func `the words are in no file but the vault, and there encrypted`() async throws {
    _ = await project.run("show 3 --reveal")

    for file in ["ledger.sqlite", "vault.sqlite", "vault-keys.sqlite", "anchor"] {
      #expect(try !isWritten("Lovelace", in: ".stele/" + file))
    }
  }

  @Test func `without the vault's key the error names the file and not the value`() async throws {
    let ring = try await project.keyRing()
    try FileManager.default.removeItem(atPath: ring + "/vault.key")

    let ran = await project.run("show 3 --reveal")

    #expect(ran.status == 77 || ran.status == 73, "\(ran.notices)")
    #expect(ran.notices.contains("vault.key"))
    #expect(!ran.notices.contains("Ada"))
  }

  @Test func `an entry without personal values asks nobody`() async throws {
    let ran = await project.run("show 1 --reveal")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(try await decisions().count == 1)
  }
}
