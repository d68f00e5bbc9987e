import CanonicalJSON

/// The part of an entry that its header binds by digest and that can go when its class ends.
///
///     {"data":[…],"salt":"<16 bytes, hex>"}
package struct EntryBody: Hashable, Sendable {
  /// Hashed before the body's bytes: a digest of something else can never stand for a body.
  package static let digestPrefix: [UInt8] = Array("stele/body/v1\0".utf8)

  /// One object an event, in the order of the header's runs.
  package let data: [JSONObject]
  /// 16 random bytes, so that a short body cannot be guessed from its digest.
  package let salt: [UInt8]

  package init(data: [JSONObject], salt: [UInt8]) {
    precondition(salt.count == Limits.saltBytes, "a body needs a salt of 16 bytes")
    self.data = data
    self.salt = salt
  }

  /// - Throws: ``JSONFormError`` when a string holds what the ledger's JSON refuses.
  package func canonicalBytes() throws(JSONFormError) -> [UInt8] {
    let object: JSONObject = [
      "data": .array(data.map(JSONValue.object)), "salt": .string(Hex.encode(salt)),
    ]
    return try JSONValue.object(object).canonicalBytes()
  }

  /// Reads a body strictly: its form and the rules for data of any kind.
  ///
  /// - Throws: ``EntryFormError/bodyTooLong(bytes:)`` before reading,
  ///   ``EntryFormError/bodyForm(_:)``
  ///   or ``EntryFormError/dataForm(event:_:)``.
  package init(parsing bytes: [UInt8]) throws(EntryFormError) {
    guard bytes.count <= Limits.bodyBytes else {
      throw EntryFormError.bodyTooLong(bytes: bytes.count)
    }
    do { try self.init(form: FormFault.reading(bytes)) } catch {
      throw EntryFormError.bodyForm(error)
    }
    for (event, object) in data.enumerated() {
      do { try DataRules.check(object) } catch {
        throw EntryFormError.dataForm(event: event, error)
      }
    }
  }

  private init(form json: JSONValue) throws(FormFault) {
    var fields = FieldReader(try JSONObject(json: json))
    data = try fields.take("data")
    let text: JSONValue = try fields.take("salt")
    guard let salt = text.stringValue.flatMap(Hex.decode), salt.count == Limits.saltBytes else {
      throw FormFault.field(path: "salt", expected: "32 hex digits")
    }
    self.salt = salt
    try fields.finish()
  }

  /// One object an event, and data of the governing families as the format has it.
  package func check(against header: EntryHeader) throws(EntryFormError) {
    guard data.count == header.eventCount else {
      let expected = "as many objects as events, \(header.eventCount), not \(data.count)"
      throw EntryFormError.bodyForm(.field(path: "data", expected: expected))
    }
    var event = 0
    for run in header.events {
      for object in data[event..<event + run.count] {
        if run.kind.isGoverning { try Self.checkGoverning(object, run.kind, event) }
        event += 1
      }
    }
  }

  private static func checkGoverning(
    _ object: JSONObject, _ kind: EventKind, _ event: Int
  ) throws(EntryFormError) {
    do { _ = try LedgerEvent(kind: kind, data: object) } catch {
      throw EntryFormError.dataForm(event: event, error)
    }
  }
}
