import CanonicalJSON
import Foundation
import Testing
import TransparencyLog

@testable import Verification

/// Receipts, checked without the ledger.
@Suite struct ReceiptVerifierTests {
  let receipt = GoldenFile.shared.receipt.text
  private let log = GoldenFile.shared.key("log").vkey ?? ""
  private var deployer: [UInt8] { Hex.decode(GoldenFile.shared.key("deployer").spki) ?? [] }

  private func error(
    _ text: String, _ verifier: ReceiptVerifier = ReceiptVerifier()
  ) -> ReceiptError? {
    do throws(ReceiptError) {
      _ = try verifier.verify(text)
      return nil
    } catch { return error }
  }

  @Test func `with the log's and the signer's key the golden receipt is verified`() throws {
    let verifier = ReceiptVerifier(logKeys: [log], signerKeys: [deployer])

    let report = try verifier.verify(receipt)

    #expect(report.position == 4)
    #expect(report.checkpoint.size == 5)
    #expect(report.verdict == .verified)
    #expect(report.limits == [.notWitnessed, .bodyNotRead])
    #expect(report.signers.map(\.isChecked) == [true])
    #expect(report.entry.description == "01a2ce8e-a6a8-7694-837d-0b229c3837e5")
    #expect(report.actor.description == GoldenFile.shared.key("deployer").owner)
    #expect(report.ledger.description == LedgerForge.origin)
    #expect(CivilTime.text(report.recorded) == "2027-01-01T00:03:05.001500Z")
    #expect(
      report.events == [
        "configuration.applied.v1 in configuration/tamma.production, version 1",
        "release.started.v1 in release/tamma.production, version 1",
      ])
  }

  @Test func `without any key it agrees with itself, and says what was not checked`() throws {
    let report = try ReceiptVerifier().verify(receipt)

    #expect(report.verdict == .selfConsistent)
    let words = report.limits.map(\.description)
    #expect(words.count == 4)
    #expect(words[0].contains("log's key was not known"))
    #expect(words[1] == "not witnessed")
    #expect(words[2].contains(GoldenFile.shared.key("deployer").keyid))
    #expect(words[3].contains("not part of a receipt"))
  }

  @Test func `a cosignature by a known witness is counted`() throws {
    var forge = try LedgerForge.staffed()
    forge.append(.init(runs: [.health(from: 1, count: 2)]))
    let note = try SignedNote(parsing: forge.checkpoint())
    let single = Receipt(
      extra: forge.ledger.entries[2].line, index: 2,
      hashes: [forge.roots[2]], note: note)
    let report = try ReceiptVerifier(logKeys: [log]).verify(single.serialized)
    #expect(report.events == ["health.checked.v1 in health/tamma.production, versions 1 to 2"])

    let witness = GoldenFile.shared.key("witness").vkey ?? ""
    let golden = try SignedNote(parsing: GoldenFile.shared.witnessedCheckpoint)
    let entries = GoldenFile.shared.entries
    let leaves = try entries.map { try #require(Digest(hex: $0.leafHash)) }
    let witnessed = Receipt(
      extra: Array(entries[11].line.utf8), index: 11,
      hashes: [
        leaves[10], Hashing.node(leaves[8], leaves[9]), try GoldenTree.node(leaves[0..<8]),
      ], note: golden)
    let verifier = ReceiptVerifier(logKeys: [log], witnessKeys: [witness])
    let covered = try verifier.verify(witnessed.serialized)
    #expect(covered.witnesses == ["witness.example/w1"])
    #expect(!covered.limits.contains(.notWitnessed))
  }

  @Test func `a receipt changed anywhere proves nothing`() {
    #expect(
      error(receipt.replacingOccurrences(of: "index 4", with: "index 3"))?.name == "proofInvalid")
    #expect(
      error(receipt.replacingOccurrences(of: "\nTQYu", with: "\nTQYv"))?.name == "proofInvalid")
    #expect(error(receipt.replacingOccurrences(of: "VCVR", with: "VCVS"))?.name == "proofInvalid")
    #expect(error("x")?.name == "form")
    #expect(error(receipt.replacingOccurrences(of: "\n5\n", with: "\nfive\n"))?.name == "form")
    #expect(
      error(receipt.replacingOccurrences(of: "7910/1\n5", with: "7910/0\n5"))?.name
        == "originMismatch")
    let withoutLine = receipt.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("extra ") }.joined(separator: "\n")
    #expect(error(withoutLine) == .lineMissing)
  }

  @Test(
    arguments: [
      ("lineTooLong", [UInt8](repeating: 0x41, count: 65_536)), ("lineForm", [0x41]),
    ] as [(String, [UInt8])])
  func `an extra that is no line is refused`(name: String, line: [UInt8]) {
    let encoded = Base64.encode(line)
    let text = receipt.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("extra ") ? "extra \(encoded)" : String($0) }.joined(separator: "\n")
    guard case .entry(let found) = error(text) else {
      Issue.record("\(String(describing: error(text)))")
      return
    }
    #expect(found.name == name)
  }

  @Test func `a signature that is not by its key is an error, known log or known signer`() throws {
    let golden = GoldenFile.shared.entries[4].line
    let forged = golden.replacingOccurrences(of: "/IRKKLNq6s0sCqVJ", with: "/IRKKLNq6s0sCqRJ")
    let single = try Checkpoint(
      origin: LedgerForge.origin, size: 1,
      root: Array(forged.utf8).withUnsafeBytes { Hashing.leaf($0) })
    let note = SignedNote(
      text: single.text,
      signatures: try SignedNote(parsing: GoldenFile.shared.witnessedCheckpoint).signatures)
    let text = Receipt(extra: Array(forged.utf8), index: 0, hashes: [], note: note).serialized

    #expect(error(text) == nil)
    #expect(error(text, ReceiptVerifier(signerKeys: [deployer]))?.name == "entry")
    #expect(error(text, ReceiptVerifier(logKeys: [log]))?.name == "checkpointSignature")
    let newlog = GoldenFile.shared.key("newlog").vkey ?? ""
    #expect(error(receipt, ReceiptVerifier(logKeys: [newlog]))?.name == "checkpointSignature")
    #expect(error(receipt, ReceiptVerifier(logKeys: ["x"]))?.name == "form")
    #expect(error(receipt, ReceiptVerifier(witnessKeys: ["x+y"]))?.name == "form")
    #expect(
      error(text, ReceiptVerifier(logKeys: [log]))?.description.hasPrefix("The receipt proves")
        == true)
  }

  @Test func `each refusal says what disagrees`() throws {
    let errors: [ReceiptError] = [
      .lineMissing, .entry(.lineTooLong(bytes: 70_000)), .form(.unsigned),
      .originMismatch(
        entry: try #require(LedgerOrigin(parsing: LedgerForge.origin)), checkpoint: "other"),
      .proofInvalid(signed: Hashing.emptyRoot, derived: nil),
      .checkpointSignature(.notSigned(by: "tamma")),
    ]
    for error in errors { #expect(error.description.hasPrefix("The receipt proves nothing: ")) }
  }
}

extension ReceiptError {
  fileprivate var name: String { Mirror(reflecting: self).children.first?.label ?? "\(self)" }
}

/// The tree over golden leaves, by plain recursion.
enum GoldenTree {
  static func node(_ leaves: ArraySlice<Digest>) throws -> Digest {
    if leaves.count == 1, let leaf = leaves.first { return leaf }
    var half = 1
    while half * 2 < leaves.count { half *= 2 }
    let middle = leaves.startIndex + half
    return Hashing.node(try node(leaves[..<middle]), try node(leaves[middle...]))
  }
}
