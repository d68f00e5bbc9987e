import CanonicalJSON
import Foundation
import Testing

/// `stele restore`, as a command line.
@Suite struct RestoreCommandTests {
  let project: Project

  init() async throws {
    project = try await Project()
    let made = await project.run("backup copy")
    try #require(made.status == 0, "\(made.notices)")
  }

  func lose(_ name: String) throws {
    for file in [name, name + "-wal", name + "-shm"] {
      try? FileManager.default.removeItem(atPath: project.file(".stele/" + file))
    }
  }

  @Test func `a lost ledger is restored and verified`() async throws {
    try lose("ledger.sqlite")

    let ran = await project.run("restore copy")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.results.hasPrefix("restored   tamma/"))
    #expect(ran.results.contains("size       4 entries"))
    #expect(ran.notices.contains("Next: stele verify"))
    #expect(await project.run("verify").results.hasPrefix("verified"))
  }

  @Test func `what a newer ledger would lose is said, with the command that loses it`()
    async throws
  {
    #expect(await project.run("config apply development").status == 0)
    #expect(await project.run("verify").status == 0)
    let kept = await project.run("restore copy")
    try lose("ledger.sqlite")

    let refused = await project.run("restore copy")
    let ran = try await project.run("restore copy --start-incarnation --output json").json()
    let verified = await project.run("verify")
    let json = try await project.run("verify --output json").json()

    #expect(kept.status == 73)
    #expect(kept.notices.contains("holds together and has"))
    #expect(refused.status == 10)
    #expect(refused.notices.contains("--start-incarnation --recovery FILE"))
    let lost = try #require(ran["lost"]?.integerValue)
    #expect(lost > 0)
    #expect(ran["incarnationAt"] == 3)
    #expect(ran["size"] == 5)
    #expect(verified.status == 0, "\(verified.results)")
    #expect(verified.results.contains("lost       entries 3 to \(2 + lost) of tamma/"))
    #expect(json["lost"]?.arrayValue?.first?.objectValue?["saidAt"] == 3)
    #expect(await project.run("config apply development").status == 0)
  }

  @Test func `a receipt that is none is named, and the database alone can be restored`()
    async throws
  {
    try project.write("copy/ledger.receipt", "nonsense")
    try lose("ledger.sqlite")

    let refused = await project.run("restore copy")
    let ran = await project.run("restore copy/ledger.sqlite")

    #expect(refused.status == 10)
    #expect(refused.notices.contains("copy/ledger.receipt is no receipt"))
    #expect(ran.status == 0, "\(ran.notices)")
    #expect(await project.run("verify").status == 0)
  }

  @Test func `what is no copy, and a key that is none, are told apart`() async throws {
    let nothing = await project.run("restore config")
    let noKey = await project.run("restore copy --vkey nonsense")

    #expect(nothing.status == 65)
    #expect(nothing.notices.contains("no folder that `stele backup` made"))
    #expect(noKey.status == 64)
  }
}
