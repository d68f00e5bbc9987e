import CanonicalJSON

/// A ledger began: the first event of its first entry, followed by its first keys, which co-sign.
package struct LedgerCreated: EventPayload {
  package static let kind: EventKind = "ledger.created.v1"

  /// How many recovery keys together replace what is lost, 1...8.
  package let recoveryThreshold: Int

  package init(recoveryThreshold: Int) { self.recoveryThreshold = recoveryThreshold }

  package init(fields: inout FieldReader) throws(FormFault) {
    recoveryThreshold = try fields.take("recoveryThreshold", in: 1...Limits.genesisKeys)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("recoveryThreshold", recoveryThreshold)
  }
}

/// A restore lost entries: from here on the ledger has its next origin, and the old one never signs
/// again.
package struct IncarnationStarted: EventPayload {
  package static let kind: EventKind = "ledger.incarnation_started.v1"

  /// The newest lost checkpoint, verbatim, or `unknown`.
  package let lost: MachineWords
  package let previous: Origin
  /// Of the tree that both incarnations share.
  package let root: Digest
  /// Entries in that tree; also the position of this entry.
  package let size: Int

  package init(lost: MachineWords, previous: Origin, root: Digest, size: Int) {
    self.lost = lost
    self.previous = previous
    self.root = root
    self.size = size
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    lost = try fields.take("lost")
    previous = try fields.take("previous")
    root = try fields.take("root")
    size = try fields.take("size", in: 0...Limits.entries)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("lost", lost)
    fields.put("previous", previous)
    fields.put("root", root)
    fields.put("size", size)
  }
}

/// Everything that can happen to the ledger itself.
package enum LedgerLifeEvent: Hashable, Sendable {
  case created(LedgerCreated)
  case incarnationStarted(IncarnationStarted)
}
