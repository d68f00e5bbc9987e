import CanonicalJSON
import Events
import Testing

/// Typed events against their canonical text, one of every kind.
@Suite struct LedgerEventTests {
  private func data(_ text: String) throws -> JSONObject {
    try #require(try JSONValue(parsing: text).objectValue)
  }

  @Test(arguments: KnownEvent.all)
  func `an event is read from its text`(known: KnownEvent) throws {
    #expect(try LedgerEvent(kind: known.kind, data: data(known.text)) == known.event)
  }

  @Test(arguments: KnownEvent.all)
  func `an event is written as its text`(known: KnownEvent) throws {
    let payload = try #require(known.event.payload)

    #expect(try payload.json.canonicalText() == known.text)
    #expect(type(of: payload).kind == known.kind)
  }

  @Test func `there is a known event of every kind in the catalogue`() {
    #expect(Set(KnownEvent.all.map(\.kind)) == Set(KindCatalogue.rules.map(\.kind)))
  }

  @Test(arguments: KnownEvent.all)
  func `a field too many is refused`(known: KnownEvent) throws {
    var data = try data(known.text)
    data["zzz"] = 1

    #expect(throws: FormFault.field(path: "zzz", expected: "absent")) {
      try LedgerEvent(kind: known.kind, data: data)
    }
  }

  @Test(arguments: KnownEvent.all)
  func `a field of another type is refused by its path`(known: KnownEvent) throws {
    let data = try data(known.text)
    for key in data.keys {
      var wrong = data
      wrong[key] = .array([nil])
      let error = #expect(throws: FormFault.self, "\(known.kind) with \(key): [null]") {
        try LedgerEvent(kind: known.kind, data: wrong)
      }
      guard case .field(let path, _)? = error else { continue }
      #expect(path.hasPrefix(key))
    }
  }

  @Test(arguments: KnownEvent.all)
  func `without its optional fields an event is another one, without any other none`(
    known: KnownEvent
  ) throws {
    let data = try data(known.text)
    for key in data.keys {
      var less = data
      less[key] = JSONValue?.none
      let read = Result { () throws -> LedgerEvent in
        try LedgerEvent(kind: known.kind, data: less)
      }
      switch read {
      case .success(let event):
        #expect(event != known.event)
        #expect(event.payload?.data == less, "\(known.kind) without \(key) writes something else")
      case .failure(let error):
        #expect((error as? FormFault)?.isAbout(key) == true, "\(known.kind) without \(key)")
      }
    }
  }

  @Test func `a kind of a newer version is kept as it is`() throws {
    let event = try LedgerEvent(kind: "budget.alarmed.v1", data: ["a": 1])

    #expect(event == .unknown(kind: "budget.alarmed.v1", data: ["a": 1]))
    #expect(LedgerEvent.reading(kind: "budget.alarmed.v1", data: ["a": 1]) == event)
  }

  @Test func `data that cannot be read says why and stops nobody`() {
    #expect(
      LedgerEvent.reading(kind: "lease.renewed.v1", data: [:])
        == .unreadable(
          kind: "lease.renewed.v1", fault: .field(path: "until", expected: "present")))
  }
}

extension FormFault {
  fileprivate func isAbout(_ key: String) -> Bool {
    guard case .field(let path, _) = self else { return false }
    return path == key
  }
}

extension LedgerEvent {
  /// What a writer would record.
  fileprivate var payload: (any EventPayload)? {
    switch self {
    case .ledger(.created(let payload)): payload
    case .ledger(.incarnationStarted(let payload)): payload
    case .key(.registered(let payload)): payload
    case .key(.revoked(let payload)): payload
    case .access(.granted(let payload)): payload
    case .access(.withdrawn(let payload)): payload
    case .access(.suspended(let payload)): payload
    case .access(.reinstated(let payload)): payload
    case .access(.reviewed(let payload)): payload
    case .access(.decided(let payload)): payload
    case .access(.issuerAdded(let payload)): payload
    case .access(.issuerRemoved(let payload)): payload
    case .access(.identityAdded(let payload)): payload
    case .access(.identityRemoved(let payload)): payload
    case .access(.attested(let payload)): payload
    case .approval(.requested(let payload)): payload
    case .approval(.given(let payload)): payload
    case .approval(.withdrawn(let payload)): payload
    case .approval(.rejected(let payload)): payload
    case .review(.opened(let payload)): payload
    case .review(.closed(let payload)): payload
    case .secret(.set(let payload)): payload
    case .secret(.retired(let payload)): payload
    case .secret(.removed(let payload)): payload
    case .secret(.recipientAdded(let payload)): payload
    case .secret(.recipientRemoved(let payload)): payload
    case .policy(.decided(let payload)): payload
    case .policy(.adopted(let payload)): payload
    case .build(let payload): payload
    case .configuration(let payload): payload
    case .release(let payload): payload
    case .deployment(let event): event.payload
    case .health(.checked(let payload)): payload
    case .health(.changed(let payload)): payload
    case .health(.summarized(let payload)): payload
    case .replica(.started(let payload)): payload
    case .replica(.exited(let payload)): payload
    case .router(.started(let payload)): payload
    case .router(.stopped(let payload)): payload
    case .lease(.taken(let payload)): payload
    case .lease(.renewed(let payload)): payload
    case .lease(.released(let payload)): payload
    case .drift(.scanned(let payload)): payload
    case .drift(.found(let payload)): payload
    case .drift(.resolved(let payload)): payload
    case .sync(.started(let payload)): payload
    case .sync(.stepStarted(let payload)): payload
    case .sync(.stepFinished(let payload)): payload
    case .sync(.ended(let payload)): payload
    case .usage(let payload): payload
    case .cost(let payload): payload
    case .retention(let payload): payload
    case .privacy(let payload): payload
    case .unknown, .unreadable: nil
    }
  }
}

extension DeploymentEvent {
  fileprivate var payload: any EventPayload {
    switch self {
    case .started(let payload): payload
    case .stepStarted(let payload): payload
    case .stepFinished(let payload): payload
    case .replicaExited(let payload): payload
    case .judged(let payload): payload
    case .abortRequested(let payload): payload
    case .rollbackStarted(let payload): payload
    case .succeeded(let payload): payload
    case .rolledBack(let payload): payload
    case .rollbackFailed(let payload): payload
    case .failed(let payload): payload
    }
  }
}
