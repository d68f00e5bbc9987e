import COpenSSL

/// HMAC-SHA256 (RFC 2104, FIPS 198-1): 32 bytes that only a holder of `key` could have made.
package func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
  let context = Libcrypto.required(EVP_MAC_CTX_new(Libcrypto.hmac), "EVP_MAC_CTX")
  defer { EVP_MAC_CTX_free(context) }
  begin(context, key: key)
  Libcrypto.check(EVP_MAC_update(context, message, message.count), "EVP_MAC_update")
  var code = [UInt8](repeating: 0, count: SHA256.byteCount)
  var count = 0
  Libcrypto.check(EVP_MAC_final(context, &code, &count, code.count), "EVP_MAC_final")
  return code
}

/// Whether `code` is the HMAC-SHA256 of `message`; takes as long for a near miss as for a far one.
package func isValidHMACSHA256(_ code: [UInt8], for message: [UInt8], key: [UInt8]) -> Bool {
  let expected = hmacSHA256(message, key: key)
  return code.count == expected.count && CRYPTO_memcmp(code, expected, expected.count) == 0
}

private func begin(_ context: OpaquePointer, key: [UInt8]) {
  // A null key would mean "the previous one"; an empty array may come without an address.
  let key = key.isEmpty ? [0] : key  // HMAC pads keys with zeros: RFC 2104 §2.
  var digest = Array("SHA256".utf8CString)
  digest.withUnsafeMutableBufferPointer { digest in
    let parameters = [
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.baseAddress, 0),
      OSSL_PARAM_construct_end(),
    ]
    Libcrypto.check(EVP_MAC_init(context, key, key.count, parameters), "EVP_MAC_init")
  }
}
