import CanonicalJSON

/// A command's result, before anybody decides how it looks.
///
/// Rendered in one place (``Renderer``), so that a new ``OutputFormat`` is a compile error there
/// and nowhere else.
package struct Document: Sendable, Equatable {
  /// `stele.status`, `stele.log`…: what a program checks before it reads the rest.
  package let schema: String
  /// Raised when a field changes its meaning; a new field does not raise it.
  package let version: Int64
  /// The fields beside `schema` and `version`.
  package let fields: JSONObject
  /// What `jsonl` and `csv` print, one a line; `schema` and `version` are no names in them.
  package let records: [JSONObject]
  /// What each record is: `stele.event`; the document's own where a record is all of it.
  package let recordSchema: String
  /// What a person reads.
  package let text: [Passage]

  package init(
    schema: String, version: Int64 = 1, fields: JSONObject = [:], records: [JSONObject] = [],
    of recordSchema: String? = nil, text: [Passage]
  ) {
    self.schema = schema
    self.version = version
    self.fields = fields
    self.records = records
    self.recordSchema = recordSchema ?? schema
    self.text = text
  }
}
