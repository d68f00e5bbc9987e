import Events
import Platforms
import Rollouts

/// What any ``Platform`` promises, one clause a case. A platform's tests run each clause on a
/// subject made for it:
///
///     @Test(arguments: PlatformContract.allCases)
///     func `processes keep the contract`(clause: PlatformContract) async throws {
///       try await clause.check(makeSubject())
///     }
package enum PlatformContract: String, CaseIterable, Sendable {
  case aStartedReplicaRuns
  case aReplicaIsStartedOnce
  case anInstanceMeansOneSpecification
  case aStoppedReplicaIsGoneAndTold
  case aStopOfWhatDoesNotRunIsAnswered
  case aReplicaMayEndOnItsOwn
  case aReplicaThatWillNotEndIsEnded
  case portsAreNobodyElses
  case aProgramThatIsNotThereIsSaid
  case manyAtOnceAreKeptApart
  case anEndedInstanceMayBeStartedAgain
}

/// A platform with nothing running, and how to describe replicas to it.
package protocol PlatformSubject: Sendable {
  var platform: any Platform { get }
  /// A replica that behaves so on this platform.
  func spec(_ instance: InstanceName, _ behaviour: ContractBehaviour) -> ReplicaSpec
  /// Returns when a replica that was started is stubborn, if it was asked to be: a process needs a
  /// moment until it ignores signals.
  func awaitStubbornness(of replica: RunningReplica) async throws
}

extension PlatformSubject {
  package func awaitStubbornness(of replica: RunningReplica) async throws {}
}

/// How a replica of a contract's test behaves.
package enum ContractBehaviour: Sendable {
  /// Runs until asked to end, and then ends soon.
  case endless
  /// Ends with this status soon after its start.
  case ending(status: Int)
  /// Runs and does not end when asked to.
  case stubborn
  /// Names a program that is not there.
  case missing
}

/// A promise that was not kept.
package struct ContractBreach: Error, CustomStringConvertible {
  package let description: String
}

extension PlatformContract {
  package func check(_ subject: some PlatformSubject) async throws {
    let platform = subject.platform
    switch self {
    case .aStartedReplicaRuns:
      let spec = subject.spec("one", .endless)
      let replica = try await platform.start(spec)
      try expect(replica.spec == spec, "it has another specification")
      try expect((replica.port != nil) == spec.wantsPort, "its port is \(replica.port ?? 0)")
      try expect(try await platform.running() == [replica], "it is not what runs")
    case .aReplicaIsStartedOnce:
      let spec = subject.spec("one", .endless)
      let first = try await platform.start(spec)
      try expect(try await platform.start(spec) == first, "a second one was started")
    case .anInstanceMeansOneSpecification:
      _ = try await platform.start(subject.spec("one", .endless))
      try await expect(.instanceTaken("one")) {
        _ = try await platform.start(subject.spec("one", .stubborn))
      }
    case .aStoppedReplicaIsGoneAndTold: try await checkStop(subject)
    case .aStopOfWhatDoesNotRunIsAnswered:
      try expect(
        try await platform.stop("nobody", graceMs: 1_000) == .unknown, "nobody had an end")
      _ = try await platform.start(subject.spec("one", .endless))
      let exit = try await platform.stop("one", graceMs: 10_000)
      try expect(try await platform.stop("one", graceMs: 0) == exit, "it ended in two ways")
    case .aReplicaMayEndOnItsOwn: try await checkOwnEnd(subject)
    case .aReplicaThatWillNotEndIsEnded:
      let replica = try await platform.start(subject.spec("one", .stubborn))
      try await subject.awaitStubbornness(of: replica)
      try expect(
        try await platform.stop("one", graceMs: 300) == .signal(9), "it ended in another way")
      try expect(try await platform.running().isEmpty, "it still runs")
    case .portsAreNobodyElses:
      var ports: Set<Int> = []
      for instance in Self.instances {
        guard let port = try await platform.start(subject.spec(instance, .endless)).port else {
          throw ContractBreach(description: "\(instance) has no port")
        }
        try expect(ports.insert(port).inserted, "port \(port) was given twice")
      }
    case .aProgramThatIsNotThereIsSaid: try await checkMissing(subject)
    case .manyAtOnceAreKeptApart: try await checkMany(subject)
    case .anEndedInstanceMayBeStartedAgain:
      let spec = subject.spec("one", .endless)
      let first = try await platform.start(spec)
      _ = try await platform.stop("one", graceMs: 10_000)
      let second = try await platform.start(spec)
      try expect(first.process != second.process, "the same process runs again")
    }
    try await clear(platform)
  }

  private static let instances: [InstanceName] = ["a", "b", "c", "d", "e", "f"]

  private func clear(_ platform: any Platform) async throws {
    for replica in try await platform.running() {
      _ = try await platform.stop(replica.spec.instance, graceMs: 0)
    }
  }

  private func checkStop(_ subject: some PlatformSubject) async throws {
    let platform = subject.platform
    let ends = await platform.ends()
    let replica = try await platform.start(subject.spec("one", .endless))
    let exit = try await platform.stop("one", graceMs: 10_000)
    try expect(try await platform.running().isEmpty, "it still runs")
    let told = await ends.first { _ in true }
    try expect(
      told == ReplicaEnd(replica: replica, exit: exit, wasAsked: true), "its end was told otherwise"
    )
  }

  private func checkOwnEnd(_ subject: some PlatformSubject) async throws {
    let platform = subject.platform
    let ends = await platform.ends()
    let replica = try await platform.start(subject.spec("one", .ending(status: 3)))
    let told = await ends.first { _ in true }
    try expect(
      told == ReplicaEnd(replica: replica, exit: .status(3), wasAsked: false),
      "its end was told otherwise")
    try expect(try await platform.running().isEmpty, "it still runs")
    try expect(try await platform.stop("one", graceMs: 0) == .status(3), "its end is forgotten")
  }

  private func checkMissing(_ subject: some PlatformSubject) async throws {
    let platform = subject.platform
    do {
      _ = try await platform.start(subject.spec("one", .missing))
      throw ContractBreach(description: "a program that is not there was started")
    } catch PlatformError.notExecutable {
      try expect(try await platform.running().isEmpty, "something runs all the same")
    }
  }

  private func checkMany(_ subject: some PlatformSubject) async throws {
    let platform = subject.platform
    try await withThrowingTaskGroup { group in
      for instance in Self.instances {
        group.addTask { _ = try await platform.start(subject.spec(instance, .endless)) }
      }
      try await group.waitForAll()
    }
    try expect(
      try await platform.running().map(\.spec.instance) == Self.instances, "others run")
    try await withThrowingTaskGroup { group in
      for instance in Self.instances.prefix(5) {
        group.addTask { _ = try await platform.stop(instance, graceMs: 10_000) }
      }
      try await group.waitForAll()
    }
    try expect(try await platform.running().map(\.spec.instance) == ["f"], "others run")
  }

  private func expect(
    _ wanted: PlatformError, _ work: () async throws -> Void
  ) async throws {
    do {
      try await work()
    } catch let error as PlatformError where error == wanted {
      return
    }
    throw ContractBreach(description: "\(rawValue): it was not refused")
  }

  private func expect(_ holds: Bool, _ breach: String) throws {
    guard holds else { throw ContractBreach(description: "\(rawValue): \(breach)") }
  }
}
