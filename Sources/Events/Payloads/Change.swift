import CanonicalJSON

/// Where a change comes from, as far as it was known: nothing here is required.
package struct Change: ObjectValue {
  /// Who wrote it, by opaque id.
  package let author: ActorID?
  /// The revision in its repository's own spelling.
  package let commit: MachineWords?
  /// The commit's message, personal by default.
  package let message: Sealed?
  /// Where the commit is; without user name or password.
  package let repository: MachineWords?
  /// The pipeline run that built it.
  package let run: MachineWords?
  package let ticket: Ticket?

  package init(
    author: ActorID? = nil, commit: MachineWords? = nil, message: Sealed? = nil,
    repository: MachineWords? = nil, run: MachineWords? = nil, ticket: Ticket? = nil
  ) {
    self.author = author
    self.commit = commit
    self.message = message
    self.repository = repository
    self.run = run
    self.ticket = ticket
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    author = try fields.takeOptional("author")
    commit = try fields.takeOptional("commit")
    message = try fields.takeOptional("message")
    repository = try fields.takeOptional("repository")
    run = try fields.takeOptional("run")
    ticket = try fields.takeOptional("ticket")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("author", author)
    fields.put("commit", commit)
    fields.put("message", message)
    fields.put("repository", repository)
    fields.put("run", run)
    fields.put("ticket", ticket)
  }
}
