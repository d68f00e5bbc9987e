import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with a 12-byte nonce and a 16-byte tag: what the vault holds.
///
/// A box is nonce(12) ‖ ciphertext ‖ tag(16). A nonce must never be used twice with one key.
package enum SealedBox {
  package static let keyByteCount = 32
  package static let nonceByteCount = 12
  package static let tagByteCount = 16

  /// - Parameters:
  ///   - plaintext: At most 2 GiB.
  ///   - key: 32 bytes.
  ///   - nonce: 12 bytes, fresh.
  ///   - associatedData: Bound to the box and not in it: the place it belongs to.
  /// - Returns: The box, 28 bytes longer than `plaintext`.
  package static func seal(
    _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], associatedData: [UInt8]
  ) -> [UInt8] {
    precondition(key.count == keyByteCount, "a key has 32 bytes, not \(key.count)")
    precondition(nonce.count == nonceByteCount, "a nonce has 12 bytes, not \(nonce.count)")
    let context = Libcrypto.required(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX")
    defer { EVP_CIPHER_CTX_free(context) }
    Libcrypto.check(
      EVP_EncryptInit_ex2(context, Libcrypto.aes256GCM, key, nonce, nil), "EVP_EncryptInit_ex2")
    var count: Int32 = 0
    Libcrypto.check(
      EVP_EncryptUpdate(context, nil, &count, associatedData, Int32(associatedData.count)),
      "EVP_EncryptUpdate")
    var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
    Libcrypto.check(
      EVP_EncryptUpdate(context, &ciphertext, &count, plaintext, Int32(plaintext.count)),
      "EVP_EncryptUpdate")
    return nonce + ciphertext + finish(context)
  }

  /// The plaintext, if the box was sealed with this key and associated data and nobody has
  /// touched it since.
  ///
  /// - Throws: ``SealedBoxError``; which of key, box and associated data is wrong cannot be told.
  package static func open(
    _ box: [UInt8], key: [UInt8], associatedData: [UInt8]
  ) throws(SealedBoxError) -> [UInt8] {
    precondition(key.count == keyByteCount, "a key has 32 bytes, not \(key.count)")
    guard box.count >= nonceByteCount + tagByteCount else {
      throw .tooShort(byteCount: box.count)
    }
    let nonce = Array(box.prefix(nonceByteCount))
    let ciphertext = Array(box.dropFirst(nonceByteCount).dropLast(tagByteCount))
    var tag = Array(box.suffix(tagByteCount))
    guard
      let plaintext = decrypt(
        ciphertext, key: key, nonce: nonce, tag: &tag, associatedData: associatedData)
    else { throw .notAuthentic }
    return plaintext
  }

  private static func finish(_ context: OpaquePointer) -> [UInt8] {
    var count: Int32 = 0
    var rest = [UInt8](repeating: 0, count: 16)  // GCM leaves nothing over; the call needs room.
    Libcrypto.check(EVP_EncryptFinal_ex(context, &rest, &count), "EVP_EncryptFinal_ex")
    var tag = [UInt8](repeating: 0, count: tagByteCount)
    Libcrypto.check(
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount), &tag),
      "EVP_CTRL_AEAD_GET_TAG")
    return tag
  }

  /// Nil, and the plaintext wiped, when the tag does not match.
  private static func decrypt(
    _ ciphertext: [UInt8], key: [UInt8], nonce: [UInt8], tag: inout [UInt8],
    associatedData: [UInt8]
  ) -> [UInt8]? {
    let context = Libcrypto.required(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX")
    defer { EVP_CIPHER_CTX_free(context) }
    Libcrypto.check(
      EVP_DecryptInit_ex2(context, Libcrypto.aes256GCM, key, nonce, nil), "EVP_DecryptInit_ex2")
    var count: Int32 = 0
    Libcrypto.check(
      EVP_DecryptUpdate(context, nil, &count, associatedData, Int32(associatedData.count)),
      "EVP_DecryptUpdate")
    var plaintext = [UInt8](repeating: 0, count: ciphertext.count)
    Libcrypto.check(
      EVP_DecryptUpdate(context, &plaintext, &count, ciphertext, Int32(ciphertext.count)),
      "EVP_DecryptUpdate")
    Libcrypto.check(
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag),
      "EVP_CTRL_AEAD_SET_TAG")
    var rest = [UInt8](repeating: 0, count: 16)
    guard EVP_DecryptFinal_ex(context, &rest, &count) == 1 else {
      ERR_clear_error()
      OPENSSL_cleanse(&plaintext, plaintext.count)
      return nil
    }
    return plaintext
  }
}

/// Why a box stayed shut. Nothing of what is inside it is told.
package enum SealedBoxError: Error, Hashable {
  case tooShort(byteCount: Int)
  case notAuthentic
}

extension SealedBoxError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooShort(let byteCount):
      "Nothing was opened: a sealed box has at least 28 bytes, this has \(byteCount)."
    case .notAuthentic:
      """
      Nothing was opened: the box, its key and its place do not belong together. \
      `stele verify` says which entry it is.
      """
    }
  }
}
