import CanonicalJSON
import Cryptography
import TransparencyLog

/// SHA-256 as the tree asks for it.
struct FuzzedHashing: TreeHashing {
  func digest(_ data: UnsafeRawBufferPointer) -> Digest {
    Digest(bytes: SHA256.hash(Array(data)))
  }

  func leaf(_ data: UnsafeRawBufferPointer) -> Digest {
    Digest(bytes: SHA256.hash([0x00] + Array(data)))
  }

  func node(_ left: Digest, _ right: Digest) -> Digest {
    Digest(bytes: SHA256.hash([0x01] + left.bytes + right.bytes))
  }
}
