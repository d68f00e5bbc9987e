import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import Foundation
import LedgerStore
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

@testable import Operations

@Suite struct BuildWorkTests {
  @Test func `the same bytes are one build`() async throws {
    let shop = try await Shop()
    let first = try await shop.make("first")
    let again = try await shop.make("first")
    #expect(!first.isKnown)
    #expect(again.isKnown)
    #expect(again.digest == first.digest)
    #expect(try await shop.session.state().builds.all.count == 1)
    #expect(try await shop.make("second").digest != first.digest)
  }

  @Test func `the same bytes of another change are recorded again, and it is the newest`()
    async throws
  {
    let shop = try await Shop()
    let unknown = try await shop.make("first")
    let second = try await shop.make("second")
    let flags = ChangeFlags(ticket: "OPS-77")
    let known = try await shop.make("first", flags)
    let same = try await shop.make("first", flags)
    let silent = try await shop.make("first")
    #expect(try await shop.session.state().builds[known.digest]?.change.ticket == "OPS-77")
    let worded = try await shop.make("first", ChangeFlags(message: "said anew"))

    #expect(
      [unknown, known, same, silent, worded].map(\.isKnown) == [false, false, true, true, false])
    let builds = try await shop.session.state().builds
    #expect(builds.all.map(\.digest) == [second.digest, known.digest])
    #expect(builds[known.digest]?.change.message != nil)
  }

  @Test func `whoever was an author of the same bytes stays one, and a deployment proves it`()
    async throws
  {
    let shop = try await Shop()
    let authors = (1...2).map {
      ActorID.make(at: .earliest, random: [UInt8](repeating: $0, count: 10))
    }
    for author in authors {
      _ = try await shop.make("first", ChangeFlags(author: author, ticket: "OPS-1"))
    }
    let build = try await shop.make("first").digest

    let known = try #require(try await shop.session.state().builds[build])
    #expect(known.change.author == authors[1])
    #expect(known.authors.writers == Set(authors + [shop.person.actor]))
    #expect(known.authors.makers == Set(authors + [shop.person.actor]))
    #expect(try await shop.deploy("first") == .succeeded)
  }

  @Test func `what is known of the same commit is kept when less is said of it again`()
    async throws
  {
    let shop = try await Shop()
    let commit = String(repeating: "a", count: 40)
    let ticket = ChangeFlags(commit: commit, ticket: "OPS-1")
    let made = try await shop.make("first", ticket)
    let less = try await shop.make("first", ChangeFlags(commit: commit))
    let more = try await shop.make(
      "first", ChangeFlags(commit: commit, run: "https://ci.example/7"))
    let both = try #require(try await shop.session.state().builds[made.digest]).change
    let other = try await shop.make(
      "first", ChangeFlags(commit: String(repeating: "b", count: 40)))
    let last = try #require(try await shop.session.state().builds[made.digest]).change

    #expect([less.isKnown, more.isKnown, other.isKnown] == [true, false, false])
    #expect(both.ticket == "OPS-1")
    #expect(both.run?.text == "https://ci.example/7")
    #expect(last.ticket == nil)
  }

  @Test func `a component's path is where somebody says, or where the application says`() throws {
    let directory = try TemporaryDirectory()
    let files = ShopFiles(root: directory.path)
    try files.write()
    _ = try files.artifacts("second")
    let application = try ProjectFiles(Workspace(root: directory.path), variables: [:])
      .application().description
    let paths = BuildPaths(
      application, root: directory.path, workingDirectory: directory.file("dist"))
    #expect(
      try paths.resolve(["worker=second/worker"]) == [
        "web": directory.file("dist/first/web"), "worker": directory.file("dist/second/worker"),
      ])
    #expect(
      try paths.resolve(["second"]) == [
        "web": directory.file("dist/second/web"), "worker": directory.file("dist/second/worker"),
      ])
    #expect(throws: BuildError.unknownComponent("db", known: ["web", "worker"])) {
      try paths.resolve(["db=/db"])
    }
    #expect(throws: BuildError.noPath("worker")) { try paths.resolve([]) }
    #expect(throws: BuildError.nothingThere("zzzz", path: directory.file("dist/zzzz"))) {
      try paths.resolve(["zzzz"])
    }
  }

  @Test func `a configuration is recorded once`() async throws {
    let shop = try await Shop()
    let work = ConfigurationWork(shop.session)
    let applied = try await work.apply(
      shop.configuration(), policy: .none, by: shop.person, reason: "a beginning")
    guard case .applied(release: 1, version: 1, let difference) = applied else {
      Issue.record("it was \(applied)")
      return
    }
    #expect(!difference.isEmpty)
    let again = try await work.apply(
      shop.configuration(), policy: .none, by: shop.person, reason: nil)
    #expect(again == .unchanged(version: 1))
    try shop.files.describe("Changed")
    let changed = try await work.apply(
      shop.configuration(), policy: .none, by: shop.person, reason: nil)
    guard case .applied(release: 2, version: 2, let second) = changed else {
      Issue.record("it was \(changed)")
      return
    }
    #expect(second.map(\.path) == ["description"])
  }

  @Test func `an applied configuration is deployed under its own version`() async throws {
    let shop = try await Shop()
    _ = try await ConfigurationWork(shop.session).apply(
      shop.configuration(), policy: .none, by: shop.person, reason: nil)
    #expect(try await shop.deploy("first") == .succeeded)
    let running = try #require(await shop.running())
    #expect(running.configurationVersion == 1)
    #expect(running.release == 2)
  }

  @Test func `words with a zero byte are refused and not repeated`() async throws {
    let shop = try await Shop()
    await #expect {
      try await ConfigurationWork(shop.session).apply(
        shop.configuration(), policy: .none, by: shop.person, reason: "secret\u{0}word")
    } throws: {
      $0 is WordsError && !"\($0)".contains("secret")
    }
  }
}
