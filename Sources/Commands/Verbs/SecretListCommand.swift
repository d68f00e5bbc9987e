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
    commandName: "list", abstract: "List the secrets of an environment, never their values.",
    discussion: """
      KEPT is how many versions a rollback may bring back. USED BY names components of \
      config/application.yaml, where there is one. SAME AS names secrets of other environments \
      with the same value; each should have its own.

        $ stele secret list production
        $ stele secret list staging --output json
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).environment
    let session = try context.reading()
    let place = try await context.place(environment, in: session)
    let secrets = try await session.state().secrets
    let users = try context.users(in: session.workspace)
    let rows = secrets.all(in: place).compactMap {
      SecretRow($0, secrets, in: place, usedBy: users[$0.name] ?? [])
    }
    try context.present(SecretRow.document(rows, environment), as: output.output)
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
  private let users: [ComponentName]
  /// `staging database-password`.
  private let repeated: [String]

  init?(
    _ secret: Secrets.Secret, _ secrets: Secrets, in place: Place, usedBy users: [ComponentName]
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
    [
      "by": .string("\(newest.actor)"), "kept": .integer(Int64(secret.kept.count)),
      "name": .string(secret.name.rawValue), "position": .integer(Int64(newest.position)),
      "sameAs": .array(repeated.map { .string($0) }),
      "secretVersion": .integer(Int64(newest.number)),
      "since": .string("\(newest.recorded)"),
      "usedBy": .array(users.map { .string($0.rawValue) }),
    ]
  }

  static func document(_ rows: [SecretRow], _ environment: KnownEnvironment) -> Document {
    var table = Table(
      .init("SECRET", .left, .wraps(comfort: 16)), .init("VERSION", .right),
      .init("KEPT", .right), .init("SINCE"), .init("USED BY", .left, .wraps(comfort: 12)),
      .init("SAME AS", .left, .wraps(comfort: 12)),
      .init("BY", .left, .yields))
    for row in rows {
      table.add(
        "\(row.secret.name)", "\(row.newest.number)", "\(row.secret.kept.count)",
        row.newest.recorded.seconds,
        row.users.isEmpty ? "-" : row.users.map(\.rawValue).joined(separator: ", "),
        row.repeated.isEmpty ? "-" : row.repeated.joined(separator: ", "), "\(row.newest.actor)")
    }
    let records = rows.map(\.record)
    return Document(
      schema: "stele.secret.list",
      fields: [
        "environment": .string(environment.rawValue),
        "secrets": .array(records.map(JSONValue.object)),
      ], records: records, of: "stele.secret",
      text: rows.isEmpty ? ["\(environment) has no secret"] : [.table(table)])
  }
}
