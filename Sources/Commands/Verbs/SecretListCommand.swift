import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Foundation
import Operations
import Projections

/// `stele secret list`: names and versions, and nothing of a value.
package struct SecretListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the secrets of an environment, never their values, now or at a moment.",
    discussion: """
      KEPT is how many versions a rollback may bring back. USED BY names components of \
      config/application.yaml, where there is one; what used it at a moment of the past is left \
      out. SAME AS names secrets of other environments with the same value; each should have its \
      own.

        $ stele secret list production
        $ stele secret list production --at 2026-11-01Z
        $ stele secret list staging --output json
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).environment
    let session = try context.reading()
    let place = try await context.place(environment, in: session)
    let moment = try await at.moment(of: session, in: context)
    let secrets = moment.state.secrets
    let users = try moment.isPast ? nil : context.users(in: session.workspace)
    let rows = secrets.all(in: place).compactMap { secret in
      SecretRow(secret, secrets, in: place, usedBy: users.map { $0[secret.name] ?? [] })
    }
    try context.present(
      SecretRow.document(rows, environment, isPast: moment.isPast), as: output.output)
  }
}

extension CommandContext {
  /// The components that get a secret; none where there are no files, as beside a copy.
  ///
  /// - Throws: `ConfigurationError` when `application.yaml` is wrong.
  fileprivate func users(in workspace: Workspace) throws -> [SecretName: [ComponentName]] {
    guard FileManager.default.fileExists(atPath: workspace.application) else { return [:] }
    var users: [SecretName: [ComponentName]] = [:]
    for component in try files(of: workspace).application().description.components {
      for name in Set(component.secrets.compactMap(\.origin.name)) {
        users[name, default: []].append(component.name)
      }
    }
    return users
  }
}

/// A secret as a row and as JSON.
private struct SecretRow {
  private let secret: Secrets.Secret
  private let newest: Secrets.Version
  /// Nil for a moment of the past: files say who uses it now.
  private let users: [ComponentName]?
  /// `staging database-password`.
  private let repeated: [String]

  init?(
    _ secret: Secrets.Secret, _ secrets: Secrets, in place: Place, usedBy users: [ComponentName]?
  ) {
    guard let newest = secret.newest else { return nil }
    self.secret = secret
    self.users = users
    self.newest = newest
    repeated = secrets.others(with: newest.hmac, than: place).map {
      "\($0.place.environment) \($0.name)"
    }
  }

  private var record: JSONObject {
    var record: JSONObject = [
      "by": .string("\(newest.actor)"), "kept": .integer(Int64(secret.kept.count)),
      "name": .string(secret.name.rawValue), "position": .integer(Int64(newest.position)),
      "sameAs": .array(repeated.map { .string($0) }),
      "secretVersion": .integer(Int64(newest.number)),
      "since": .string("\(newest.recorded)"),
    ]
    record["usedBy"] = users.map { users in .array(users.map { .string($0.rawValue) }) }
    return record
  }

  private static func columns(isPast: Bool) -> [Table.Column] {
    let recorded: [Table.Column] = [
      .init("SECRET", .left, .wraps(comfort: 16)), .init("VERSION", .right),
      .init("KEPT", .right), .init("SINCE"),
    ]
    let users: [Table.Column] = isPast ? [] : [.init("USED BY", .left, .wraps(comfort: 12))]
    return recorded + users + [
      .init("SAME AS", .left, .wraps(comfort: 12)), .init("BY", .left, .yields),
    ]
  }

  private var cells: [String] {
    let recorded = [
      "\(secret.name)", "\(newest.number)", "\(secret.kept.count)", newest.recorded.seconds,
    ]
    let used = users.map { [Self.listed($0.map(\.rawValue))] } ?? []
    return recorded + used + [Self.listed(repeated), "\(newest.actor)"]
  }

  private static func listed(_ names: [String]) -> String {
    names.isEmpty ? "-" : names.joined(separator: ", ")
  }

  static func document(
    _ rows: [SecretRow], _ environment: KnownEnvironment, isPast: Bool
  ) -> Document {
    var table = Table(columns(isPast: isPast))
    for row in rows { table.add(row.cells) }
    let records = rows.map(\.record)
    let nothing = isPast ? "\(environment) had no secret by then" : "\(environment) has no secret"
    return Document(
      schema: "stele.secret.list",
      fields: [
        "environment": .string(environment.rawValue),
        "secrets": .array(records.map(JSONValue.object)),
      ], records: records, of: "stele.secret",
      text: rows.isEmpty ? [.line(nothing)] : [.table(table)])
  }
}
