import CanonicalJSON

/// A `$sealed` value and where it stands in its event.
struct SealedReference {
  /// RFC 6901, from the event's object.
  let pointer: String
  let commitment: Digest
  let subject: Identifier
}

/// Reads the objects with a `$` key out of one event's data.
///
/// Such an object has only that key and is never the whole event. Unknown ones are refused: a
/// verifier that skipped them would not know what it had not checked.
struct ReservedValues {
  private(set) var sealed: [SealedReference] = []

  init(in event: JSONValue) throws(FormFault) {
    guard let object = event.objectValue, !object.keys.contains(where: { $0.hasPrefix("$") }) else {
      throw FormFault(offset: 0, expected: "an event that is no reserved object itself")
    }
    try visit(event, at: "")
  }

  private mutating func visit(_ value: JSONValue, at pointer: String) throws(FormFault) {
    if let elements = value.arrayValue {
      for (index, element) in elements.enumerated() {
        try visit(element, at: "\(pointer)/\(index)")
      }
    }
    guard let object = value.objectValue else { return }
    guard let reserved = object.keys.first(where: { $0.hasPrefix("$") }) else {
      // Keys have neither `~` nor `/`, so nothing needs RFC 6901's escapes.
      for (key, member) in object { try visit(member, at: "\(pointer)/\(key)") }
      return
    }
    guard object.count == 1, let content = object[reserved] else {
      throw FormFault(offset: 0, expected: "\(reserved) alone at \(pointer)")
    }
    try read(reserved, content, at: pointer)
  }

  private mutating func read(
    _ name: String, _ content: JSONValue, at pointer: String
  ) throws(FormFault) {
    var fields = DataFields(content)
    switch name {
    case "$sealed":
      let commitment = try fields.digest("commitment")
      guard let subject = Identifier(parsing: try fields.string("subject")) else {
        throw FormFault(offset: 0, expected: "subject, a UUIDv7, at \(pointer)")
      }
      sealed.append(SealedReference(pointer: pointer, commitment: commitment, subject: subject))
    case "$blob":
      let digest = try fields.string("digest")
      _ = try fields.string("mediaType")
      _ = try fields.integer("sizeBytes")
      guard digest.hasPrefix("sha256:"), Digest(hex: String(digest.dropFirst(7))) != nil else {
        throw FormFault(offset: 0, expected: "digest, sha256:<64 hex>, at \(pointer)")
      }
    case "$ref":
      _ = try fields.digest("leaf")
      _ = try fields.integer("position")
      guard LedgerOrigin(parsing: try fields.string("ledger")) != nil else {
        throw FormFault(offset: 0, expected: "ledger, an origin, at \(pointer)")
      }
    default: throw FormFault(offset: 0, expected: "$sealed, $blob or $ref at \(pointer)")
    }
    try fields.end()
  }
}
