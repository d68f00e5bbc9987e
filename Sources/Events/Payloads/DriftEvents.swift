import CanonicalJSON

/// Somebody looked whether files, ledger and what really runs are alike.
///
/// Recorded after what it found and resolved, so that a crash in between leaves findings and no
/// scan; what they were is in the events of its stream before it.
package struct DriftScanned: EventPayload {
  package static let kind: EventKind = "drift.scanned.v1"

  /// Leaves of which what runs has the ledger's value.
  package let equal: Int
  /// Differences that there were, old ones too.
  package let found: Int
  /// All leaves that the ledger or what runs has; of what could not be looked at, the ledger's.
  package let leaves: Int
  /// How many findings say that something could not be looked at.
  package let notCompared: Int
  /// What the ledger said runs; absent where nothing was to run.
  package let release: Int?

  package init(leaves: Int, equal: Int, found: Int, notCompared: Int, release: Int? = nil) {
    self.equal = equal
    self.found = found
    self.leaves = leaves
    self.notCompared = notCompared
    self.release = release
  }

  /// Configuration accuracy in parts per million, rounded down; nil where there was no leaf.
  package var accuracyPpm: Int? { leaves == 0 ? nil : equal * 1_000_000 / leaves }

  package init(fields: inout FieldReader) throws(FormFault) {
    equal = try fields.take("equal", in: FieldRange.fromZero)
    found = try fields.take("found", in: FieldRange.fromZero)
    leaves = try fields.take("leaves", in: 0...Self.leavesMax)
    notCompared = try fields.take("notCompared", in: FieldRange.fromZero)
    release = try fields.takeOptional("release", in: FieldRange.fromOne)
    guard equal <= leaves else {
      throw FormFault.field(path: "equal", expected: "at most leaves")
    }
  }

  /// Times a million it is an integer of the ledger's.
  private static let leavesMax = 1_000_000_000

  package func write(to fields: inout FieldWriter) {
    fields.put("equal", equal)
    fields.put("found", found)
    fields.put("leaves", leaves)
    fields.put("notCompared", notCompared)
    fields.put("release", release)
  }
}

/// A scan saw what the one before it had not.
package struct DriftFound: EventPayload {
  package static let kind: EventKind = "drift.found.v1"

  package let finding: DriftFinding

  package init(_ finding: DriftFinding) { self.finding = finding }

  package init(fields: inout FieldReader) throws(FormFault) {
    finding = try DriftFinding(fields: &fields)
  }

  package func write(to fields: inout FieldWriter) { finding.write(to: &fields) }
}

/// A scan that looked there again does not see it any more.
package struct DriftResolved: EventPayload {
  package static let kind: EventKind = "drift.resolved.v1"

  package let finding: DriftFinding

  package init(_ finding: DriftFinding) { self.finding = finding }

  package init(fields: inout FieldReader) throws(FormFault) {
    finding = try DriftFinding(fields: &fields)
  }

  package func write(to fields: inout FieldWriter) { finding.write(to: &fields) }
}

/// Everything that scans say.
package enum DriftEvent: Hashable, Sendable {
  case scanned(DriftScanned)
  case found(DriftFound)
  case resolved(DriftResolved)
}
