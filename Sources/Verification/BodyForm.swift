/// What a body is made of: `{"data":[…],"salt":"<32 hex>"}`.
struct BodyForm {
  /// Where each event's object stands in the body, in order.
  let events: [Range<Int>]
  /// Whether a key beginning with `$` stands in any of them.
  let hasReservedKeys: Bool

  static let bytesMax = 1_048_576

  /// Reads the whole of `bytes` strictly.
  ///
  /// - Throws: ``FormFault`` at the first byte that is not the format's.
  init(_ bytes: UnsafeRawBufferPointer) throws(FormFault) {
    var opening = ByteReader(bytes)
    try opening.demand(#"{"data":["#)
    let text = bytes.bindMemory(to: UInt8.self)
    var scanner = BodyScanner(UnsafeBufferPointer(rebasing: text[opening.offset...]))
    let base = opening.offset
    var events: [Range<Int>] = []
    do {
      repeat {
        let start = scanner.offset
        try scanner.object(depth: 3)
        events.append(base + start..<base + scanner.offset)
      } while scanner.take(UInt8(ascii: ","))
    } catch {
      throw FormFault(offset: base + error.offset, expected: error.expected)
    }
    opening.advance(by: scanner.offset)
    try opening.demand(#"],"salt":""#)
    try opening.hex(32)
    try opening.demand(#""}"#)
    try opening.demandEnd()
    self.events = events
    self.hasReservedKeys = scanner.sawReservedKey
  }
}
