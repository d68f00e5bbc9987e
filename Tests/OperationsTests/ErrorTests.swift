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

@Suite struct ErrorTests {
  private static let digest = ContentDigest(
    sha256: Digest(bytes: Array(repeating: 0xab, count: 32)))

  @Test(arguments: [
    (
      WorkspaceError.notFound(from: "/a") as any ExitingError, Operations.ExitStatus.configuration,
      "/a"
    ),
    (WorkspaceError.noLedger("/a"), .configuration, "stele init"),
    (WorkspaceError.noGenesis("/a"), .integrity, "stele init"),
    (WorkspaceError.ledgerExists("/a"), .cannotWrite, "stele status"),
    (InitializationError.name("a b"), .usage, "'a b'"),
    (InitializationError.recoveryKeys(9), .usage, "not 9"),
    (InitializationError.recoveryThreshold(3, keys: 2), .usage, "--recovery-threshold 2"),
    (KeyWorkError.unknown("ab"), .badData, "stele key list"),
    (KeyWorkError.ambiguous("ab", [digest.sha256, digest.sha256]), .badData, "ids of 2 keys"),
    (KeyWorkError.revoked(digest.sha256, at: 7), .badData, "stele show 7"),
    (
      KeyWorkError.tooFewLeft(digest.sha256, .service, left: 0, needed: 1), .noPermission,
      "stele key add --role service"
    ),
    (KeyWorkError.quorum(found: 1, needed: 2), .noPermission, "--recovery FILE"),
    (KeyWorkError.notRecovery(path: "/k", role: .actor), .noPermission, "as actor"),
    (KeyWorkError.suspectAhead(9, size: 4), .badData, "has 4 entries"),
    (KeyWorkError.logKey(digest.sha256), .noPermission, "stele key rotate-log"),
    (SignerError.unknown(path: "/k", keyid: digest.sha256), .noPermission, "stele key add"),
    (SignerError.revoked(path: "/k", keyid: digest.sha256), .noPermission, "stele key list"),
    (DeploymentError.unknown("x"), .badData, "stele releases"),
    (
      SyncError.nothingCertain("staging", reason: "it is mixed"), .inconclusive,
      "stele status staging"
    ),
    (SyncError.notSeen("staging", reason: "no agent"), .inconclusive, "stele doctor"),
    (DeploymentError.configurationMissing("staging", 3), .badData, "stele verify"),
    (DeploymentError.configurationMisnamed("staging", 3), .integrity, "stele verify"),
    (DeploymentError.strategyMissing("staging"), .configuration, "rolling"),
    (
      DeploymentError.artifactGone("staging", "web", path: "/a"), .badData,
      "the artifact of web is not at /a any more"
    ),
    (
      DeploymentError.componentsDiffer(build: ["b", "a"], application: ["c"]), .badData, "a, b"
    ),
    (DeploymentError.nothingToRollBackTo("staging"), .negative, "stele releases staging"),
    (
      DeploymentError.neverGood(Selector("staging"), outcome: .held), .negative, "it is held"
    ),
    (DeploymentError.nothingToRecover("staging"), .negative, "staging"),
    (
      DeploymentError.nothingOlder("staging", than: 4, before: 3), .negative, "--to 'staging#3'"
    ),
    (
      DeploymentError.nothingOther("staging", than: 2, before: 1), .negative, "--to 'staging#1'"
    ),
    (DeploymentError.elsewhere(Selector("staging"), "production"), .usage, "stele promote staging"),
    (DeploymentError.nothingToPromote("staging"), .negative, "staging#NUMBER"),
    (DeploymentError.preflight(["no disk"]), .unavailable, "  no disk"),
    (DeploymentError.notConfirmed("staging"), .usage, "--yes"),
    (SecretError.empty, .badData, "stele secret set"),
    (SecretError.tooLong(bytes: 65_537), .badData, "65537 bytes"),
    (SecretError.unknown("token", "staging"), .badData, "stele secret list staging"),
    (SecretError.same("token", "staging"), .badData, "token of staging has already"),
    (SecretError.tooMany("staging"), .badData, "200"),
    (
      SecretError.tooManyVersions("token", "staging"), .badData, "stele secret rotate staging token"
    ),
    (SecretError.passphraseMissing(Shop.staging), .usage, "--passphrase-file"),
    (SecretError.passphraseLength(3), .badData, "has 3 bytes"),
    (SecretError.passphraseFile(path: "/p", "it is empty"), .noPermission, "chmod 600 /p"),
    (SecretError.identityFile(path: "/i", "it is another's"), .noPermission, "chmod 600 /i"),
    (SecretError.vaultKeyMissing(path: "/p"), .noPermission, "/p is not there"),
    (SecretError.recipientKnown("age1", "staging"), .badData, "age1 opens"),
    (SecretError.recipientUnknown("age1", "staging"), .badData, "age1 does not open"),
    (SecretError.lastRecipient("staging"), .badData, "recipient add staging"),
    (BuildError.unknownComponent("x", known: ["web"]), .usage, "web"),
    (BuildError.noPath("web"), .usage, "web=PATH"),
    (BuildError.nothingThere("zzzz", path: "/p/zzzz"), .usage, "'zzzz' is taken for a path"),
    (BuildError.unknown(digest), .badData, "stele builds"),
    (BuildError.ambiguous(prefix: "ab", count: 2), .badData, "2 builds"),
    (BuildError.none, .badData, "stele build PATH"),
  ])
  func `an error says what to do next and what to exit with`(
    _ error: any ExitingError, _ status: Operations.ExitStatus, _ words: String
  ) {
    #expect(error.exitStatus == status)
    #expect(error.description.contains(words))
  }

  @Test func `how a deployment ended decides what the command exits with`() {
    let ends: [(DeploymentEnd, Operations.ExitStatus, String)] = [
      (.succeeded, .success, "succeeded"),
      (.rolledBack(restored: 1, reason: "r"), .rolledBack, "rolledBack"),
      (.rollbackFailed(reason: "r"), .rollbackFailed, "rollbackFailed"),
      (.failed(.held, reason: "r"), .negative, "held"),
    ]
    for (end, status, word) in ends {
      #expect(end.exitStatus == status)
      #expect(end.word == word)
    }
  }
}
