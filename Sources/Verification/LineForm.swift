import CanonicalJSON

/// One signature of a line.
struct LineSignature {
  /// SHA-256 of the signer's SPKI.
  let keyid: Digest
  /// 64 bytes, R ‖ S.
  let bytes: [UInt8]
}

/// A line without its payload: the log's time and the signatures, and where the payload stands.
///
///     {"payload":"<base64 header>","payloadType":"application/vnd.stele.entry.v1+json",
///      "recorded":"<time>","signatures":[{"keyid":"<hex>","sig":"<base64>"}]}
///
/// without the line break shown here.
struct LineForm {
  /// Where the base64 text of the header stands in the line.
  let payload: Range<Int>
  /// The log's clock, microseconds since 1970.
  let recorded: Int64
  /// 1 to 8, ascending by keyid.
  let signatures: [LineSignature]

  static let bytesMax = 65_535
  static let signaturesMax = 8

  /// - Throws: ``FormFault`` at the first byte that is not the format's. The payload's base64 is
  ///   checked where it is decoded.
  init(_ bytes: UnsafeRawBufferPointer) throws(FormFault) {
    var reader = ByteReader(bytes)
    try reader.demand(#"{"payload":"#)
    let start = reader.offset + 1
    payload = start..<start + (try reader.quoted("the payload")).count
    try reader.demand(#","payloadType":"application/vnd.stele.entry.v1+json","recorded":"#)
    recorded = try reader.quotedTime()
    try reader.demand(#","signatures":["#)
    var signatures: [LineSignature] = []
    repeat {
      let offset = reader.offset
      let signature = try LineForm.signature(&reader)
      guard signatures.last.map({ $0.keyid < signature.keyid }) ?? true,
        signatures.count < LineForm.signaturesMax
      else { throw FormFault(offset: offset, expected: "at most 8 signatures, ascending by keyid") }
      signatures.append(signature)
    } while reader.take(",")
    try reader.demand("]}")
    try reader.demandEnd()
    self.signatures = signatures
  }

  private static func signature(_ reader: inout ByteReader) throws(FormFault) -> LineSignature {
    try reader.demand(#"{"keyid":"#)
    let keyid = try reader.quotedDigest()
    try reader.demand(#","sig":""#)
    let offset = reader.offset
    let text = try reader.slice(88, "88 characters of base64")
    var bytes = [UInt8](repeating: 0, count: 64)
    let isValid =
      Base64Codec.decodedCount(text) == 64
      && bytes.withUnsafeMutableBytes { Base64Codec.decode(text, into: $0) } == nil
    guard isValid else { throw FormFault(offset: offset, expected: "base64 of 64 bytes") }
    try reader.demand(#""}"#)
    return LineSignature(keyid: keyid, bytes: bytes)
  }
}
