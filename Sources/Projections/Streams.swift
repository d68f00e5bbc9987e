import CanonicalJSON
import Events

/// How many events each stream has, by the headers of all entries: what the store's index of them
/// is held against before anything is done.
///
/// Those of deployments are with ``Deployments``: there may be thousands.
package struct Streams: Projection {
  package static let name = "streams"
  package static let revision = 1

  private var index = ByteIndex()
  private var names: [StreamName] = []
  private var versions: [Int] = []

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    take(recorded.stream, version: recorded.version)
  }

  /// The runs of an entry in their order; the hot path of a replay.
  mutating func take(_ run: RunGlance) {
    take(run.stream, version: run.version + run.count - 1)
  }

  mutating func take(_ header: EntryHeader) {
    for run in header.events { take(run.stream, version: run.lastVersion) }
  }

  private mutating func take(_ stream: StreamName, version: Int) {
    var text = stream.text
    text.withUTF8 { take(UnsafeRawBufferPointer($0), version: version) }
  }

  private mutating func take(_ stream: UnsafeRawBufferPointer, version: Int) {
    guard !Self.isOfDeployment(stream) else { return }
    let (rest, hash) = (UnsafeRawBufferPointer(start: nil, count: 0), ByteIndex.hash(stream))
    if let number = index.find(stream, rest, hash: hash) {
      // An event of a run may be read properly after the run was taken in.
      versions[number] = max(versions[number], version)
    } else if let name = StreamName(text: String(decoding: stream, as: UTF8.self)) {
      _ = index.insert(stream, rest, hash: hash)
      names.append(name)
      versions.append(version)
    }
  }

  private static func isOfDeployment(_ stream: UnsafeRawBufferPointer) -> Bool {
    let prefix: StaticString = "deployment/"
    guard stream.count > prefix.utf8CodeUnitCount else { return false }
    return (0..<prefix.utf8CodeUnitCount).allSatisfy { stream[$0] == prefix.utf8Start[$0] }
  }

  /// Each with the version of its newest event.
  package var all: [StreamName: Int] {
    Dictionary(uniqueKeysWithValues: zip(names, versions))
  }

  /// 0 for a stream that has no event.
  package func version(of stream: StreamName) -> Int {
    var text = stream.text
    return text.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      let rest = UnsafeRawBufferPointer(start: nil, count: 0)
      return index.find(bytes, rest, hash: ByteIndex.hash(bytes)).map { versions[$0] } ?? 0
    }
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    self.init()
    let all: [StreamName: Int] = try fields.take("all")
    for (name, version) in all { take(name, version: version) }
  }

  package func write(to fields: inout FieldWriter) { fields.put("all", all) }
}

extension Streams {
  package static func == (left: Self, right: Self) -> Bool { left.all == right.all }
  package func hash(into hasher: inout Hasher) { hasher.combine(all) }
}
