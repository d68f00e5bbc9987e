import CanonicalJSON
import Testing
import TransparencyLog

import enum Crypto.Curve25519

@testable import Verification

/// Makes ledgers entry by entry with the golden keys: right ones, and wrong ones that are signed.
struct LedgerForge {
  /// One entry before it is signed; the defaults are those of a right one.
  struct Draft {
    var actor = "service"
    /// Golden key names; nil for the actor's own key.
    var signers: [String]?
    /// Each: kind without `.v1`, stream, first version, and data of its events as JSON.
    var runs: [Run] = []
    var because: [String] = []
    var expects: [(String, Int)] = []
    var behalf = ""
    var seen: SeenTree?
    var origin: String?
    /// Seconds after the entry before it.
    var secondsLater: Int64 = 60
    /// Seconds that the signer's clock is behind the log's.
    var secondsBehind: Int64 = 0
    var id: String?
    var keepsBody = true
  }

  struct Run {
    var kind: String
    var stream: String
    var version: Int
    var data: [String]
    var application: String?
    var environment: String?
  }

  private(set) var ledger = MemoryLedger(entries: [], vault: [:])
  private(set) var tree = TreeFollower()
  /// Roots at all sizes.
  private(set) var roots = [Hashing.emptyRoot]
  private(set) var ids: [String] = []
  private var recorded: Int64 = 1_798_761_600_000_000  // 2027-01-01
  private var keys: [String: Curve25519.Signing.PrivateKey] = [:]
  static let origin = "tamma/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1"
  private(set) var origin = LedgerForge.origin

  init() throws {
    for key in GoldenFile.shared.keys {
      keys[key.name] = try .init(rawRepresentation: Hex.decode(key.seed) ?? [])
    }
  }

  /// A ledger that begins as golden ones do: log, service, administrator and three recovery keys.
  static func begun(
    registering names: [String] = [
      "log", "service", "administrator", "recovery1", "recovery2", "recovery3",
    ], threshold: Int = 2
  ) throws -> LedgerForge {
    var forge = try LedgerForge()
    forge.append(
      Draft(
        actor: "administrator", signers: names,
        runs: [Run("ledger.created", "ledger/main", 1, ["{\"recoveryThreshold\":\(threshold)}"])]
          + names.map { Run.registration(of: $0) }))
    return forge
  }

  /// Like ``begun(registering:threshold:)``, with the deployer and the approver.
  static func staffed() throws -> LedgerForge {
    var forge = try begun()
    forge.append(
      Draft(
        actor: "administrator", signers: ["administrator", "deployer", "approver"],
        runs: [.registration(of: "deployer"), .registration(of: "approver")]))
    return forge
  }

  mutating func append(_ draft: Draft) {
    let position = ledger.entries.count
    recorded += draft.secondsLater * 1_000_000
    let id = draft.id ?? LedgerForge.identifier(position)
    let body = LedgerForge.body(draft)
    let header = header(draft, id: id, body: body)
    let line = line(header, signers: draft.signers ?? [draft.actor])
    ledger.entries.append(.init(line: line, body: draft.keepsBody ? body : nil))
    ids.append(id)
    _ = tree.append(line.withUnsafeBytes { Hashing.leaf($0) })
    roots.append(tree.root)
    if let origin = draft.origin { self.origin = origin }
  }

  /// Signs the newest tree as the log does, or as somebody else.
  func checkpoint(
    by name: String = "log", size: Int? = nil, root: Digest? = nil, origin: String? = nil
  ) throws -> String {
    let size = size ?? tree.size
    let checkpoint = try Checkpoint(
      origin: origin ?? self.origin, size: size, root: root ?? roots[size])
    let key = try #require(keys[name])
    let verifier = try VerifierKey(
      name: checkpoint.origin, algorithm: .ed25519, key: Array(key.publicKey.rawRepresentation),
      using: CryptoHashing())
    let signature = verifier.signature(on: checkpoint.text) { message in
      (try? key.signature(for: message)).map { Array($0) } ?? []
    }
    return SignedNote(text: checkpoint.text, signatures: [signature]).serialized
  }

