import CanonicalJSON
import Events
import Foundation
import Testing

@testable import Tokens

/// Signatures that others have made and published.
@Suite struct VectorTests {
  struct Vector: Sendable {
    let algorithm: String
    let jwk: String
    let token: String
  }

  static let vectors: [Vector] = {
    guard
      let url = Bundle.module.url(
        forResource: "rfc-vectors", withExtension: "json", subdirectory: "Fixtures"),
      let file = try? Data(contentsOf: url),
      case .array(let vectors)? = PlainJSON.members(Array(file))?["vectors"]
    else { return [] }
    return vectors.compactMap { vector in
      guard case .object(let members) = vector, case .object(let jwk)? = members["jwk"],
        let algorithm = members["algorithm"]?.string, let token = members["token"]?.string
      else { return nil }
      let fields = jwk.map { "\"\($0.key)\":\"\($0.value.scalar ?? "")\"" }
      return Vector(
        algorithm: algorithm, jwk: "{\(fields.joined(separator: ","))}", token: token)
    }
  }()

  private func key(of vector: Vector) throws -> IssuerKey {
    let set = try IssuerKeySet(parsing: Array("{\"keys\":[\(vector.jwk)]}".utf8))
    #expect(set.leftOut == [])
    return try #require(set.keys.first)
  }

  @Test func `there is a vector of each algorithm`() {
    #expect(Set(Self.vectors.map(\.algorithm)) == Set(TokenAlgorithm.allCases.map(\.rawValue)))
  }

  @Test(arguments: vectors)
  func `a published signature holds with its key`(vector: Vector) throws {
    let key = try key(of: vector)
    let token = try CompactToken(parsing: Array(vector.token.utf8))

    #expect(key.algorithm.rawValue == vector.algorithm)
    #expect(token.isSigned(by: key))
  }

  @Test(arguments: vectors)
  func `no changed bit of signature or text holds`(vector: Vector) throws {
    let key = try key(of: vector)
    let token = try CompactToken(parsing: Array(vector.token.utf8))
    for index in token.signature.indices {
      var signature = token.signature
      signature[index] ^= 1
      #expect(!key.verifies(signature, over: token.signed), "byte \(index)")
    }
    for index in token.signed.indices {
      var signed = token.signed
      signed[index] ^= 1
      #expect(!key.verifies(token.signature, over: signed), "byte \(index)")
    }
    #expect(!key.verifies(token.signature + [0], over: token.signed))
    #expect(!key.verifies(token.signature.dropLast(), over: token.signed))
    #expect(!key.verifies([], over: token.signed))
  }

  @Test(arguments: vectors)
  func `a key signs with its own algorithm alone`(vector: Vector) throws {
    let key = try key(of: vector)
    let token = try CompactToken(parsing: Array(vector.token.utf8))
    for algorithm in TokenAlgorithm.allCases where algorithm != key.algorithm {
      let other = IssuerKey(algorithm: algorithm, key: key.key, kid: key.kid)
      #expect(!other.verifies(token.signature, over: token.signed))
      #expect(!token.isSigned(by: other))
    }
  }
}
