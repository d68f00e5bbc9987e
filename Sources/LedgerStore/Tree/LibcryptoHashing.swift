import CanonicalJSON
import Cryptography
import TransparencyLog

/// The tree's hashes through libcrypto.
package struct LibcryptoHashing: TreeHashing {
  package init() {}

  package func digest(_ data: UnsafeRawBufferPointer) -> Digest {
    Digest { SHA256.hash(data, into: $0) }
  }

  package func leaf(_ data: UnsafeRawBufferPointer) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: data.count + 1, alignment: 16) { prefixed in
      prefixed[0] = 0
      UnsafeMutableRawBufferPointer(rebasing: prefixed[1...]).copyMemory(from: data)
      return Digest { SHA256.hash(UnsafeRawBufferPointer(prefixed), into: $0) }
    }
  }

  package func node(_ left: Digest, _ right: Digest) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 16) { prefixed in
      prefixed[0] = 1
      left.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: prefixed[1..<33]).copyMemory(from: $0)
      }
      right.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: prefixed[33...]).copyMemory(from: $0)
      }
      return Digest { SHA256.hash(UnsafeRawBufferPointer(prefixed), into: $0) }
    }
  }
}
