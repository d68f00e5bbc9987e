import CanonicalJSON

/// Compares what the database repeats about an entry with what its line says.
enum StoredRules {
  static func compare(_ stored: StoredEntry, _ facts: inout EntryFacts) {
    if stored.position != facts.position {
      facts.find(.stored, .positionGap(found: stored.position))
    }
    if stored.leaf != facts.leaf {
      facts.find(.stored, .leafStored(stored: stored.leaf, derived: facts.leaf))
    }
    guard let header = facts.header else { return }
    if stored.entry != header.entry.bytes {
      facts.find(.stored, .entryStored(stored: Hex.encode(stored.entry), signed: header.entry))
    }
    let derived = runs(header)
    if stored.runs != derived {
      facts.find(
        .stored,
        .runStored(
          stored: stored.runs.map(\.description).joined(separator: " "),
          derived: derived.map(\.description).joined(separator: " ")))
    }
  }

  /// The rows that `run` should have. Of a kind that this program does not know the class is not
  /// known either: FORMAT.md has nothing to compare it with.
  private static func runs(_ header: HeaderForm) -> [StoredRun] {
    var start = 0
    return header.runs.map { run in
      defer { start += run.count }
      return StoredRun(
        start: start, stream: run.stream, application: run.application,
        environment: run.environment, version: run.version, count: run.count, kind: run.kind,
        retention: KindRules.rule(for: run.kind)?.retention.rawValue ?? "permanent",
        actor: header.actor.bytes)
    }
  }
}

extension StoredRun: CustomStringConvertible {
  package var description: String {
    "[\(start): \(kind) \(stream) \(version)+\(count)]"
  }
}

extension Identifier {
  /// 16 bytes, most significant first.
  package var bytes: [UInt8] {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
  }

  /// From 16 bytes that a database holds; nil unless they are a UUIDv7.
  init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    let (high, low) = bytes.withUnsafeBytes {
      (
        UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
    guard high >> 12 & 15 == 7, low >> 62 == 2 else { return nil }
    self.init(high: high, low: low)
  }
}
