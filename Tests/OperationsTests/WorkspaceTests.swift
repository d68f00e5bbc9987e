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

@Suite struct WorkspaceTests {
  @Test func `a project is found from a directory inside it`() throws {
    let directory = try TemporaryDirectory()
    try ShopFiles(root: directory.path).write()
    let inside = directory.file("config/environments")
    let workspace = try Workspace.find(from: inside, variables: [:])
    #expect(workspace.root == directory.path)
    #expect(workspace.ledger == directory.file(".stele"))
    #expect(workspace.artifacts == directory.file(".stele/artifacts"))
    #expect(workspace.application == directory.file("config/application.yaml"))
    #expect(workspace.environments == directory.file("config/environments"))
    #expect(workspace.run("staging") == directory.file(".stele/run/staging"))
    #expect(!workspace.hasLedger)
  }

  @Test func `a variable names the ledger`() throws {
    let workspace = try Workspace.find(
      from: "/nowhere", variables: ["STELE_LEDGER": "/project/ledger"])
    #expect(workspace == Workspace(root: "/project", ledger: "/project/ledger"))
  }

  @Test func `outside a project nothing is found`() throws {
    let directory = try TemporaryDirectory()
    #expect(throws: WorkspaceError.notFound(from: directory.path)) {
      try Workspace.find(from: directory.path, variables: ["STELE_LEDGER": ""])
    }
  }

  @Test func `where the working directory is gone nothing is looked for`() {
    for variables in [[:], ["STELE_LEDGER": ".stele"]] {
      #expect(throws: WorkspaceError.directoryGone) {
        try Workspace.find(from: "", variables: variables)
      }
    }
  }

  @Test func `a key ring lies outside the project`() {
    let keys = KeyRing(log: "id", variables: ["XDG_CONFIG_HOME": "/c", "HOME": "/users/a"])
    #expect(keys.directory == "/c/stele/keys/id")
    #expect(keys.path(.actor) == "/c/stele/keys/id/actor.pem")
    #expect(keys.vaultKey == "/c/stele/keys/id/vault.key")
    #expect(keys.snapshotKey == "/c/stele/keys/id/snapshot.key")
  }

  @Test func `a relative base directory is ignored`() {
    let variables = ["XDG_CONFIG_HOME": "c", "HOME": "/users/a"]
    #expect(KeyRing(log: "id", variables: variables).directory == "/users/a/.config/stele/keys/id")
    #expect(KeyRing.stateDirectory(variables: variables) == "/users/a/.local/state/stele")
  }
}
