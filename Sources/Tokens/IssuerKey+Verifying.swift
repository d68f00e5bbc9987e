import CanonicalJSON
import Crypto
import CryptoExtras
import Events
import Foundation

extension IssuerKey {
  /// Whether `signature` is one of this key's over `message`, with its own algorithm. A key of
  /// another sort than its algorithm's signs nothing.
  package func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    switch algorithm {
    case .rs256:
      guard let key = try? _RSA.Signing.PublicKey(derRepresentation: key.spki) else { return false }
      return key.isValidSignature(
        .init(rawRepresentation: Data(signature)), for: message, padding: .insecurePKCS1v1_5)
    case .es256:
      guard let key = try? P256.Signing.PublicKey(derRepresentation: key.spki),
        let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
      else { return false }
      return key.isValidSignature(signature, for: message)
    case .edDSA:
      let prefix = KeyAlgorithm.ed25519.spkiPrefix
      guard key.spki.starts(with: prefix),
        let key = try? Curve25519.Signing.PublicKey(
          rawRepresentation: key.spki.dropFirst(prefix.count))
      else { return false }
      return key.isValidSignature(signature, for: message)
    }
  }
}

extension PublicKeyBytes {
  /// An RSA key of 2,048 bits at least, of its modulus and exponent, big-endian.
  init?(rsaModulus modulus: [UInt8], exponent: [UInt8]) {
    guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent),
      key.keySizeInBits >= 2_048
    else { return nil }
    self.init(spki: Array(key.derRepresentation))
  }

  /// A point of P-256, of its coordinates, 32 bytes each.
  init?(p256X x: [UInt8], y: [UInt8]) {
    guard x.count == 32, y.count == 32,
      let key = try? P256.Signing.PublicKey(x963Representation: [0x04] + x + y)
    else { return nil }
    self.init(spki: Array(key.derRepresentation))
  }

  /// An Ed25519 key of its 32 bytes.
  init?(ed25519 raw: [UInt8]) {
    guard raw.count == 32, (try? Curve25519.Signing.PublicKey(rawRepresentation: raw)) != nil
    else { return nil }
    self.init(spki: KeyAlgorithm.ed25519.spkiPrefix + raw)
  }
}
