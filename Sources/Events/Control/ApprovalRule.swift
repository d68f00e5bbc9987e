import CanonicalJSON

/// Whose word a plan needs before it is carried out.
///
/// In `policy.decided` it is a rule like any other, of the field `plan`:
///
///     {"condition":"approved","field":"plan","id":"production/approvals",
///      "value":{"expiryMinutes":1440,"quorum":2,"separation":"all"}}
package struct ApprovalRule: Hashable, Sendable {
  /// `production/approvals`.
  package let id: MachineWords
  /// How many people have to approve, in ``quorums``.
  package let quorum: Int
  /// Only these count, at least ``quorum`` of them; nil is whoever is granted to approve.
  package let approvers: Set<ActorID>?
  /// Minutes after which an approval counts no more, in ``expiries``.
  package let expiryMinutes: Int
  package let separation: Separation

  package static let quorums = 1...20
  /// A minute to 90 days.
  package static let expiries = 1...129_600
  /// What a policy that does not say leaves an approval: a week.
  package static let expiryStandard = 10_080
  /// The condition that tells it from other rules.
  package static let condition: Code = "approved"
  package static let field: Code = "plan"

  package init(
    id: MachineWords, quorum: Int, approvers: Set<ActorID>? = nil,
    expiryMinutes: Int = expiryStandard, separation: Separation = .all
  ) {
    self.id = id
    self.quorum = quorum
    self.approvers = approvers
    self.expiryMinutes = expiryMinutes
    self.separation = separation
  }
}

/// Who has to be somebody else: an author made the build, or asked for the plan.
package enum Separation: String, WordValue {
  /// Author, approver and deployer of a build are three people.
  case all
  /// An approver is neither its author nor its deployer, who may be one.
  case approver
  /// Anybody may be everybody.
  case none
}

extension ApprovalRule: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    try fields.take("condition", Self.condition)
    try fields.take("field", Self.field)
    id = try fields.take("id")
    let asked: Asked = try fields.take("value")
    approvers = asked.approvers.map(Set.init)
    expiryMinutes = asked.expiryMinutes
    quorum = asked.quorum
    separation = asked.separation
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("condition", Self.condition)
    fields.put("field", Self.field)
    fields.put("id", id)
    fields.put(
      "value",
      Asked(
        approvers: approvers?.sorted(), expiryMinutes: expiryMinutes, quorum: quorum,
        separation: separation))
  }

  private struct Asked: ObjectValue {
    /// Ascending.
    let approvers: [ActorID]?
    let expiryMinutes: Int
    let quorum: Int
    let separation: Separation

    init(approvers: [ActorID]?, expiryMinutes: Int, quorum: Int, separation: Separation) {
      self.approvers = approvers
      self.expiryMinutes = expiryMinutes
      self.quorum = quorum
      self.separation = separation
    }

    init(fields: inout FieldReader) throws(FormFault) {
      approvers = try fields.takeOptional("approvers")
      expiryMinutes = try fields.take("expiryMinutes", in: ApprovalRule.expiries)
      quorum = try fields.take("quorum", in: ApprovalRule.quorums)
      separation = try fields.take("separation")
      guard let approvers else { return }
      guard zip(approvers, approvers.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw FormFault.field(path: "approvers", expected: "ascending ids, each once")
      }
    }

    func write(to fields: inout FieldWriter) {
      fields.put("approvers", approvers)
      fields.put("expiryMinutes", expiryMinutes)
      fields.put("quorum", quorum)
      fields.put("separation", separation)
    }
  }
}
