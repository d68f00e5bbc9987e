import CanonicalJSON
import Cryptography
import Testing
import TransparencyLog

/// Known answers: the eight leaves of Certificate Transparency, and a second implementation's.
@Suite struct MerkleVectorTests {
  /// The inputs that every implementation of RFC 6962 is tested with, and their roots by size.
  static let leaves = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ].map { Hex.decode($0) ?? [] }
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test func `the eight leaves have the known roots at every size`() {
    #expect(TestTree(leaves: Self.leaves).roots.map(\.hex) == Self.roots)
  }

  @Test func `the known proofs are made`() throws {
    let tree = TestTree(leaves: Self.leaves)

    let inclusion = try tree.inclusionProof(of: 5, size: 7).hashes
    let three = try tree.consistencyProof(from: 3, to: 7).hashes
    let six = try tree.consistencyProof(from: 6, to: 8).hashes

    #expect(
      inclusion.map { $0.hex.prefix(16) }
        == ["bc1a0643b12e4d2d", "b08693ec2e721597", "d37ee418976dd957"])
    #expect(
      three.map { $0.hex.prefix(16) }
        == ["0298d122906dcfc1", "07506a85fd9dd2f1", "fac54203e7cc696c", "837dbb152e9b0790"])
    #expect(
      six.map { $0.hex.prefix(16) }
        == ["0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"])
  }

  @Test func `three hundred roots are those of the second implementation`() throws {
    let vectors = try MerkleVectors.load()

    #expect(vectors.roots.count == 301)
    #expect(TestTree(size: 300).roots.map(\.hex) == vectors.roots)
  }

  @Test func `every inclusion proof is the second implementation's`() throws {
    let vectors = try MerkleVectors.load()
    let tree = TestTree(size: 300)

    #expect(vectors.inclusion.count == 79)
    for (size, expected) in vectors.inclusion {
      let size = try #require(Int(size))
      let proofs = try (0..<size).map { try tree.inclusionProof(of: $0, size: size).hashes }
      #expect(sum(proofs) == expected, "size \(size)")
    }
  }

  @Test func `every consistency proof is the second implementation's`() throws {
    let vectors = try MerkleVectors.load()
    let tree = TestTree(size: 300)

    #expect(vectors.consistency.count == 79)
    for (size, expected) in vectors.consistency {
      let size = try #require(Int(size))
      let proofs = try (0...size).map { try tree.consistencyProof(from: $0, to: size).hashes }
      #expect(sum(proofs) == expected, "size \(size)")
    }
  }

  /// As `summed` in `tools/merkle-vectors.py`.
  private func sum(_ proofs: [[Digest]]) -> String {
    Hex.encode(SHA256.hash(proofs.flatMap { [UInt8($0.count)] + $0.flatMap(\.bytes) }))
  }
}
