import Access
import Cryptography
import Events
import LedgerStore
import Operations
import Projections

/// A ledger with as many grants as a large company has: a hundred people, a hundred grants each.
struct BenchGrants {
  static let people = 100
  static let grantsEach = 100
  /// Of one person's grants, so that moments differ.
  static let entriesEach = 10

  let session: Session
  let actors: [ActorID]

  /// Every grant but each person's last is for another application than the one that is asked for,
  /// so that a decision looks at all of them.
  init(at root: String) async throws {
    let ledger = try await BenchLedger(at: root)
    let writing = ledger.session
    let administrator = try await writing.signer(.administrator)
    actors = (0..<Self.people).map { _ in
      ActorID.make(at: writing.time.now(), random: writing.random.bytes(10))
    }
    for actor in actors {
      let count = Self.grantsEach / Self.entriesEach
      for entry in 0..<Self.entriesEach {
        let events = try (1...count).map { number in
          DraftEvent(
            AccessGranted(
              actor: actor, applications: .only([try Self.application(entry * count + number)]),
              environments: .all, role: .deployer), in: .grant(actor))
        }
        _ = try await writing.record(EntryDraft(events), by: administrator)
      }
    }
    _ = try await writing.state()
    await writing.finishKeeping()
    try await writing.close()
    session = try await ledger.reopened(for: .reading).session
  }

  static func application(_ number: Int) throws -> ApplicationName {
    try ApplicationName(parsing: "application-\(number)")
  }

  /// Whether they may deploy the application that only their last grant is for.
  func request(of actor: ActorID) throws -> AccessRequest {
    AccessRequest(
      .startDeployment, by: actor, application: try Self.application(Self.grantsEach),
      environment: try EnvironmentName(parsing: "production"))
  }
}

/// One decision among ten thousand grants, on a state that is at hand.
struct DecisionComparison: Comparison {
  private static let decisions = 10_000

  let grants: BenchGrants

  var name: String { "one access decision, \(BenchGrants.people * BenchGrants.grantsEach) grants" }
  var limit: String { "50 us" }
  var bar: Bar { .atMost(1) }

  func measureWork() async throws -> Measure {
    let state = try await grants.session.state()
    let now = grants.session.time.now()
    let requests = try grants.actors.map(grants.request)
    var times: [Duration] = []
    for number in 0..<Self.decisions {
      let request = requests[number % requests.count]
      times.append(
        ContinuousClock().measure {
          precondition(request.decide(state.grants, at: now).isAllowed, "it was granted")
        })
    }
    return Percentiles(times).p99
  }

  func measureLimit() -> Measure { .milliseconds(0.05) }
}

/// The same as of any moment of the past.
struct PastDecisionComparison: Comparison {
  private static let moments = 100

  let grants: BenchGrants

  var name: String { "p99 of the same as of any moment" }
  var limit: String { "10 ms" }
  var bar: Bar { .atMost(1) }

  func measureWork() async throws -> Measure {
    let session = grants.session
    let size = try session.ledger.head().size
    let now = session.time.now()
    var times: [Duration] = []
    for number in 1...Self.moments {
      let moment = Session.Instant(
        size: number * 15_485_863 % size + 1, time: now, isPast: true)
      let request = try grants.request(of: grants.actors[number % grants.actors.count])
      times.append(
        try await ContinuousClock().measure {
          let standing = try await session.standing(of: request.actor, at: moment)
          _ = request.decide(standing.grants, at: now)
        })
    }
    return Percentiles(times).p99
  }

  func measureLimit() -> Measure { .milliseconds(10) }
}
