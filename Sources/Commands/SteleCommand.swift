import ArgumentParser

/// A verb of `stele`: arguments parsed from text, work done in a context.
package protocol SteleCommand: AsyncParsableCommand {
  /// The command without its process.
  func run(in context: CommandContext) async throws
}

extension SteleCommand {
  package mutating func run() async throws { try await run(in: .process()) }
}
