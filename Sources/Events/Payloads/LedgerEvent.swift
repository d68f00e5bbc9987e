import CanonicalJSON

/// Everything that a ledger can say.
///
/// Closed: a new case stops the build wherever a reader must decide what it means.
package enum LedgerEvent: Hashable, Sendable {
  case ledger(LedgerLifeEvent)
  case key(KeyEvent)
  case access(AccessEvent)
  case approval(ApprovalEvent)
  case policy(PolicyEvent)
  case build(BuildRecorded)
  case configuration(ConfigurationApplied)
  case release(ReleaseStarted)
  case deployment(DeploymentEvent)
  case health(HealthEvent)
  case replica(ReplicaEvent)
  case router(RouterEvent)
  case lease(LeaseEvent)
  case usage(UsageSampled)
  case cost(CostImported)
  case retention(RetentionApplied)
  case privacy(PrivacyErased)
  case review(ReviewEvent)
  case secret(SecretEvent)
  case drift(DriftEvent)
  case sync(SyncEvent)
  /// Of a kind that a newer version writes.
  case unknown(kind: EventKind, data: JSONObject)
  /// Of a kind that this version knows, with data that it does not.
  ///
  /// The format leaves such data to whoever signs it, so a reader must live with it.
  case unreadable(kind: EventKind, fault: FormFault)

  /// Reads an event of any kind; what cannot be read says so and stops nobody.
  package static func reading(kind: EventKind, data: JSONObject) -> LedgerEvent {
    do { return try LedgerEvent(kind: kind, data: data) } catch {
      return .unreadable(kind: kind, fault: error)
    }
  }

  /// Reads an event strictly.
  ///
  /// - Throws: ``FormFault`` when data of a known kind is not as its payload has it. An unknown
  ///   kind
  ///   is ``unknown(kind:data:)``.
  package init(kind: EventKind, data: JSONObject) throws(FormFault) {
    guard let read = Self.readers[kind.text] else {
      self = .unknown(kind: kind, data: data)
      return
    }
    self = try read(data)
  }

  private typealias Reader = @Sendable (JSONObject) throws(FormFault) -> LedgerEvent

  private static let readers: [String: Reader] = Dictionary(
    uniqueKeysWithValues: governing + access + delivery + deployment + observation)

  private static func reader<Payload: EventPayload>(
    _ wrap: @escaping @Sendable (Payload) -> LedgerEvent
  ) -> (String, Reader) {
    (
      Payload.kind.text,
      { (data: JSONObject) throws(FormFault) in wrap(try Payload(data: data)) }
    )
  }

  private static var governing: [(String, Reader)] {
    [
      reader { .ledger(.created($0)) }, reader { .ledger(.incarnationStarted($0)) },
      reader { .key(.registered($0)) }, reader { .key(.revoked($0)) },
      reader { .retention($0) }, reader { .privacy($0) },
    ]
  }

  private static var access: [(String, Reader)] {
    [
      reader { .access(.granted($0)) }, reader { .access(.withdrawn($0)) },
      reader { .access(.suspended($0)) }, reader { .access(.reinstated($0)) },
      reader { .access(.reviewed($0)) }, reader { .access(.decided($0)) },
      reader { .access(.issuerAdded($0)) }, reader { .access(.issuerRemoved($0)) },
      reader { .access(.identityAdded($0)) }, reader { .access(.identityRemoved($0)) },
      reader { .access(.attested($0)) },
      reader { .approval(.requested($0)) },
      reader { .policy(.adopted($0)) },
      reader { .approval(.given($0)) }, reader { .approval(.withdrawn($0)) },
      reader { .approval(.rejected($0)) }, reader { .review(.opened($0)) },
      reader { .review(.closed($0)) }, reader { .secret(.set($0)) },
      reader { .secret(.retired($0)) }, reader { .secret(.removed($0)) },
      reader { .secret(.recipientAdded($0)) }, reader { .secret(.recipientRemoved($0)) },
    ]
  }

  private static var delivery: [(String, Reader)] {
    [
      reader { .policy(.decided($0)) }, reader { .build($0) }, reader { .configuration($0) },
      reader { .release($0) },
      reader { .lease(.taken($0)) }, reader { .lease(.renewed($0)) },
      reader { .lease(.released($0)) }, reader { .sync(.started($0)) },
      reader { .sync(.stepStarted($0)) }, reader { .sync(.stepFinished($0)) },
      reader { .sync(.ended($0)) },
    ]
  }

  private static var deployment: [(String, Reader)] {
    [
      reader { .deployment(.started($0)) }, reader { .deployment(.stepStarted($0)) },
      reader { .deployment(.stepFinished($0)) },
      reader { .deployment(.replicaExited($0)) }, reader { .deployment(.judged($0)) },
      reader { .deployment(.abortRequested($0)) }, reader { .deployment(.rollbackStarted($0)) },
      reader { .deployment(.succeeded($0)) }, reader { .deployment(.rolledBack($0)) },
      reader { .deployment(.rollbackFailed($0)) }, reader { .deployment(.failed($0)) },
    ]
  }

  private static var observation: [(String, Reader)] {
    [
      reader { .health(.checked($0)) }, reader { .health(.changed($0)) },
      reader { .health(.summarized($0)) }, reader { .replica(.started($0)) },
      reader { .replica(.exited($0)) }, reader { .router(.started($0)) },
      reader { .router(.stopped($0)) }, reader { .usage($0) }, reader { .cost($0) },
      reader { .drift(.scanned($0)) }, reader { .drift(.found($0)) },
      reader { .drift(.resolved($0)) },
    ]
  }
}
