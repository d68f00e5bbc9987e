import CanonicalJSON

/// One signature over an entry's header, by the key that it names.
package struct EntrySignature: Hashable, Sendable {
  package let keyid: KeyID
  /// Ed25519, 64 bytes, over ``EntryLine/payloadType`` and the header as DSSE joins them.
  package let signature: [UInt8]

  package init(keyid: KeyID, signature: [UInt8]) {
    self.keyid = keyid
    self.signature = signature
  }
}

/// A leaf of the tree: the signed header and when the log recorded it.
///
///     {"payload":"<base64 header>","payloadType":"application/vnd.stele.entry.v1+json","recorded":"<time>","signatures":[{"keyid":"<hex>","sig":"<base64>"}]}
///
/// A fixed, reversible function of its three parts; it is rebuilt where it is needed, not stored.
package struct EntryLine: Hashable, Sendable {
  package static let payloadType = "application/vnd.stele.entry.v1+json"
  package static let signatureBytes = 64

  /// The header's exact bytes.
  package let header: [UInt8]
  /// 1 to 8, ascending by key id, each key once.
  package let signatures: [EntrySignature]
  /// The log's clock.
  package let recorded: Timestamp

  /// - Precondition: 1 to 8 signatures by different keys, in any order.
  package init(header: [UInt8], signatures: [EntrySignature], recorded: Timestamp) {
    self.header = header
    self.signatures = signatures.sorted { $0.keyid < $1.keyid }
    self.recorded = recorded
    precondition(Self.areInOrder(self.signatures), "1 to 8 signatures by different keys")
  }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(header.count / 3 * 4 + signatures.count * 180 + 160)
    bytes.append(contentsOf: "{\"payload\":\"".utf8)
    header.withUnsafeBytes { Base64.encode($0, into: &bytes) }
    bytes.append(contentsOf: "\",\"payloadType\":\"\(Self.payloadType)\",\"recorded\":\"".utf8)
    bytes.append(contentsOf: "\(recorded)\",\"signatures\":[".utf8)
    for (index, signature) in signatures.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: "{\"keyid\":\"\(signature.keyid.hex)\",\"sig\":\"".utf8)
      signature.signature.withUnsafeBytes { Base64.encode($0, into: &bytes) }
      bytes.append(contentsOf: "\"}".utf8)
    }
    bytes.append(contentsOf: "]}".utf8)
    return bytes
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Reads a line strictly; the header inside is not read yet.
  ///
  /// - Throws: ``EntryFormError/lineTooLong(bytes:)`` before reading, or
  ///   ``EntryFormError/lineForm(_:)``.
  package init(parsing bytes: [UInt8]) throws(EntryFormError) {
    guard bytes.count <= Limits.lineBytes else {
      throw EntryFormError.lineTooLong(bytes: bytes.count)
    }
    do { try self.init(form: FormFault.reading(bytes)) } catch {
      throw EntryFormError.lineForm(error)
    }
  }

  private init(form json: JSONValue) throws(FormFault) {
    var fields = FieldReader(try JSONObject(json: json))
    let payload: JSONValue = try fields.take("payload")
    guard let header = payload.stringValue.flatMap(Base64.decode) else {
      throw FormFault.field(path: "payload", expected: "base64")
    }
    let payloadType: JSONValue = try fields.take("payloadType")
    guard payloadType == .string(Self.payloadType) else {
      throw FormFault.field(path: "payloadType", expected: Self.payloadType)
    }
    self.header = header
    recorded = try fields.take("recorded")
    signatures = try fields.take("signatures")
    try fields.finish()
    guard Self.areInOrder(signatures) else {
      throw FormFault.field(path: "signatures", expected: "1 to 8, ascending by key id, unique")
    }
  }

  /// Whether a line may have them: 1 to 8, ascending by key id.
  package static func areInOrder(_ signatures: [EntrySignature]) -> Bool {
    (1...Limits.signaturesPerEntry).contains(signatures.count)
      && zip(signatures, signatures.dropFirst()).allSatisfy { $0.keyid < $1.keyid }
  }
}

extension EntrySignature: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    keyid = try fields.take("keyid")
    let text: JSONValue = try fields.take("sig")
    guard let signature = text.stringValue.flatMap(Base64.decode),
      signature.count == EntryLine.signatureBytes
    else { throw FormFault.field(path: "sig", expected: "base64 of 64 bytes") }
    self.signature = signature
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("keyid", keyid)
    fields.put("sig", JSONValue.string(Base64.encode(signature)))
  }
}
