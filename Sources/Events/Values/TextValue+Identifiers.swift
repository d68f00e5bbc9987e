import CanonicalJSON

extension Identifier: TextValue {
  package static var expected: String { "a UUIDv7" }
  package init?(dataText: String) {
    guard let bits = UUIDBits(dataText) else { return nil }
    self.init(bits: bits)
  }
  package var dataText: String { bits.text }
}

extension Timestamp: TextValue {
  package static var expected: String { "a time of 27 bytes" }
  package init?(dataText: String) {
    guard let time = try? Timestamp(parsing: dataText) else { return nil }
    self = time
  }
  package var dataText: String { description }
}

extension Digest: TextValue {
  package static var expected: String { "64 hex digits" }
  package init?(dataText: String) { self.init(hex: dataText) }
  package var dataText: String { hex }
}

extension Name: TextValue {
  package static var expected: String { "an \(Tag.noun) name" }
  package init?(dataText: String) { self.init(rawValue: dataText) }
  package var dataText: String { rawValue }
}

extension InstanceName: TextValue {
  package static var expected: String { "an instance name" }
  package init?(dataText: String) { self.init(rawValue: dataText) }
  package var dataText: String { rawValue }
}

extension Code: TextValue {
  package static var expected: String { "a code" }
  package init?(dataText: String) { self.init(rawValue: dataText) }
  package var dataText: String { rawValue }
}

extension Ticket: TextValue {
  package static var expected: String { "a ticket" }
  package init?(dataText: String) { self.init(rawValue: dataText) }
  package var dataText: String { rawValue }
}

extension StreamName: TextValue {
  package static var expected: String { "a stream" }
  package init?(dataText: String) { self.init(text: dataText) }
  package var dataText: String { text }
}

extension EventKind: TextValue {
  package static var expected: String { "a kind" }
  package init?(dataText: String) { self.init(text: dataText) }
  package var dataText: String { text }
}

extension Origin: TextValue {
  package static var expected: String { "an origin" }
  package init?(dataText: String) {
    guard let origin = try? Origin(parsing: dataText) else { return nil }
    self = origin
  }
  package var dataText: String { description }
}

extension RetentionClass: WordValue {}
extension KeyRole: WordValue {}
