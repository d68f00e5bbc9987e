import CanonicalJSON

/// Bytes that are kept beside the ledger, durable before the entry that names them.
///
///     {"$blob":{"digest":"sha256:<hex>","mediaType":"text/plain","sizeBytes":12}}
package struct Blob: Hashable, Sendable {
  package let digest: ContentDigest
  package let mediaType: MachineWords
  package let sizeBytes: Int

  package init(digest: ContentDigest, mediaType: MachineWords, sizeBytes: Int) {
    self.digest = digest
    self.mediaType = mediaType
    self.sizeBytes = sizeBytes
  }
}

extension Blob: DollarValue {
  package static let key = "$blob"

  package init(content: inout FieldReader) throws(FormFault) {
    digest = try content.take("digest")
    mediaType = try content.take("mediaType")
    sizeBytes = try content.take("sizeBytes", in: FieldRange.fromZero)
  }

  package func write(content: inout FieldWriter) {
    content.put("digest", digest)
    content.put("mediaType", mediaType)
    content.put("sizeBytes", sizeBytes)
  }
}

/// One entry of another ledger.
///
///     {"$ref":{"leaf":"<64 hex>","ledger":"<origin>","position":7}}
package struct Ref: Hashable, Sendable {
  package let leaf: Digest
  package let ledger: Origin
  package let position: Int

  package init(leaf: Digest, ledger: Origin, position: Int) {
    self.leaf = leaf
    self.ledger = ledger
    self.position = position
  }
}

extension Ref: DollarValue {
  package static let key = "$ref"

  package init(content: inout FieldReader) throws(FormFault) {
    leaf = try content.take("leaf")
    ledger = try content.take("ledger")
    position = try content.take("position", in: 0...Limits.entries - 1)
  }

  package func write(content: inout FieldWriter) {
    content.put("leaf", leaf)
    content.put("ledger", ledger)
    content.put("position", position)
  }
}
