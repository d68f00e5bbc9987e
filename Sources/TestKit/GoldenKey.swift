import CanonicalJSON
import Cryptography
import Events

/// The keys and people of the golden ledger: every seed is one byte repeated.
package struct GoldenKey: Sendable {
  package let name: String
  package let role: KeyRole
  package let owner: ActorID
  package let signing: SigningKey

  package var keyid: KeyID { Digest(bytes: signing.publicKey.keyid) }

  package var registration: KeyRegistered {
    KeyRegistered(
      key: PublicKeyBytes(spki: signing.publicKey.spki), owner: owner, role: role,
      name: role == .witness ? MachineWords(name) : nil)
  }

  private init(_ name: String, _ role: KeyRole, _ owner: String, seed: UInt8) {
    self.name = name
    self.role = role
    do {
      self.owner = try ActorID(parsing: owner)
      signing = try SigningKey(seed: Array(repeating: seed, count: SigningKey.seedByteCount))
    } catch { preconditionFailure("a golden key is malformed: \(error)") }
  }

  package static let log = GoldenKey("log", .log, "01a2ce8b-d018-74bc-934e-fae704975308", seed: 1)
  package static let service = GoldenKey(
    "service", .service, "01a2ce8b-d018-7ddb-9af9-b7aa5a1f9351", seed: 2)
  package static let administrator = GoldenKey(
    "administrator", .administrator, "01a2ce8b-d018-7b3f-a8de-63bdacdba6e6", seed: 3)
  package static let recovery1 = GoldenKey(
    "recovery1", .recovery, "01a2ce8b-d018-7570-82d4-8c93b1305b29", seed: 4)
  package static let recovery2 = GoldenKey(
    "recovery2", .recovery, "01a2ce8b-d018-7dd6-b7e9-bcb7be946548", seed: 5)
  package static let recovery3 = GoldenKey(
    "recovery3", .recovery, "01a2ce8b-d018-7c6b-b261-8c5b46c40027", seed: 6)
  package static let deployer = GoldenKey(
    "deployer", .actor, "01a2ce8b-d018-7439-99ba-497f0075d699", seed: 7)
  package static let approver = GoldenKey(
    "approver", .actor, "01a2ce8b-d018-7ec1-bca8-f9437fcf6ca3", seed: 8)
  /// Note name `witness.example/w1`; owner of nobody else's key.
  package static let witness = GoldenKey(
    "witness.example/w1", .witness, "01a2ce8b-d018-7000-8000-000000000009", seed: 9)
  package static let stranger = GoldenKey(
    "stranger", .actor, "01a2ce8b-d018-7854-9edb-431f30ca1923", seed: 10)
  package static let newLog = GoldenKey(
    "newlog", .log, "01a2ce8b-d018-74bc-934e-fae704975308", seed: 11)

  /// What genesis of the golden ledger registers, in its order.
  package static let genesis = [log, service, administrator, recovery1, recovery2, recovery3]
}
