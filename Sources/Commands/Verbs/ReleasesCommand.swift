import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele releases`: every number that an environment took.
package struct ReleasesCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "releases", abstract: "List the releases of an environment, newest last.")

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).environment
    let place = try context.place(environment, in: context.workspace())
    let releases = try await context.reading().state().releases.all(in: place)
    var table = Table(
      .init("RELEASE"), .init("STARTED"), .init("CAUSE"), .init("BUILD"),
      .init("CONFIGURATION", .right), .init("OUTCOME"), .init("DEPLOYMENT"))
    for release in releases {
      table.add(
        "\(environment)#\(release.number)", release.recorded.seconds, release.causeText,
        release.build?.shortText ?? "-", release.configurationVersion.map(String.init) ?? "-",
        release.outcome.rawValue, release.deployment.map { "\($0)" } ?? "-")
    }
    let records = releases.map(\.json)
    try context.present(
      Document(
        schema: "stele.releases",
        fields: [
          "environment": .string(environment.rawValue),
          "releases": .array(records.map(JSONValue.object)),
        ], records: records,
        text: releases.isEmpty ? ["\(environment) has no release yet"] : table.lines),
      as: output.output)
  }
}

extension Releases.Release {
  fileprivate var causeText: String {
    restores.map { "\(cause.rawValue) of #\($0)" } ?? cause.rawValue
  }

  var json: JSONObject {
    var object: JSONObject = [
      "actor": .string("\(actor)"), "cause": .string(cause.rawValue),
      "outcome": .string(outcome.rawValue), "position": .integer(Int64(position)),
      "recorded": .string(recorded.description), "release": .integer(Int64(number)),
    ]
    object["build"] = build.map { .string($0.description) }
    object["configuration"] = configurationVersion.map { .integer(Int64($0)) }
    object["deployment"] = deployment.map { .string("\($0)") }
    object["restores"] = restores.map { .integer(Int64($0)) }
    object["ended"] = ended.map { .string($0.description) }
    return object
  }
}
