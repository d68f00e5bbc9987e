import CanonicalJSON
import TransparencyLog

/// Verifies a receipt without the ledger: a C2SP tlog-proof whose extra is the entry's line.
///
/// What can be checked depends on what the caller brings: the log's vkey, the signers' public keys,
/// the witnesses' vkeys. Everything that was not checked is said in ``ReceiptReport/limits``.
package struct ReceiptVerifier: Sendable {
  /// The log's vkeys as the caller knew them beforehand.
  package var logKeys: [String]
  /// SPKI DER of people and services whose signatures the caller can recognise.
  package var signerKeys: [[UInt8]]
  /// vkeys of witnesses, whose cosignatures count.
  package var witnessKeys: [String]

  package init(
    logKeys: [String] = [], signerKeys: [[UInt8]] = [], witnessKeys: [String] = []
  ) {
    self.logKeys = logKeys
    self.signerKeys = signerKeys
    self.witnessKeys = witnessKeys
  }

  /// - Throws: ``ReceiptError``: the first thing that is wrong.
  package func verify(_ text: String) throws(ReceiptError) -> ReceiptReport {
    let (receipt, checkpoint) = try ReceiptVerifier.parse(text)
    guard let line = receipt.extra else { throw .lineMissing }
    let entry = try ReceiptVerifier.entry(line)
    guard
      entry.header.ledger.isEarlier(orIs: LedgerOrigin(parsing: checkpoint.origin))
    else {
      throw .originMismatch(entry: entry.header.ledger, checkpoint: checkpoint.origin)
    }
    let leaf = line.withUnsafeBytes { Hashing.leaf($0) }
    let derived = receipt.inclusionProof(under: checkpoint)
      .root(fromLeafHash: leaf, using: CryptoHashing())
    guard derived == checkpoint.root else {
      throw .proofInvalid(signed: checkpoint.root, derived: derived)
    }
    let signers = try self.signers(of: entry)
    let log = try self.signature(receipt.note, checkpoint)
    let witnesses = try self.witnesses(receipt.note)
    return ReceiptReport(
      position: receipt.index, checkpoint: checkpoint, header: entry.header,
      recorded: entry.recorded, signers: signers, isSignedByKnownLog: log, witnesses: witnesses)
  }

  private static func parse(
    _ text: String
  ) throws(ReceiptError) -> (receipt: Receipt, checkpoint: Checkpoint) {
    do throws(NoteError) {
      let receipt = try Receipt(parsing: text)
      return (receipt, try Checkpoint(parsing: receipt.note.text))
    } catch { throw .form(error) }
  }

  /// The line's parts, and what its signatures are over.
  private struct Line {
    let header: HeaderForm
    let recorded: Int64
    let signatures: [LineSignature]
    let message: [UInt8]
  }

  private static func entry(_ line: [UInt8]) throws(ReceiptError) -> Line {
    guard line.count <= LineForm.bytesMax else {
      throw .entry(.lineTooLong(bytes: line.count))
    }
    let form: LineForm
    let payload: [UInt8]
    do throws(FormFault) {
      form = try line.read { bytes throws(FormFault) in try LineForm(bytes) }
      payload = try Array(line[form.payload]).read(Base64Codec.decoded)
    } catch { throw .entry(.lineForm(error)) }
    do throws(FormFault) {
      let header = try payload.read { bytes throws(FormFault) in try HeaderForm(bytes) }
      return Line(
        header: header, recorded: form.recorded, signatures: form.signatures,
        message: DSSE.pae(payloadType: "application/vnd.stele.entry.v1+json", payload: payload))
    } catch { throw .entry(.headerForm(error)) }
  }

  private func signers(of line: Line) throws(ReceiptError) -> [ReceiptReport.Signer] {
    let known = signerKeys.compactMap { VerificationKey(raw: Array($0.suffix(32))) }
    var signers: [ReceiptReport.Signer] = []
    for signature in line.signatures {
      let key = known.first { $0.keyid == signature.keyid }
      if let key, !key.verifies(signature.bytes, line.message) {
        throw .entry(.signatureInvalid(keyid: signature.keyid))
      }
      signers.append(.init(keyid: signature.keyid, isChecked: key != nil))
    }
    return signers
  }

  /// Whether a known key signed the checkpoint; one of its name that did not is an error.
  private func signature(_ note: SignedNote, _ checkpoint: Checkpoint) throws(ReceiptError) -> Bool
  {
    guard !logKeys.isEmpty else { return false }
    let keys = try ReceiptVerifier.keys(logKeys)
    do throws(NoteError) {
      let signers = try note.signers(among: keys, checking: ReceiptVerifier.isValid)
      guard signers.contains(where: { $0.key.name == checkpoint.origin }) else {
        throw NoteError.notSigned(by: checkpoint.origin)
      }
      return true
    } catch { throw .checkpointSignature(error) }
  }

  private func witnesses(_ note: SignedNote) throws(ReceiptError) -> [String] {
    let keys = try ReceiptVerifier.keys(witnessKeys)
    do throws(NoteError) {
      return try note.signers(among: keys, checking: ReceiptVerifier.isValid).map(\.key.name)
    } catch { throw .checkpointSignature(error) }
  }

  private static func keys(_ texts: [String]) throws(ReceiptError) -> [VerifierKey] {
    do throws(NoteError) {
      return try texts.map { text throws(NoteError) in
        try VerifierKey(parsing: text, using: CryptoHashing())
      }
    } catch { throw .form(error) }
  }

  private static func isValid(_ key: [UInt8], _ signature: [UInt8], _ message: [UInt8]) -> Bool {
    VerificationKey(raw: key)?.verifies(signature, message) ?? false
  }
}

extension LedgerOrigin {
  /// Whether a checkpoint of `later` may cover an entry of this origin.
  fileprivate func isEarlier(orIs later: LedgerOrigin?) -> Bool {
    later.map { stem == $0.stem && incarnation <= $0.incarnation } ?? false
  }
}
