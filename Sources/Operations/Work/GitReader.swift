import Environments
import Foundation
import Subprocess
import SystemPackage

/// Asks git about the directory that is built.
package enum GitReader {
  /// Larger answers than this are no commit message.
  private static let outputLimitBytes = 1 << 20

  /// - Parameter directory: Absolute.
  /// - Returns: nil where there is no git or no repository.
  package static func facts(of directory: String) async -> GitFacts? {
    guard let log = await output(of: GitFacts.logArguments, in: directory) else { return nil }
    return GitFacts(
      log: log, origin: await output(of: GitFacts.originArguments, in: directory),
      status: await output(of: GitFacts.statusArguments, in: directory))
  }

  /// - Returns: nil when git is missing or fails; a directory without history is no error here.
  private static func output(of arguments: [String], in directory: String) async -> String? {
    let result = try? await run(
      .name("git"), arguments: Arguments(arguments),
      // What a repository lets git run has no use for the token of whoever builds it.
      environment: .inherit.updating([.init(stringLiteral: Credential.tokenVariable): nil]),
      workingDirectory: FilePath(directory),
      output: .string(limit: outputLimitBytes), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput
  }
}
