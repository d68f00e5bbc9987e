import CanonicalJSON
import Testing

/// `stele key`.
@Suite struct KeyCommandTests {
  private func keys(_ project: Project) async throws -> [JSONObject] {
    try await project.run("key list --output json").json()["keys"]?.arrayValue?
      .compactMap(\.objectValue) ?? []
  }

  private func keyid(_ role: String, _ project: Project) async throws -> String {
    let key = try await keys(project).first { $0["role"] == .string(role) }
    return try #require(key?["keyid"]?.stringValue)
  }

  @Test func `a new ledger has five keys`() async throws {
    let project = try await Project()

    let roles = try await keys(project).compactMap { $0["role"]?.stringValue }

    #expect(roles.sorted() == ["actor", "administrator", "log", "recovery", "service"])
    let table = await project.run("key list").results
    #expect(table.hasPrefix("KEY"))
    #expect(table.contains("recovery      1 recovery keys sign together"))
  }

  @Test func `an added actor may do what was granted, and nothing more`() async throws {
    let project = try await Project()

    let added = await project.run(
      "key add --role actor --key ada.pem --grant viewer --environment dev staging")
    let denied = await project.run("config apply development --key ada.pem")

    #expect(added.status == 0, "\(added.notices)")
    #expect(added.results.contains("just made"))
    #expect(denied.status == 4 || denied.status == 77, "\(denied.notices)")
    #expect(denied.notices.contains("denied"))
    #expect(await project.run("verify").status == 0)
  }

  @Test(arguments: ["actor", "service", "administrator", "recovery"])
  func `every role but the log's can be added, for an owner of one's choice`(
    role: String
  ) async throws {
    let project = try await Project()
    let known = try await keys(project)
    let owner = try #require(known.first?["owner"]?.stringValue)

    let ran = await project.run(
      "key add --role \(role) --key new.pem --owner \(owner) "
        + "--grant administrator --environment all --output json")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(try ran.json()["owner"] == .string(owner))
    #expect(try await keys(project).count == 6)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a witness is added by its verifier key`() async throws {
    let project = try await Project()
    let other = try await Project().run("key list --output json").json()
    let vkey = try #require(other["verifierKey"]?.stringValue)

    let ran = await project.run("key add --role witness --vkey", vkey)

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(try await keys(project).contains { $0["role"] == "witness" && $0["name"] != nil })
  }

  @Test func `a key enters the ledger once`() async throws {
    let project = try await Project()
    #expect(await project.run("key add --role actor --key ada.pem").status == 0)

    #expect(await project.run("key add --role service --key ada.pem").status == 65)
  }

  @Test func `a revoked key signs no more`() async throws {
    let project = try await Project()
    let keyid = try await keyid("actor", project)

    let revoked = await project.run(
      "key revoke \(keyid.prefix(12)) --reason compromised --suspect-from 1")
    let again = await project.run("key revoke \(keyid) --reason lost")

    #expect(revoked.status == 0, "\(revoked.notices)")
    #expect(again.status == 65)
    #expect(await project.run("config apply development").status == 77)
    let verified = await project.run("verify")
    #expect(verified.status == 0)
    #expect(verified.results.contains("doubted    what \(keyid.prefix(16)) signed from entry 1 on"))
  }

  @Test(arguments: ["administrator", "service", "recovery", "log"])
  func `keys that a ledger cannot go on without stay`(role: String) async throws {
    let project = try await Project()
    let keyid = try await keyid(role, project)

    let ran = await project.run("key revoke \(keyid) --reason lost")

    #expect(ran.status == 77)
    #expect(ran.notices.contains("Nothing was revoked"))
  }

  @Test func `a recovery key goes when another one has come`() async throws {
    let project = try await Project()
    let keyid = try await keyid("recovery", project)
    #expect(await project.run("key add --role recovery --key new.pem").status == 0)

    #expect(await project.run("key revoke \(keyid) --reason rotated").status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a prefix has to mean one key`() async throws {
    let project = try await Project()
    for index in 0..<17 {
      #expect(await project.run("key add --role actor --key \(index).pem").status == 0)
    }
    let first = try await keys(project).compactMap { $0["keyid"]?.stringValue?.first }
    let shared = try #require(first.first { digit in first.count { $0 == digit } > 1 })

    let ambiguous = await project.run("key revoke \(shared) --reason lost")

    #expect(ambiguous.status == 65)
    #expect(ambiguous.notices.contains("begins the ids of"))
    #expect(await project.run("key revoke zz --reason lost").notices.contains("no key's id begins"))
  }

  @Test(arguments: [
    "key add --role actor", "key add --role witness --key a.pem", "key add --role log --key a.pem",
    "key add --role actor --key a.pem --grant viewer",
    "key add --role actor --key a.pem --grant viewer --environment moon",
    "key add --role witness --vkey nonsense", "key revoke 00 --reason boredom",
    "key revoke 00 --reason lost --suspect-from -1",
    "key add --role actor --key a.pem --grant viewer --environment all --administrator-lost",
  ])
  func `what cannot be meant is a usage error`(line: String) async throws {
    let project = try await Project()

    #expect(await project.run(line).status == 64)
  }
}
