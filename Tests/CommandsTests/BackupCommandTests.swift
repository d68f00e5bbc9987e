import CanonicalJSON
import Foundation
import Testing

/// `stele backup`, as a command line.
@Suite struct BackupCommandTests {
  @Test func `a backup says what it holds, and that people's keys are not in it`() async throws {
    let project = try await Project()

    let ran = await project.run("backup", project.file("copy"))

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.results.hasPrefix("backup   \(project.root)/copy\n"))
    #expect(ran.results.contains("size     3 entries, root "))
    #expect(ran.results.contains("copy     verified\n"))
    #expect(ran.notices.contains("People's keys are not in it"))
    let receipt = await project.run("verify copy/ledger.receipt")
    #expect(receipt.results.hasPrefix("verified: entry 2 is among the first 3"))
  }

  @Test func `its JSON names the file with people's keys`() async throws {
    let project = try await Project()

    let ran = await project.run("backup copy --people-keys people.sqlite --output json")

    let json = try ran.json()
    #expect(json["schema"] == "stele.backup")
    #expect(json["peopleKeys"] == .string(project.file("people.sqlite")))
    #expect(json["verdict"] == "verified")
    #expect(json["size"] == 4)
    #expect(!ran.notices.contains("People's keys are not in it"))
  }

  @Test func `a damaged ledger is not backed up`() async throws {
    let project = try await Project()
    _ = await project.run("config apply development")
    try project.tamper("UPDATE entry SET recorded = recorded + 1 WHERE position = 2")

    let ran = await project.run("backup copy")

    #expect(ran.status == 10)
    #expect(ran.notices.contains("Nothing was done"), "\(ran.notices)")
    #expect(ran.notices.contains("stele verify"))
    #expect(!FileManager.default.fileExists(atPath: project.file("copy")))
  }

  @Test func `what stands there already is not replaced`() async throws {
    let project = try await Project()

    let ran = await project.run("backup config")

    #expect(ran.status == 73)
    #expect(ran.notices.contains("stele backup \(project.root)/config-2"))
  }
}
