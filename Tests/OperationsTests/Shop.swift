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

/// A project with a ledger and a simulated staging environment.
final class Shop: Sendable {
  static let staging = Place("shop", "staging")

  let directory: TemporaryDirectory
  let files: ShopFiles
  let time = ShiftedTime()
  let runtimes: SimulatedRuntimes
  let session: Session
  let person: Signer

  var platform: SimulatedPlatform { runtimes.platform }
  var workspace: Workspace { session.workspace }
  var variables: [String: String] { Self.variables(directory) }

  init(recovery: RecoveryPlan = RecoveryPlan()) async throws {
    directory = try TemporaryDirectory()
    files = ShopFiles(root: directory.path)
    try files.write()
    let variables = Self.variables(directory)
    let workspace = Workspace(root: directory.path)
    _ = try await Initialization(
      workspace: workspace, name: "shop", recovery: recovery, variables: variables, time: time
    ).run()
    session = try Session.open(workspace, for: .appending, variables: variables, time: time)
    person = try await session.person(keyAt: nil)
    runtimes = SimulatedRuntimes()
  }

  private static func variables(_ directory: TemporaryDirectory) -> [String: String] {
    [
      "XDG_CONFIG_HOME": directory.file("xdg/config"),
      "XDG_STATE_HOME": directory.file("xdg/state"),
    ]
  }

  func configuration() throws -> ResolvedConfiguration {
    try ProjectFiles(workspace, variables: [:]).resolve(.staging)
  }

  func make(
    _ words: String, _ flags: ChangeFlags = ChangeFlags()
  ) async throws -> BuildWork.Made {
    try await BuildWork(session).make(
      "shop", from: files.artifacts(words), change: Self.change(flags), by: person)
  }

  static func change(_ flags: ChangeFlags = ChangeFlags()) throws -> CapturedChange {
    try ChangeCapture.change(flags: flags, variables: [:], git: nil)
  }

  func build(_ words: String) async throws -> ContentDigest { try await make(words).digest }

  func wish(_ build: ContentDigest) throws -> DeploymentWish {
    DeploymentWish(
      configuration: try configuration(), policy: .none, build: build, cause: .deployment)
  }

  @discardableResult
  func deploy(_ words: String, by signer: Signer? = nil) async throws -> DeploymentEnd {
    let wish = try wish(try await build(words))
    return try await DeployWork(session, runtimes: runtimes).deploy(
      wish, by: signer ?? person, observer: { _ in })
  }

  /// Replicas of this build end by themselves soon after their start.
  func spoil(_ build: ContentDigest) async {
    await platform.behave(.with { $0.endWhenProbed = .status(1) }) {
      $0.build == build
    }
  }

  /// Takes an artifact away, to `PATH.away`.
  ///
  /// - Returns: Where it was.
  func removeArtifact(
    of component: ComponentName, in build: ContentDigest
  ) async throws -> String {
    let components = try await session.state().builds[build]?.components
    let artifact = try #require(components?.first { $0.name == component }).artifact
    let path = ArtifactStore(root: workspace.artifacts).path(of: artifact)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
    return path
  }

  func running() async throws -> RunningReleases.Running? {
    try await session.state().running.running(in: Self.staging)
  }

  func newestDeployment() async throws -> DeploymentID? {
    try await session.state().deployments.latest(in: Self.staging)?.id
  }

  /// Positions of recorded decisions that the ledger's facts do not lead to.
  func disagreements() async throws -> [Int] {
    var positions: [Int] = []
    for deployment in try await session.state().deployments.all {
      positions += try await session.replay(of: deployment.id)?.disagreements ?? [-1]
    }
    return positions
  }

  /// Somebody whose key the ledger knows and who was granted nothing.
  func stranger() async throws -> Signer {
    let stranger = Signer(
      actor: .make(at: time.now(), random: SystemRandom().bytes(10)), key: .generate())
    let registered = KeyRegistered(
      key: PublicKeyBytes(spki: stranger.key.publicKey.spki), owner: stranger.actor, role: .actor)
    _ = try await session.record(
      EntryDraft([DraftEvent(registered, in: .key(stranger.keyid))]),
      by: session.signer(.administrator), cosigners: [stranger])
    return stranger
  }
}
