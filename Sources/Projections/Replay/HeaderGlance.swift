import CanonicalJSON
import Events

/// The runs of a stored header, read where they stand.
///
/// A header in the ledger has been checked byte for byte, so what comes before its runs has known
/// lengths and is passed over. What is not as expected gives nil or throws, and the caller reads
/// the header properly.
struct HeaderGlance {
  private var cursor: JSONCursor

  /// `{"actor":"…","at":"…","because":[`.
  private static let causesStart = 94
  /// `"…",` of one cause, and of an entry id.
  private static let idLength = 39

  init?(_ header: UnsafeRawBufferPointer) {
    guard let start = Self.startOfRuns(in: header) else { return nil }
    cursor = JSONCursor(UnsafeRawBufferPointer(rebasing: header[start...]))
    do { try cursor.beginArray() } catch { return nil }
  }

  /// The next run, or nil after the last.
  mutating func next() throws(JSONFormError) -> RunGlance? {
    guard try cursor.nextElement() else { return nil }
    return try RunGlance(&cursor)
  }

  /// Where the value of `events` starts.
  private static func startOfRuns(in header: UnsafeRawBufferPointer) -> Int? {
    var at = causesStart
    guard at < header.count, header[at - 1] == UInt8(ascii: "[") else { return nil }
    if header[at] == UInt8(ascii: "]") {
      at += 1
    } else {
      repeat { at += idLength } while at < header.count && header[at] == UInt8(ascii: "\"")
    }
    // What stands here: ],"behalf":{"actor":"<36>","evidence":"<64>"} and then always
    // ,"body":"<64>","entry":"<36>","events":
    if has(",\"behalf\":", at, header) { at += 142 }
    guard has(",\"body\":\"", at, header) else { return nil }
    at += 9 + 64 + 1
    guard has(",\"entry\":\"", at, header) else { return nil }
    at += 10 + 36 + 1
    guard has(",\"events\":", at, header) else { return nil }
    return at + 10
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

/// One run of a stored header, as bytes.
struct RunGlance {
  /// What a replay does with the run's events.
  enum Interest {
    /// Probes, read where they stand.
    case probes
    /// No answer depends on them.
    case none
    /// Everything else, read properly.
    case all
  }

  let count: Int
  let interest: Interest
  /// `<application>.<environment>`, the name of a probe's stream.
  let place: UnsafeRawBufferPointer
  /// Of ``place``, for ``ByteIndex``.
  let placeHash: UInt64

  fileprivate init(_ cursor: inout JSONCursor) throws(JSONFormError) {
    var count = 0
    var interest = Interest.all
    var place = UnsafeRawBufferPointer(start: nil, count: 0)
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "count": count = Int(try cursor.readInteger())
      case "kind": interest = Interest(kind: try cursor.readString())
      case "stream": place = Self.name(ofStream: try cursor.readString())
      default: try cursor.skipValue()
      }
    }
    self.count = count
    self.interest = interest
    self.place = place
    placeHash = ByteIndex.hash(place)
  }

  private static func name(ofStream stream: JSONText) -> UnsafeRawBufferPointer {
    guard let slash = stream.bytes.firstIndex(of: UInt8(ascii: "/")) else { return stream.bytes }
    return UnsafeRawBufferPointer(rebasing: stream.bytes[(slash + 1)...])
  }
}

extension RunGlance.Interest {
  fileprivate init(kind: JSONText) {
    switch kind {
    case "health.checked.v1": self = .probes
    case "usage.sampled.v1", "cost.imported.v1", "approval.given.v1", "approval.withdrawn.v1",
      "approval.rejected.v1", "replica.started.v1", "retention.applied.v1", "privacy.erased.v1":
      self = .none
    default: self = .all
    }
  }
}
