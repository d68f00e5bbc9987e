/// The kinds of events that somebody asks for: one, `deployment.started.v1`, or every version of
/// it, `deployment.started`, as tables name it.
package struct KindSelection: Hashable, Sendable {
  /// With its version, or without one.
  package let text: String
  package let isVersioned: Bool

  package init(_ kind: EventKind) { self.init(text: kind.text, isVersioned: true) }

  private init(text: String, isVersioned: Bool) {
    self.text = text
    self.isVersioned = isVersioned
  }

  package init(parsing text: String) throws(IdentifierError) {
    let isVersioned = EventKind(text: text) != nil
    guard isVersioned || EventKind(text: text + ".v1") != nil else {
      throw IdentifierError(
        noun: "event kind", text: text,
        form: "FAMILY.EVENT or FAMILY.EVENT.vN, like deployment.started")
    }
    self.init(text: text, isVersioned: isVersioned)
  }

  package func selects(_ kind: EventKind) -> Bool {
    isVersioned ? kind.text == text : kind.text.hasPrefix(text + ".v")
  }
}

extension KindSelection: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(EventKind(stringLiteral: text)) }
}
