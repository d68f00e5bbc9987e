import CanonicalJSON
import Events

/// What the last scan of each place said, and which differences nobody has seen resolved.
package struct Drifts: Projection {
  package static let name = "drifts"
  package static let revision = 1

  private var scans: [Place: Scan] = [:]
  private var findings: [Place: [DriftFinding]] = [:]
  private var versions: [Place: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .drift(let event) = recorded.event, let place = Place(recorded) else { return }
    versions[place] = recorded.version
    switch event {
    case .scanned(let scanned): scans[place] = Scan(scanned, recorded)
    case .found(let found):
      guard !open(in: place).contains(found.finding) else { return }
      findings[place, default: []].append(found.finding)
    case .resolved(let resolved):
      findings[place]?.removeAll { $0 == resolved.finding }
    }
  }

  /// The last scan; nil where nobody ever looked.
  package func scan(of place: Place) -> Scan? { scans[place] }

  /// Found and not resolved, in the order in which they were found.
  package func open(in place: Place) -> [DriftFinding] { findings[place] ?? [] }

  /// The version of the place's stream.
  package func version(in place: Place) -> Int { versions[place] ?? 0 }

  package init(fields: inout FieldReader) throws(FormFault) {
    findings = try fields.take("findings")
    scans = try fields.take("scans")
    versions = try fields.take("versions")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("findings", findings)
    fields.put("scans", scans)
    fields.put("versions", versions)
  }
}

extension Drifts {
  /// One look at a place.
  package struct Scan: Hashable, Sendable {
    package let content: DriftScanned
    package let position: Int
    /// When, by the log's clock.
    package let recorded: Timestamp

    fileprivate init(_ content: DriftScanned, _ recorded: Recorded) {
      self.content = content
      position = recorded.position
      self.recorded = recorded.recorded
    }
  }
}

extension Drifts.Scan: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    content = try fields.take("content")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("content", content)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}
