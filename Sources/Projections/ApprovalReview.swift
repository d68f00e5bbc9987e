import CanonicalJSON
import Events

extension Approvals {
  /// A plan with who wants it and what everybody's last word of it is.
  package struct Review: Hashable, Sendable {
    let content: ApprovalRequested
    /// Who asked.
    package let actor: ActorID
    package let entry: EntryID
    package let position: Int
    package let recorded: Timestamp
    /// One of each person, in the order they were said.
    package internal(set) var words: [Word] = []

    init(_ content: ApprovalRequested, _ recorded: Recorded) {
      self.content = content
      actor = recorded.actingFor
      entry = recorded.entry
      position = recorded.position
      self.recorded = recorded.recorded
    }

    package var digest: ContentDigest { content.digest }
    package var plan: ReviewedPlan { content.plan }
    package var rule: ApprovalRule { content.rule }
    package var configuration: JSONObject { content.configuration }
    package var place: Place { Place(plan.application, plan.environment) }
  }

  /// What somebody said of a plan and did not take back.
  package struct Word: Hashable, Sendable {
    package enum Meaning: String, WordValue {
      case approved
      case rejected
    }

    package let meaning: Meaning
    package let actor: ActorID
    package let entry: EntryID
    package let position: Int
    /// The log's clock, from which on an approval grows old.
    package let recorded: Timestamp

    init(_ meaning: Meaning, _ recorded: Recorded) {
      self.meaning = meaning
      actor = recorded.actor
      entry = recorded.entry
      position = recorded.position
      self.recorded = recorded.recorded
    }
  }
}

extension Approvals.Review: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    let packed: Packed<ApprovalRequested> = try fields.take("content")
    content = packed.value
    entry = try fields.take("entry")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
    words = try fields.take("words")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("content", Packed(content))
    fields.put("entry", entry)
    fields.put("position", position)
    fields.put("recorded", recorded)
    fields.put("words", words)
  }
}

extension Approvals.Word: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    entry = try fields.take("entry")
    meaning = try fields.take("meaning")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("entry", entry)
    fields.put("meaning", meaning)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}
