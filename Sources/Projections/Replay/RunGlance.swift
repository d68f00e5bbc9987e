import CanonicalJSON
import Events

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
  let version: Int
  let interest: Interest
  let kind: UnsafeRawBufferPointer
  let stream: UnsafeRawBufferPointer
  /// Empty when absent.
  let application: UnsafeRawBufferPointer
  /// Empty when absent.
  let environment: UnsafeRawBufferPointer
  /// `<application>.<environment>`, the name of a probe's stream.
  let place: UnsafeRawBufferPointer
  /// Of ``place``, for ``ByteIndex``.
  let placeHash: UInt64

  init(_ cursor: inout JSONCursor) throws(JSONFormError) {
    let none = UnsafeRawBufferPointer(start: nil, count: 0)
    var (application, environment, kind, stream) = (none, none, none, none)
    var (count, version) = (0, 0)
    var interest = Interest.all
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "application": application = try cursor.readString().bytes
      case "count": count = Int(try cursor.readInteger())
      case "environment": environment = try cursor.readString().bytes
      case "kind":
        let text = try cursor.readString()
        interest = Interest(kind: text)
        kind = text.bytes
      case "stream": stream = try cursor.readString().bytes
      case "version": version = Int(try cursor.readInteger())
      default: try cursor.skipValue()
      }
    }
    (self.application, self.environment, self.kind, self.stream) =
      (application, environment, kind, stream)
    (self.count, self.version) = (count, version)
    self.interest = interest
    place = Self.name(ofStream: stream)
    placeHash = ByteIndex.hash(place)
  }

  private static func name(ofStream stream: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let slash = stream.firstIndex(of: UInt8(ascii: "/")) else { return stream }
    return UnsafeRawBufferPointer(rebasing: stream[(slash + 1)...])
  }

  /// The run with its names read; nil when one is none.
  var typed: EventRun? {
    guard let kind = EventKind(text: String(decoding: kind, as: UTF8.self)),
      let stream = StreamName(text: String(decoding: stream, as: UTF8.self)),
      let application: ApplicationName? = Self.name(application),
      let environment: EnvironmentName? = Self.name(environment)
    else { return nil }
    return EventRun(
      scope: Scope(application: application, environment: environment), count: count, kind: kind,
      stream: stream, version: version)
  }

  /// nil for what is no name, and `.some(nil)` for nothing.
  private static func name<Tag>(_ bytes: UnsafeRawBufferPointer) -> Name<Tag>?? {
    if bytes.isEmpty { return .some(nil) }
    return Name(rawValue: String(decoding: bytes, as: UTF8.self)).map(Optional.some)
  }
}

extension RunGlance.Interest {
  fileprivate init(kind: JSONText) {
    switch kind {
    case "health.checked.v1": self = .probes
    case "usage.sampled.v1", "cost.imported.v1", "replica.started.v1", "router.started.v1",
      "router.stopped.v1", "sync.started.v1", "sync.step_finished.v1", "sync.ended.v1",
      "retention.applied.v1", "privacy.erased.v1":
      self = .none
    default: self = .all
    }
  }
}