  /// The UUIDv7 of the `number`th entry.
  static func identifier(_ number: Int) -> String {
    let hex = String(number, radix: 16)
    return "01a2ce8b-d400-7000-8000-" + String(repeating: "0", count: 12 - hex.count) + hex
  }
}

extension LedgerForge {
  private static func body(_ draft: Draft) -> [UInt8] {
    let data = draft.runs.flatMap(\.data).joined(separator: ",")
    return Array("{\"data\":[\(data)],\"salt\":\"\(String(repeating: "5a", count: 16))\"}".utf8)
  }

  private func header(_ draft: Draft, id: String, body: [UInt8]) -> [UInt8] {
    let because = draft.because.map { "\"\($0)\"" }.joined(separator: ",")
    let runs = draft.runs.map(\.json).joined(separator: ",")
    let expects = draft.expects.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
    let digest = body.withUnsafeBytes { Hashing.body($0) }
    let seen = draft.seen ?? SeenTree(root: tree.root, size: tree.size)
    let at = CivilTime.text(recorded - draft.secondsBehind * 1_000_000)
    return Array(
      """
      {"actor":"\(GoldenFile.shared.key(draft.actor).owner)","at":"\(at)","because":[\(because)],\
      \(draft.behalf)"body":"\(digest)","entry":"\(id)","events":[\(runs)],"expects":{\(expects)},\
      "ledger":"\(draft.origin ?? origin)","seen":{"root":"\(seen.root)","size":\(seen.size)},"v":1}
      """.utf8)
  }

  private func line(_ header: [UInt8], signers: [String]) -> [UInt8] {
    let message = DSSE.pae(
      payloadType: "application/vnd.stele.entry.v1+json", payload: header)
    let signatures = signers.map { name -> (keyid: String, bytes: [UInt8]) in
      let signature = (try? keys[name]?.signature(for: message)).map { Array($0) } ?? []
      return (GoldenFile.shared.key(name).keyid, signature)
    }
    let texts = signatures.sorted { $0.keyid < $1.keyid }
      .map { "{\"keyid\":\"\($0.keyid)\",\"sig\":\"\(Base64.encode($0.bytes))\"}" }
    return Array(
      """
      {"payload":"\(Base64.encode(header))","payloadType":"application/vnd.stele.entry.v1+json",\
      "recorded":"\(CivilTime.text(recorded))","signatures":[\(texts.joined(separator: ","))]}
      """.utf8)
  }
}

extension LedgerForge.Run {
  init(
    _ kind: String, _ stream: String, _ version: Int, _ data: [String],
    application: String? = nil, environment: String? = nil
  ) {
    self.init(
      kind: kind, stream: stream, version: version, data: data, application: application,
      environment: environment)
  }

  static func registration(
    of name: String, role: String? = nil, extra: String = "", version: Int = 1
  ) -> Self {
    let key = GoldenFile.shared.key(name)
    let owner = Identifier(parsing: key.owner)?.description ?? LedgerForge.identifier(99)
    let data = """
      {"algorithm":"ed25519","key":"\(key.spki)",\(extra)"owner":"\(owner)",\
      "role":"\(role ?? key.role)"}
      """
    return Self("key.registered", "key/\(key.keyid)", version, [data])
  }

  static func revocation(of name: String, suspectFrom: Int? = nil, version: Int = 2) -> Self {
    let extra = suspectFrom.map { ",\"suspectFrom\":\($0)" } ?? ""
    let stream = "key/\(GoldenFile.shared.key(name).keyid)"
    return Self("key.revoked", stream, version, ["{\"reason\":\"rotated\"\(extra)}"])
  }

  /// `count` probe results of `tamma` in production.
  static func health(from version: Int, count: Int = 1) -> Self {
    Self(
      "health.checked", "health/tamma.production", version,
      Array(repeating: "{\"verdict\":\"pass\"}", count: count), application: "tamma",
      environment: "production")
  }

  fileprivate var json: String {
    let application = application.map { "\"application\":\"\($0)\"," } ?? ""
    let environment = environment.map { "\"environment\":\"\($0)\"," } ?? ""
    return """
      {\(application)"count":\(data.count),\(environment)"kind":"\(kind).v1",\
      "stream":"\(stream)","version":\(version)}
      """
  }
}
