import ArgumentParser

/// `stele access`: who may do what, where, and who did.
package struct AccessCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "access",
    abstract: "Grant, revoke and suspend access; see who may do what, and what was decided.",
    subcommands: [
      AccessCheckCommand.self, AccessMatrixCommand.self, AccessLogCommand.self,
      AccessGrantCommand.self, AccessRevokeCommand.self, AccessSuspendCommand.self,
      AccessReinstateCommand.self, AccessReviewCommand.self, AccessIssuerCommand.self,
      AccessIdentityCommand.self,
    ])

  package init() {}
}
