import CanonicalJSON
import Events
import Testing

@testable import Environments

/// The digest that is tested, approved and promoted.
@Suite struct BuildTests {
  static let artifact = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 0xAB, count: 32)))

  @Test func `a build is canonical JSON of its components by name`() async throws {
    let build = Build(
      application: "tamma",
      components: [
        .init(name: "workers", artifact: Self.artifact, sizeBytes: 7),
        .init(name: "orchestrator", artifact: Self.artifact, sizeBytes: 1_048_576),
      ])

    let hex = String(repeating: "ab", count: 32)
    let text =
      #"{"application":"tamma","components":[{"artifact":"sha256:"# + hex
      + #"","name":"orchestrator","sizeBytes":1048576},{"artifact":"sha256:"# + hex
      + #"","name":"workers","sizeBytes":7}],"v":1}"#
    #expect(String(decoding: build.canonicalBytes, as: UTF8.self) == text)
    let hashed = try await python(
      ["-c", "import hashlib,sys;print(hashlib.sha256(sys.argv[1].encode()).hexdigest())", text])
    #expect("\(build.digest)\n" == "sha256:\(hashed)")
  }

  @Test func `the order in which components are given does not matter, anything else does`() {
    let components = ["a", "b"].map {
      Build.Component(name: $0 as ComponentName, artifact: Self.artifact, sizeBytes: 1)
    }
    let build = Build(application: "tamma", components: components)

    #expect(Build(application: "tamma", components: components.reversed()).digest == build.digest)
    #expect(Build(application: "other", components: components).digest != build.digest)
    #expect(Build(application: "tamma", components: [components[0]]).digest != build.digest)
  }
}
