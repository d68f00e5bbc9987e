import CanonicalJSON

import struct Crypto.SHA256

/// Every hash of the format, through swift-crypto: a second implementation beside the writer's.
enum Hashing {
  static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256()
    hasher.update(bufferPointer: bytes)
    return hasher.finalize().withUnsafeBytes { Digest($0) }
  }

  static func sha256(_ bytes: [UInt8]) -> Digest { bytes.withUnsafeBytes { sha256($0) } }

  /// SHA-256 of `prefix`, which may hold NUL, followed by `bytes`.
  static func sha256(prefix: StaticString, _ bytes: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256()
    hasher.update(
      bufferPointer: UnsafeRawBufferPointer(
        start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    hasher.update(bufferPointer: bytes)
    return hasher.finalize().withUnsafeBytes { Digest($0) }
  }

  /// RFC 6962 §2.1: SHA-256(0x00 ‖ line).
  static func leaf(_ line: UnsafeRawBufferPointer) -> Digest { sha256(prefix: "\0", line) }

  /// RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right).
  static func node(_ left: Digest, _ right: Digest) -> Digest {
    var hasher = SHA256()
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { room in
      room[0] = 1
      left.copy(into: room, at: 1)
      right.copy(into: room, at: 33)
      hasher.update(bufferPointer: UnsafeRawBufferPointer(room))
    }
    return hasher.finalize().withUnsafeBytes { Digest($0) }
  }

  /// The root of the tree without leaves.
  static let emptyRoot = sha256([])

  static func body(_ text: UnsafeRawBufferPointer) -> Digest {
    sha256(prefix: "stele/body/v1\0", text)
  }

  /// What a sealed value's commitment is: of its salt of 32 bytes and its canonical text.
  static func sealed(saltAndValue: UnsafeRawBufferPointer) -> Digest {
    sha256(prefix: "stele/sealed/v1\0", saltAndValue)
  }
}

extension Digest {
  fileprivate func copy(into room: UnsafeMutableRawBufferPointer, at start: Int) {
    withUnsafeBytes {
      UnsafeMutableRawBufferPointer(rebasing: room[start..<start + Digest.byteCount])
        .copyMemory(from: $0)
    }
  }
}
