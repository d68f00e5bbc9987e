import CanonicalJSON
import Events

/// An entry that every check has let through, and all that was derived from it on the way.
struct AdmittedEntry {
  let position: Int
  let recorded: Timestamp
  let headerBytes: [UInt8]
  let header: EntryHeader
  let bodyBytes: [UInt8]
  let signatures: [EntrySignature]
  let retention: RetentionClass
  let governing: [GoverningEvent]
  /// What goes into the vault.
  let sealings: [Sealing]
  let line: [UInt8]
  /// Of the line.
  let leaf: Digest

  /// keyid ‖ signature of each, ascending: how signatures stand in the database.
  var packedSignatures: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(96 * signatures.count)
    for signature in signatures {
      signature.keyid.withUnsafeBytes { bytes.append(contentsOf: $0) }
      bytes += signature.signature
    }
    return bytes
  }
}
