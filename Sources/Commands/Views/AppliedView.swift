import CanonicalJSON
import Environments
import Events
import Operations

/// What became of a configuration that somebody wants, and what comes next.
struct AppliedView {
  let document: Document

  /// - Parameter build: What is to be deployed with it; nil for the newest one.
  init(
    _ applied: ConfigurationWork.Applied, _ environment: KnownEnvironment, schema: String,
    deploying build: ContentDigest? = nil
  ) {
    var fields: JSONObject = ["environment": .string(environment.rawValue)]
    let text: [Passage]
    switch applied {
    case .unchanged(let version):
      fields["changed"] = false
      fields["configuration"] = .integer(Int64(version))
      text = ["nothing to record: \(environment) has this configuration as version \(version)"]
    case .applied(let release, let version, let difference):
      fields["changed"] = true
      fields["configuration"] = .integer(Int64(version))
      fields["difference"] = .array(difference.map { .object($0.json) })
      fields["release"] = .integer(Int64(release))
      let chosen = build.map { " --build \($0.shortText)" } ?? ""
      text =
        difference.passages + [
          "",
          "\(environment)#\(release): configuration \(version) is recorded and pending",
          "it runs once you say `stele deploy \(environment)\(chosen)`",
        ]
    }
    document = Document(schema: schema, fields: fields, records: [fields], text: text)
  }
}
