import COpenSSL

/// An `EVP_PKEY` with its lifetime.
///
/// Not changed after it is made, and libcrypto counts its references atomically, so threads may
/// share it; what they may not share, the contexts, are made per call.
final class KeyHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { EVP_PKEY_free(pointer) }
}
