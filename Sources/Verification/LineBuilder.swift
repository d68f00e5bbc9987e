import CanonicalJSON

/// Rebuilds lines from what the database keeps of them, in one buffer used again and again.
///
/// A line is a fixed function of header, signatures and the log's time (FORMAT.md, "Line and
/// leaf"). Columns that no line could have come from still give bytes, which then are no line.
struct LineBuilder {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(2048) }

  mutating func build(
    header: UnsafeRawBufferPointer, signatures: UnsafeRawBufferPointer, recorded: Int64
  ) {
    bytes.removeAll(keepingCapacity: true)
    append(#"{"payload":""#)
    append(base64: header)
    append(#"","payloadType":"application/vnd.stele.entry.v1+json","recorded":""#)
    let isTime = (0...CivilTime.last).contains(recorded)
    bytes.append(contentsOf: (isTime ? CivilTime.text(recorded) : String(recorded)).utf8)
    append(#"","signatures":["#)
    for start in stride(from: 0, to: signatures.count - 95, by: 96) {
      append(start == 0 ? #"{"keyid":""# : #",{"keyid":""#)
      append(hex: UnsafeRawBufferPointer(rebasing: signatures[start..<start + 32]))
      append(#"","sig":""#)
      append(base64: UnsafeRawBufferPointer(rebasing: signatures[start + 32..<start + 96]))
      append(#""}"#)
    }
    append("]}")
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(hex content: UnsafeRawBufferPointer) {
    for byte in content {
      bytes.append(LineBuilder.digit(byte >> 4))
      bytes.append(LineBuilder.digit(byte & 15))
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? 0x30 : 0x57) }

  private mutating func append(base64 content: UnsafeRawBufferPointer) {
    let start = bytes.count
    let count = Base64Codec.encodedCount(content.count)
    bytes.append(contentsOf: repeatElement(0, count: count))
    bytes.withUnsafeMutableBytes {
      Base64Codec.encode(content, into: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
    }
  }
}
