import CanonicalJSON
import Events
import Testing

/// The streams that this version's kinds are numbered in.
@Suite struct KnownStreamTests {
  let id = "01a2ce8b-d018-7439-99ba-497f0075d699"

  @Test func `every known stream has the format's name`() throws {
    let actor = try ActorID(parsing: id)
    let keyid = Digest(bytes: [UInt8](repeating: 0x0A, count: 32))
    let streams: [(StreamName, String)] = [
      (.ledger, "ledger/main"), (.retention, "retention/main"),
      (.key(keyid), "key/" + String(repeating: "0a", count: 32)), (.grant(actor), "grant/\(id)"),
      (.privacy(actor), "privacy/\(id)"), (.access(nil), "access/0"),
      (.access("production"), "access/production"), (.approval("staging"), "approval/staging"),
      (.build("tamma"), "build/tamma"),
      (.deployment(try DeploymentID(parsing: id)), "deployment/\(id)"),
      (.configuration("tamma", "production"), "configuration/tamma.production"),
      (.release("tamma", "production"), "release/tamma.production"),
      (.health("tamma", "production"), "health/tamma.production"),
      (.usage("tamma", "production"), "usage/tamma.production"),
      (.cost("tamma", "production"), "cost/tamma.production"),
      (.replica("tamma", "production"), "replica/tamma.production"),
      (.router("tamma", "production"), "router/tamma.production"),
      (.lease("tamma", "production"), "lease/tamma.production"),
    ]

    for (stream, text) in streams { #expect(stream.text == text) }
  }
}
