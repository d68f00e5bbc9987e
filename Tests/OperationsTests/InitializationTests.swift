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

@Suite struct InitializationTests {
  @Test func `a new ledger knows its five keys and its first administrator`() async throws {
    let shop = try await Shop()
    let state = try await shop.session.state()
    #expect(state.keys.byID.count == 5)
    for name in KeyRing.Name.allCases {
      let signer = try await shop.session.signer(name)
      #expect(state.keys.byID[signer.keyid]?.role.rawValue == name.rawValue)
    }
    #expect(state.grants.version(of: shop.person.actor) == 1)
  }

  @Test func `a second ledger is not made over the first`() async throws {
    let shop = try await Shop()
    await #expect(throws: WorkspaceError.ledgerExists(shop.workspace.ledger)) {
      try await Initialization(
        workspace: shop.workspace, name: "shop", variables: shop.variables
      ).run()
    }
  }

  @Test func `a name that is none makes nothing`() async throws {
    let directory = try TemporaryDirectory()
    let workspace = Workspace(root: directory.path)
    await #expect(throws: InitializationError.name("no name")) {
      try await Initialization(
        workspace: workspace, name: "no name", variables: ["XDG_CONFIG_HOME": directory.path]
      ).run()
    }
    #expect(!workspace.hasLedger)
  }

  @Test func `without a ledger no session is opened`() throws {
    let directory = try TemporaryDirectory()
    let workspace = Workspace(root: directory.path)
    #expect(throws: WorkspaceError.noLedger(workspace.ledger)) {
      try Session.open(workspace, for: .reading, variables: [:])
    }
  }

  @Test func `a key that the ledger does not know signs nothing`() async throws {
    let shop = try await Shop()
    let path = shop.directory.file("stranger.pem")
    try KeyFile.write(.generate(), to: path)
    await #expect {
      try await shop.session.person(keyAt: path)
    } throws: {
      guard case SignerError.unknown(path, _) = $0 else { return false }
      return "\($0)".contains(path)
    }
  }

  @Test func `state as of an earlier size lacks what came later`() async throws {
    let shop = try await Shop()
    let state = try await shop.session.state(ofSize: 1)
    #expect(state.keys.byID.count == 5)
    #expect(state.grants.version(of: shop.person.actor) == 0)
  }
}
