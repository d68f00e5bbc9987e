import CanonicalJSON

/// Why bytes are no entry, by its form alone; nothing was recorded.
///
/// Every case carries the name that the golden ledgers expect, see ``code``. What needs the state
/// of the ledger (keys, versions, quorums) is the store's to refuse.
package enum EntryFormError: Error, Hashable, Sendable {
  case lineTooLong(bytes: Int)
  case lineForm(FormFault)
  case headerForm(FormFault)
  case tooManyEvents(count: Int)
  case kindUnknown(EventKind)
  case streamName(kind: EventKind, stream: StreamName, scope: Scope)
  case scopeMixed(Scope, Scope)
  case classMixed(RetentionClass, RetentionClass)
  /// An entry that alters an environment has one `release.started`, any other has none.
  case releaseNumber(alters: Bool, count: Int)
  case bodyTooLong(bytes: Int)
  case bodyForm(FormFault)
  /// `event` is the index into `data`.
  case dataForm(event: Int, FormFault)
  case clockSkew(at: Timestamp, recorded: Timestamp)
  /// The kind is decided on a stream that the entry neither expects nor writes.
  case expectsMissing(kind: EventKind, prefix: String)

  /// The name by which every implementation of the format calls this refusal.
  package var code: String {
    switch self {
    case .lineTooLong: "lineTooLong"
    case .lineForm: "lineForm"
    case .headerForm: "headerForm"
    case .tooManyEvents: "tooManyEvents"
    case .kindUnknown: "kindUnknown"
    case .streamName: "streamName"
    case .scopeMixed: "scopeMixed"
    case .classMixed: "classMixed"
    case .releaseNumber: "releaseNumber"
    case .bodyTooLong: "bodyTooLong"
    case .bodyForm: "bodyForm"
    case .dataForm: "dataForm"
    case .clockSkew: "clockSkew"
    case .expectsMissing: "expectsMissing"
    }
  }
}

extension EntryFormError: CustomStringConvertible {
  package var description: String { "Nothing was recorded: \(reason)" }

  /// What is wrong, without what that means for whoever asked: a clause.
  package var clause: String { String(reason.dropLast()) }

  /// A sentence, for whoever says first what did not happen.
  package var reason: String {
    switch self {
    case .lineTooLong(let bytes): "the line has \(bytes) bytes, at most \(Limits.lineBytes) fit."
    case .lineForm(let fault): "the line is malformed: \(fault)."
    case .headerForm(let fault): "the header is malformed: \(fault)."
    case .tooManyEvents(let count):
      "the entry has \(count) events, at most \(Limits.eventsPerEntry) fit; split it."
    case .kindUnknown(let kind): "this version does not know the kind \(kind)."
    case .streamName(let kind, let stream, let scope):
      "\(kind) of \(scope) does not belong into the stream \(stream)."
    case .scopeMixed(let first, let other):
      "one entry concerns both \(first) and \(other); write one entry for each."
    case .classMixed(let first, let other):
      "one entry holds both \(first.rawValue) and \(other.rawValue) events; write one for each."
    case .releaseNumber(let alters, let count): Self.releaseReason(alters: alters, count: count)
    case .bodyTooLong(let bytes): "the body has \(bytes) bytes, at most \(Limits.bodyBytes) fit."
    case .bodyForm(let fault): "the body is malformed: \(fault)."
    case .dataForm(let event, let fault): "the data of event \(event) is malformed: \(fault)."
    case .clockSkew(let at, let recorded):
      "the signer's clock says \(at), the log's \(recorded); they may differ by 15 minutes."
    case .expectsMissing(let kind, let prefix):
      "\(kind) must say which version of its \(prefix)/ stream it was decided on."
    }
  }

  private static func releaseReason(alters: Bool, count: Int) -> String {
    alters
      ? "an entry that alters an environment takes one release number, this takes \(count)."
      : "nothing in the entry alters an environment, yet it takes \(count) release numbers."
  }
}
