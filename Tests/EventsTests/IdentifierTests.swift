import CanonicalJSON
import Events
import Testing

/// Identifiers: one value, one spelling.
@Suite struct IdentifierTests {
  @Test func `an id made from RFC 9562's example fields is its example UUID`() throws {
    // Appendix A.6: 2022-02-22T19:22:22Z, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    let time = try Timestamp(parsing: "2022-02-22T19:22:22.000000Z")
    let random: [UInt8] = [0xFC, 0xC3, 0xD8, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F]

    #expect(
      EntryID.make(at: time, random: random).description
        == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
  }

  @Test func `ids are ordered by the millisecond they were made in`() throws {
    let time = try Timestamp(parsing: "2026-11-22T15:04:05.123456Z")
    let early = ActorID.make(at: time, random: [UInt8](repeating: 0xFF, count: 10))
    let late = ActorID.make(
      at: time.adding(milliseconds: 1), random: [UInt8](repeating: 0, count: 10))

    #expect(early < late)
    #expect(early.description < late.description)
    #expect(try ActorID(parsing: early.description) == early)
  }

  @Test(arguments: [
    "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
    "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e279b0-7cc3-98c4-dc0c0c07398f-",
    "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
    "017f22e2-79b0-7cc3-18c4-dc0c0c07398f", "g17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
  ])
  func `what is no lower-case UUID of version 7 is no id`(text: String) {
    #expect(
      throws: IdentifierError(
        noun: "deployment id", text: text, form: "a lower-case UUID of version 7")
    ) { try DeploymentID(parsing: text) }
  }

  @Test(arguments: ["a", "tamma", "a-0-b", String(repeating: "a", count: 63)])
  func `a name is a to z, digits and hyphens after a letter`(text: String) throws {
    #expect(try ApplicationName(parsing: text).description == text)
  }

  @Test(arguments: [
    "", "A", "0a", "-a", "a_b", "a.b", "é", "a ", String(repeating: "a", count: 64),
  ])
  func `another text is no name`(text: String) {
    #expect(throws: IdentifierError.self) { try EnvironmentName(parsing: text) }
    #expect(ComponentName(rawValue: text) == nil)
  }

  @Test func `a refused name says what was wanted, given and right`() {
    let error = #expect(throws: IdentifierError.self) { try EnvironmentName(parsing: "Prod") }

    #expect(
      error?.description
        == "'Prod' is no environment name: write a-z, 0-9 and -, starting with a letter, "
        + "at most 63 characters.")
  }

  @Test func `an instance may start with a digit, a code may not`() throws {
    #expect(try InstanceName(parsing: "0").description == "0")
    #expect(InstanceName(rawValue: "orchestrator-2.b_C")?.rawValue == "orchestrator-2.b_C")
    #expect(throws: IdentifierError.self) { try InstanceName(parsing: "-0") }
    #expect(InstanceName("a") < InstanceName("b"))
    #expect(Code(rawValue: "0") == nil)
    #expect(Code(rawValue: "deployment.start")?.description == "deployment.start")
    #expect(Code("a") < Code("b"))
  }

  @Test func `an origin is name, log and incarnation`() throws {
    let origin = try Origin(parsing: Golden.ledger.origin)

    #expect(origin.name == "tamma")
    #expect(origin.log.text == "d6e783f2-e0bb-42df-8968-fc88bfaa7910")
    #expect(origin.incarnation == 1)
    #expect(origin.description == Golden.ledger.origin)
  }

  @Test(arguments: [
    "tamma/d6e783f2-e0bb-42df-8968-fc88bfaa7910", "tamma/d6e783f2-e0bb-42df-8968-fc88bfaa7910/0",
    "tamma/d6e783f2-e0bb-42df-8968-fc88bfaa7910/01", "/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1",
    "tamma/d6e783f2-e0bb-72df-8968-fc88bfaa7910/1", "a b/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1",
    "tamma/d6e783f2-e0bb-42df-8968-fc88bfaa7910/9007199254740992",
    String(repeating: "a", count: 217) + "/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1",
  ])
  func `another text is no origin`(text: String) {
    #expect(throws: IdentifierError.self) { try Origin(parsing: text) }
  }

  @Test func `the longest origin has 255 bytes`() throws {
    let text = String(repeating: "a", count: 216) + "/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1"

    #expect(try Origin(parsing: text).description.utf8.count == 255)
  }

  @Test func `a log id of any random bytes is a UUID of version 4`() throws {
    for byte in [UInt8(0), 0x55, 0xFF] {
      let log = Origin.makeLog(random: [UInt8](repeating: byte, count: 16))

      #expect(log.version == 4)
      #expect(log.hasStandardVariant)
      #expect(Origin(name: "a", log: log, incarnation: 1) != nil)
    }
  }

  @Test func `a stream is a prefix and a name`() throws {
    let stream = try StreamName(parsing: "release/tamma.production")

    #expect(stream.prefix == "release")
    #expect(stream.name == "tamma.production")
    #expect(stream.description == "release/tamma.production")
    #expect(StreamName("a/b") < StreamName("a/c"))
  }

  @Test(arguments: [
    "", "release", "/a", "release/", "Release/a", "re1/a", "a/-", "a/A", "a/b/c", "a/b c",
    String(repeating: "a", count: 32) + "/a", "a/" + String(repeating: "a", count: 129),
  ])
  func `another text is no stream`(text: String) {
    #expect(throws: IdentifierError.self) { try StreamName(parsing: text) }
  }

  @Test func `a kind has a family and a version`() throws {
    let kind = try #require(EventKind(text: "deployment.step_started.v12"))

    #expect(kind.family == "deployment")
    #expect(kind.description == "deployment.step_started.v12")
    #expect(!kind.isGoverning)
    #expect(EventKind("key.registered.v2").isGoverning)
    #expect(EventKind("a.b.v1") < EventKind("a.c.v1"))
  }

  @Test(arguments: [
    "", "a.b", "a.b.1", "a.b.v0", "a.b.v01", "a.b.v", "A.b.v1", "a..v1", "a.b.c.v1", "a1.b.v1",
    "a.b.v9007199254740992",
  ])
  func `another text is no kind`(text: String) {
    #expect(EventKind(text: text) == nil)
  }

  @Test func `kinds are asked for with a version or without`() throws {
    let one = try KindSelection(parsing: "deployment.step_started.v12")
    let all = try KindSelection(parsing: "deployment.step_started")

    #expect((one.text, one.isVersioned) == ("deployment.step_started.v12", true))
    #expect((all.text, all.isVersioned) == ("deployment.step_started", false))
    for text in ["", "a", "a.b.c", "a.b.v0", "a.B", "a.*"] {
      #expect(throws: IdentifierError.self) { try KindSelection(parsing: text) }
    }
  }

  @Test func `a digest of content names its hash`() throws {
    let hex = String(repeating: "ab", count: 32)
    let digest = try ContentDigest(parsing: "sha256:\(hex)")

    #expect(digest.sha256.hex == hex)
    #expect(digest.description == "sha256:\(hex)")
    #expect(digest.shortText == "abababababab")
    #expect(throws: IdentifierError.self) { try ContentDigest(parsing: hex) }
    #expect(throws: IdentifierError.self) { try ContentDigest(parsing: "sha256:\(hex)0") }
  }
}
