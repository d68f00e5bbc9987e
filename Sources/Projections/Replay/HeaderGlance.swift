import CanonicalJSON
import Events

/// The runs of a stored header, read where they stand.
///
/// A header in the ledger has been checked byte for byte, so what comes before its runs has known
/// lengths and is passed over. What is not as expected gives nil or throws, and the caller reads
/// the header properly.
struct HeaderGlance {
  let actor: ActorID
  let entry: EntryID
  let behalf: Behalf?
  private var cursor: JSONCursor

  /// After `{"actor":"`.
  private static let actorStart = 10
  /// After `{"actor":"…","at":"…","because":[`.
  private static let causesStart = 94
  /// `"…",` of one cause, and of an entry id.
  private static let idLength = 39

  init?(_ header: UnsafeRawBufferPointer) {
    var at = Self.causesStart
    guard at < header.count, header[at - 1] == UInt8(ascii: "[") else { return nil }
    Self.passCauses(of: header, &at)
    let isBehalf = Self.has(",\"behalf\":{\"actor\":\"", at, header)
    behalf = isBehalf ? Self.behalf(in: header, &at) : nil
    guard let actor: ActorID = Self.id(at: Self.actorStart, in: header),
      let entry = Self.entry(in: header, &at), isBehalf == (behalf != nil)
    else { return nil }
    self.actor = actor
    self.entry = entry
    cursor = JSONCursor(UnsafeRawBufferPointer(rebasing: header[at...]))
    do { try cursor.beginArray() } catch { return nil }
  }

  /// The next run, or nil after the last.
  mutating func next() throws(JSONFormError) -> RunGlance? {
    guard try cursor.nextElement() else { return nil }
    return try RunGlance(&cursor)
  }

  /// Passes ids and the closing bracket.
  private static func passCauses(of header: UnsafeRawBufferPointer, _ at: inout Int) {
    if header[at] == UInt8(ascii: "]") {
      at += 1
    } else {
      repeat { at += idLength } while at < header.count && header[at] == UInt8(ascii: "\"")
    }
  }

  /// Passes `,"behalf":{"actor":"<36>","evidence":"<64>"}`.
  private static func behalf(in header: UnsafeRawBufferPointer, _ at: inout Int) -> Behalf? {
    guard has("\",\"evidence\":\"", at + 56, header), at + 136 <= header.count,
      let actor: ActorID = id(at: at + 20, in: header),
      let hex = Hex.decode(UnsafeRawBufferPointer(rebasing: header[at + 70..<at + 134]))
    else { return nil }
    at += 136
    return Behalf(actor: actor, evidence: Digest(bytes: hex))
  }

  /// Passes `,"body":"<64>","entry":"<36>","events":`.
  private static func entry(in header: UnsafeRawBufferPointer, _ at: inout Int) -> EntryID? {
    guard has(",\"body\":\"", at, header), has("\",\"entry\":\"", at + 73, header),
      has("\",\"events\":", at + 120, header), let entry: EntryID = id(at: at + 84, in: header)
    else { return nil }
    at += 131
    return at < header.count ? entry : nil
  }

  private static func id<Tag>(
    at start: Int, in header: UnsafeRawBufferPointer
  ) -> Identifier<Tag>? {
    guard start + UUIDBits.textLength <= header.count else { return nil }
    let text = UnsafeRawBufferPointer(rebasing: header[start..<start + UUIDBits.textLength])
    guard let bits = UUIDBits(ascii: text) else { return nil }
    return Identifier(bits: bits)
  }

  private static func has(
    _ text: StaticString, _ at: Int, _ header: UnsafeRawBufferPointer
  ) -> Bool {
    guard at + text.utf8CodeUnitCount <= header.count else { return false }
    for offset in 0..<text.utf8CodeUnitCount
    where header[at + offset] != text.utf8Start[offset] { return false }
    return true
  }
}
