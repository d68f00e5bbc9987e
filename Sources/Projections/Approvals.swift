import CanonicalJSON
import Events

/// Plans that somebody wants to carry out and that need approvals, with what was said of each.
///
/// A plan is here from the moment somebody asks for it until its place takes another release:
/// from then on it is another plan's turn, and what was said of this one counts no more.
package struct Approvals: Projection {
  package static let name = "approvals"
  package static let revision = 2

  /// In the order they were asked for.
  private var reviews: [Review] = []
  private var versions: [EnvironmentName: Int] = [:]
  /// Places whose newest verdict of the policy asked something of the plan or of the moment, and
  /// the position of that verdict.
  private var controls: [Place: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    switch recorded.event {
    case .approval(let event):
      guard let environment = recorded.environment else { return }
      versions[environment] = recorded.version
      take(event, recorded, in: environment)
    case .release:
      reviews.removeAll { $0.place == Place(recorded) && $0.plan.base < recorded.version }
    case .policy(.decided(let decided)):
      guard let place = Place(recorded) else { return }
      controls[place] = decided.controlsChange ? recorded.position : nil
    case .ledger, .key, .access, .policy(.adopted), .build, .configuration, .deployment, .health,
      .replica, .router, .lease, .usage, .cost, .retention, .privacy, .review, .secret, .drift,
      .sync, .unknown,
      .unreadable:
      break  // Says nothing about a plan.
    }
  }

  private mutating func take(
    _ event: ApprovalEvent, _ recorded: Recorded, in environment: EnvironmentName
  ) {
    switch event {
    case .requested(let requested):
      let review = Review(requested, recorded)
      guard requested.plan.environment == environment,
        self.review(of: requested.digest, in: review.place) == nil
      else { return }
      reviews.append(review)
    case .given(let given): say(Word(.approved, recorded), of: given.approval, in: environment)
    case .rejected(let rejected):
      say(Word(.rejected, recorded), of: rejected.approval, in: environment)
    case .withdrawn(let withdrawn):
      say(nil, by: recorded.actor, of: withdrawn.approval, in: environment)
    }
  }

  private mutating func say(
    _ word: Word, of approval: Approval, in environment: EnvironmentName
  ) { say(word, by: word.actor, of: approval, in: environment) }

  /// The last word of everybody counts.
  private mutating func say(
    _ word: Word?, by actor: ActorID, of approval: Approval, in environment: EnvironmentName
  ) {
    let place = Place(approval.application, environment)
    guard let index = index(of: approval.plan, in: place),
      reviews[index].plan.action == approval.action
    else { return }
    reviews[index].words.removeAll { $0.actor == actor }
    if let word { reviews[index].words.append(word) }
  }

  private func index(of plan: ContentDigest, in place: Place) -> Int? {
    reviews.firstIndex { $0.digest == plan && $0.place == place }
  }

  /// In the order they were asked for.
  package var all: [Review] { reviews }

  package func review(of plan: ContentDigest, in place: Place) -> Review? {
    index(of: plan, in: place).map { reviews[$0] }
  }

  /// The version of the environment's approval stream: what a decision on it expects.
  package func version(of environment: EnvironmentName) -> Int { versions[environment] ?? 0 }

  /// Where the place's newest verdict stands, if its policy asked something of the plan or of the
  /// moment: what changes the place from then on has to cite a verdict.
  package func control(of place: Place) -> Int? { controls[place] }

  package init(fields: inout FieldReader) throws(FormFault) {
    controls = try fields.take("controls")
    reviews = try fields.take("reviews")
    versions = try fields.take("versions")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("controls", controls)
    fields.put("reviews", reviews)
    fields.put("versions", versions)
  }
}

extension PolicyDecided {
  /// Whether a rule is about approvals or freeze windows, readable or not.
  fileprivate var controlsChange: Bool {
    rules.contains { rule in
      guard let condition = rule["condition"]?.stringValue else { return false }
      return condition == ApprovalRule.condition.rawValue
        || condition == FreezeWindow.condition.rawValue
    }
  }
}
