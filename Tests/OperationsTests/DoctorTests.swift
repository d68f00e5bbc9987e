import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Platforms
import Projections
import TestKit
import Testing

@testable import Operations

/// `stele doctor`: each check with what makes it ok, a warning, or failed.
@Suite struct DoctorTests {
  let shop: Shop

  init() async throws { shop = try await Shop() }

  func examine(_ workspace: Workspace? = nil) async -> [DoctorFinding] {
    await DoctorWork(
      workspace ?? shop.workspace, variables: shop.variables, version: "stele test",
      time: shop.time
    ).examine()
  }

  func finding(
    _ area: DoctorFinding.Area, _ check: String, in findings: [DoctorFinding]
  ) throws -> DoctorFinding {
    try #require(findings.first { $0.area == area && $0.check == check }, "\(area) \(check)")
  }

  func finding(_ area: DoctorFinding.Area, _ check: String) async throws -> DoctorFinding {
    try finding(area, check, in: await examine())
  }

  func chmod(_ path: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test func `a new ledger is sound, but for its recovery key and this machine`() async throws {
    let findings = await examine()

    let machine: Set<DoctorFinding.Area> = [.versions, .clock, .disk]
    let others = findings.filter { $0.verdict != .ok && !machine.contains($0.area) }
    #expect(others.map(\.check) == ["recovery.pem"], "\(others)")
    #expect(others.first?.next?.contains("shred") == true)
    #expect(Set(findings.map(\.area)) == Set(DoctorFinding.Area.allCases))
    #expect(findings.allSatisfy { $0.verdict == .ok || $0.next != nil })
    let settings = try finding(.ledger, "settings of ledger.sqlite", in: findings)
    #expect(settings.value.contains("journal_mode=wal synchronous=2"))
  }

  @Test func `without a ledger that opens nothing that needs it is ok`() async throws {
    try FileManager.default.removeItem(atPath: shop.workspace.ledger + "/anchor")

    let findings = await examine()

    #expect(!findings.areSound)
    let opens = try finding(.ledger, "opens", in: findings)
    #expect(opens.verdict == .failed)
    #expect(opens.value.contains("no anchor"))
    for (area, check) in [
      (.files, "denials"), (.ledger, "anchor"), (.ledger, "checkpoint"), (.files, "keys"),
      (.vault, "vault.key"),
      (.vault, "snapshot.key"), (.clock, "newest entry"), (.keys, "key ring"),
      (.agents, "agents"), (.reviews, "reviews"), (.policy, "policy"), (.secrets, "secrets"),
      (.drift, "drift"),
    ] as [(DoctorFinding.Area, String)] {
      let one = try finding(area, check, in: findings)
      #expect(one.verdict == .warning, "\(check)")
      #expect(one.value.hasPrefix("not checked: "), "\(check)")
    }
  }

  @Test func `files that others can read or write are named with the command that mends it`()
    async throws
  {
    let ledger = shop.workspace.ledger
    try chmod(ledger + "/vault.sqlite", 0o644)
    try chmod(ledger + "/anchor", 0o666)
    try chmod(shop.session.keys.vaultKey, 0o640)

    let findings = await examine()

    let vault = try finding(.files, "vault.sqlite", in: findings)
    #expect(vault.verdict == .failed)
    #expect(vault.value.hasSuffix("has mode 0644"))
    #expect(vault.next == "chmod 600 \(ledger)/vault.sqlite")
    #expect(try finding(.files, "ledger", in: findings).value == "\(ledger)/anchor has mode 0666")
    #expect(try finding(.files, "keys", in: findings).value.hasSuffix("vault.key has mode 0640"))
    #expect(try finding(.vault, "vault.key", in: findings).verdict == .failed)
    #expect(try finding(.files, "ledger.sqlite", in: findings).verdict == .ok)
  }

  @Test func `a missing database is missing, not fine`() async throws {
    try shop.lose("vault.sqlite")

    let findings = await examine()

    #expect(try finding(.files, "vault.sqlite", in: findings).verdict == .failed)
    #expect(try finding(.ledger, "settings of vault.sqlite", in: findings).verdict == .failed)
    #expect(try finding(.vault, "orphans", in: findings).verdict == .warning)
  }

  @Test func `a table that does not belong there fails the schema`() async throws {
    try shop.tamper(shop.workspace.ledger + "/vault.sqlite", "CREATE TABLE other (x)")

    let settings = try await finding(.ledger, "settings of vault.sqlite")

    #expect(settings.verdict == .failed)
    #expect(settings.value.contains("the schema of"))
  }

  @Test func `personal values without their entry are counted`() async throws {
    try await shop.remark("looks good")
    #expect(try await finding(.vault, "orphans").verdict == .ok)
    try shop.tamper(
      shop.workspace.ledger + "/vault.sqlite",
      "INSERT INTO sealed VALUES (zeroblob(16), 0, '/x', zeroblob(16), 1, zeroblob(62))")

    let orphans = try await finding(.vault, "orphans")

    #expect(orphans.verdict == .warning)
    #expect(orphans.value == "1 settled")
    #expect(DoctorVault.orphans(settled: 0, unsettled: 2).value.contains("2 of a crash"))
  }

  @Test func `a line that names nobody is mended from the ledger, not by a restore`() async throws {
    try await shop.remark("looks good")
    try Data("somebody\n\n".utf8).write(
      to: URL(fileURLWithPath: shop.session.keys.tombstones))

    let newest = try await finding(.vault, "newest")

    #expect(newest.verdict == .failed)
    #expect(newest.next == "stele log --kind privacy.erased")
  }

  @Test func `another vault's key does not open this one`() async throws {
    try await shop.remark("looks good")
    let path = shop.session.keys.vaultKey
    try FileManager.default.removeItem(atPath: path)
    try SecretFile.create(path, random: SystemRandom())

    let key = try await finding(.vault, "vault.key")

    #expect(key.verdict == .failed)
    #expect(key.value.contains("no key at hand opens"))
  }

  @Test func `keys are compared with what the ledger knows of them`() async throws {
    let ring = shop.session.keys
    let files = FileManager.default
    try files.removeItem(atPath: ring.path(.recovery))
    try files.removeItem(atPath: ring.path(.log))
    try files.removeItem(atPath: ring.path(.actor))
    try KeyFile.write(.generate(), to: ring.path(.actor))
    try files.removeItem(atPath: ring.path(.service))
    try files.copyItem(atPath: ring.path(.administrator), toPath: ring.path(.service))
    try KeyFile.write(.generate(), to: ring.directory + "/ada.pem")

    let findings = await examine()

    #expect(try finding(.keys, "recovery.pem", in: findings).verdict == .ok)
    #expect(try finding(.keys, "log.pem", in: findings).verdict == .failed)
    let actor = try finding(.keys, "actor.pem", in: findings)
    #expect(actor.value.hasSuffix("is not registered"))
    #expect(actor.next == "stele key add --role actor --key \(ring.path(.actor))")
    let service = try finding(.keys, "service.pem", in: findings)
    #expect(service.value == "registered as administrator")
    #expect(try finding(.keys, "ada.pem", in: findings).verdict == .warning)
    #expect(try finding(.keys, "administrator.pem", in: findings).verdict == .ok)
  }

  @Test func `no log key is proposed for anything but a rotation`() async throws {
    let ring = shop.session.keys
    let files = FileManager.default
    let lost = "stele key rotate-log --log-key-lost --recovery FILE"
    try KeyFile.write(.generate(), to: ring.nextLog)
    #expect(try await finding(.keys, "log-next.pem").next == "stele key rotate-log")
    try files.moveItem(atPath: ring.path(.log), toPath: ring.directory + "/log")
    #expect(try await finding(.keys, "log.pem").next == lost)
    try KeyFile.write(.generate(), to: ring.path(.log))
    let foreign = try await finding(.keys, "log.pem")
    #expect(foreign.verdict == .failed)
    #expect(foreign.value.hasSuffix("is not registered"))
    #expect(foreign.next == lost)
    try Data("no key".utf8).write(to: URL(fileURLWithPath: ring.path(.log)))
    let damaged = try await finding(.keys, "log.pem")
    #expect(damaged.next == "mv \(ring.path(.log)) \(ring.path(.log)).damaged")

    try files.removeItem(atPath: ring.path(.log))
    try files.moveItem(atPath: ring.directory + "/log", toPath: ring.path(.log))
    let rotated = try await LogKeyRotation(
      shop.workspace, variables: shop.variables, time: shop.time
    ).run()

    let findings = await examine()
    #expect(try finding(.keys, "log.pem", in: findings).verdict == .ok)
    let previous = try finding(.keys, "log-\(rotated.old.hex).pem", in: findings)
    #expect(previous.verdict == .ok)
    #expect(previous.value == "revoked at entry \(rotated.position)")
    #expect(!findings.contains { $0.check == "log-next.pem" })
  }

  @Test func `a log key whose names a rotation did not come to is named by the next`()
    async throws
  {
    let ring = shop.session.keys
    let rotated = try await LogKeyRotation(
      shop.workspace, variables: shop.variables, time: shop.time
    ).run()
    let files = FileManager.default
    try files.moveItem(atPath: ring.path(.log), toPath: ring.nextLog)
    try files.moveItem(atPath: ring.previousLog(rotated.old), toPath: ring.path(.log))

    let findings = await examine()

    let log = try finding(.keys, "log.pem", in: findings)
    #expect(log.value == "revoked at entry \(rotated.position)")
    #expect(log.next == "stele key rotate-log")
    #expect(try finding(.keys, "log-next.pem", in: findings).next == "stele key rotate-log")
  }

  @Test func `a next log key that is somebody's is to be moved away`() async throws {
    let path = shop.session.keys.nextLog
    _ = try await KeyAddition(shop.session).add(.file(path), role: .actor, owner: nil, grant: nil)

    let next = try await finding(.keys, "log-next.pem")

    #expect(next.value == "registered as actor: it cannot become the log's")
    #expect(next.next == "mv \(path) \(path).unused")
  }

  @Test func `a revoked key is one that failed`() async throws {
    let path = shop.session.keys.directory + "/bob.pem"
    let added = try await KeyAddition(shop.session).add(
      .file(path), role: .actor, owner: nil, grant: nil)
    #expect(try await finding(.keys, "bob.pem").verdict == .ok)
    let revoked = try await KeyRevocation(shop.session).revoke(
      added.keyid.hex, reason: .left, suspectFrom: nil)

    let bob = try await finding(.keys, "bob.pem")
    #expect(bob.value == "revoked at entry \(revoked.position)")
    #expect(bob.next == "shred -u \(path)")
  }

  @Test func `a clock behind the newest entry warns, and fails where nothing can be appended`()
    throws
  {
    let recorded = try Timestamp(parsing: "2026-11-22T12:00:00.000000Z")
    let verdict = { (milliseconds: Int) in
      DoctorClock.newestEntry(recorded, now: recorded.adding(milliseconds: milliseconds)).verdict
    }

    #expect(verdict(0) == .ok)
    #expect(verdict(-1) == .warning)
    #expect(verdict(-1_000) == .warning)
    #expect(verdict(-1_001) == .failed)
    #expect(DoctorClock.synchronization(true).verdict == .ok)
    #expect(DoctorClock.synchronization(false).verdict == .warning)
    #expect(DoctorClock.synchronization(nil).value == "not checked: the kernel does not say")
  }

  @Test func `room, logs and the anchor have limits of their own`() {
    let gibibyte = 1 << 30
    #expect(DoctorDisk.bytes(2 * gibibyte, ledger: gibibyte).verdict == .ok)
    #expect(DoctorDisk.bytes(2 * gibibyte - 1, ledger: gibibyte).verdict == .warning)
    #expect(DoctorDisk.bytes(gibibyte / 4 - 1, ledger: 0).verdict == .failed)
    #expect(DoctorDisk.files(9_999, 100_000).verdict == .warning)
    #expect(DoctorDisk.files(0, 0).verdict == .ok)
    #expect(DoctorLedger.log("x", LedgerInspection.logBytesUsual).verdict == .ok)
    #expect(DoctorLedger.log("x", LedgerInspection.logBytesUsual + 1).verdict == .warning)
    #expect(DoctorLedger.log("x", LedgerInspection.logBytesMax + 1).verdict == .failed)
    #expect(DoctorLedger.anchor(5, of: 5, isSigned: true).verdict == .ok)
    #expect(DoctorLedger.anchor(5, of: 5, isSigned: false).verdict == .ok)
    #expect(DoctorLedger.anchor(4, of: 5, isSigned: true).verdict == .warning)
    #expect(DoctorLedger.anchor(4, of: 5, isSigned: false).verdict == .failed)
    #expect(DoctorLedger.anchor(6, of: 5, isSigned: true).value == "0 entries behind")
  }

  @Test func `versions are compared as numbers`() async throws {
    #expect(DoctorVersions.sqlite("3.40.1").verdict == .ok)
    #expect(DoctorVersions.sqlite("3.40.1").value.contains("never the live file"))
    #expect(DoctorVersions.sqlite("3.51.3").value == "3.51.3")
    #expect(DoctorVersions.sqlite("3.9.2").verdict == .failed)
    #expect(DoctorVersions.kernel("5.2.0-1-amd64").verdict == .failed)
    #expect(DoctorVersions.kernel("6.1.0").verdict == .ok)
    #expect(DoctorVersions.kernel("strange").verdict == .warning)
    let missing = await DoctorVersions(
      program: "stele test", router: HAProxyProgram(path: "/nowhere/haproxy")
    ).findings()
    #expect(try finding(.versions, "haproxy", in: missing).verdict == .failed)
    let silent = await DoctorVersions(
      program: "stele test", router: HAProxyProgram(path: "/bin/false")
    ).findings()
    #expect(try finding(.versions, "haproxy", in: silent).verdict == .warning)
  }

  @Test func `grants that end are told of before they do`() throws {
    let now = try Timestamp(parsing: "2026-11-22T12:00:00.000000Z")
    let grant = { (days: Int?) in
      let granted = AccessGranted(
        actor: shop.person.actor, applications: .all, environments: .all, role: .deployer,
        until: days.map { now.adding(milliseconds: $0 * 86_400_000) })
      return Grants.Grant(
        granted,
        in: Recorded(
          position: 1, index: 0, recorded: now,
          entry: .make(at: now, random: [UInt8](repeating: 1, count: 10)),
          actor: shop.person.actor, behalf: nil, scope: Scope(),
          stream: .grant(shop.person.actor), version: 1, event: .access(.granted(granted))))
    }

    #expect(DoctorKeys.grants([grant(nil), grant(15)], now: now).verdict == .ok)
    let ending = DoctorKeys.grants([grant(nil), grant(13), grant(-1)], now: now)
    #expect(ending.verdict == .warning)
    #expect(ending.value.contains(" ended ") && ending.value.hasSuffix("and 1 more"))
    #expect(DoctorKeys.grants([grant(13)], now: now).value.contains(" ends "))
  }

  @Test func `where something runs an agent answers, and elsewhere no folder is left`()
    async throws
  {
    #expect(try await finding(.agents, "agents").verdict == .ok)
    let stale = shop.workspace.run("development")
    try FileManager.default.createDirectory(atPath: stale, withIntermediateDirectories: true)
    try await shop.deploy("v1")

    let findings = await examine()

    let left = try finding(.agents, "development", in: findings)
    #expect(left.verdict == .warning)
    #expect(left.next == "rm -r \(stale)")
    let silent = try finding(.agents, "staging", in: findings)
    #expect(silent.verdict == .failed)
    #expect(silent.next == "stele agent staging")
  }

  @Test func `an agent that lives and does not answer is named with what ends it`() async throws {
    let directory = RunDirectory(of: "staging", in: shop.workspace.ledger)
    let agent = try await ProcessPlatform.open(directory).platform
    try await shop.deploy("v1")

    let silent = try await finding(.agents, "staging")

    #expect(silent.verdict == .failed)
    #expect(silent.next == "kill -9 $(cat \(directory.agentLock))")
    withExtendedLifetime(agent) {}
  }

  @Test func `folders of agents that cannot be read are not taken for none`() async throws {
    let run = shop.workspace.ledger + "/run"
    try "no folder".write(toFile: run, atomically: true, encoding: .utf8)

    let folders = try await finding(.agents, "folders")

    #expect(folders.verdict == .warning)
    #expect(folders.value == "not checked: \(run) could not be read")
    #expect(folders.next == "ls -ld \(run)")
  }

  @Test func `an agent whose open files cannot be read was not checked`() {
    let answered = { DoctorAgents.answered(7, "staging", openFiles: $0) }

    #expect(answered(nil).verdict == .warning)
    #expect(answered(nil).value.contains("which files it has open could not be read"))
    #expect(answered([]).verdict == .ok)
    #expect(answered(["/x/.stele/ledger.sqlite"]).verdict == .ok)
    #expect(answered(["/x/.stele/replaced-1/ledger.sqlite"]).verdict == .failed)
    #expect(answered(["/x/.stele/ledger.sqlite (deleted)"]).verdict == .failed)
    #expect(DoctorAgents.openFiles(of: 0) == nil)
    #expect(DoctorAgents.openFiles(of: getpid())?.isEmpty == false)
  }

  @Test func `counts of denials that were damaged are told of until somebody has looked`()
    async throws
  {
    #expect(try await finding(.files, "denials").value == "0 wait for their entry")
    let file = DenialFile(shop.workspace, keys: shop.session.keys)
    try Data("[{".utf8).write(to: URL(fileURLWithPath: file.path))
    #expect(try await finding(.files, "denials").verdict == .failed)
    try await shop.deploy("v1")

    let aside = try await finding(.files, "denials")

    #expect(aside.verdict == .warning)
    #expect(aside.next == "rm \(file.path).damaged-1")
    try FileManager.default.removeItem(atPath: file.path)
    try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
    #expect(try await finding(.files, "denials").value.hasPrefix("not checked: "))
  }
}
