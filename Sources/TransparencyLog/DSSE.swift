/// Dead Simple Signing Envelope, v1.0.2: what a signature of an entry is over.
package enum DSSE {
  /// The pre-authentication encoding: `DSSEv1`, then type and payload, each after its length in
  /// bytes, separated by single spaces.
  ///
  /// `DSSEv1 29 http://example.com/HelloWorld 11 hello world`
  package static func pae(payloadType: String, payload: [UInt8]) -> [UInt8] {
    payload.withUnsafeBytes { pae(payloadType: payloadType, payload: $0) }
  }

  package static func pae(payloadType: String, payload: UnsafeRawBufferPointer) -> [UInt8] {
    let head = "DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) "
    var encoded: [UInt8] = []
    encoded.reserveCapacity(head.utf8.count + payload.count)
    encoded.append(contentsOf: head.utf8)
    encoded.append(contentsOf: payload)
    return encoded
  }
}
