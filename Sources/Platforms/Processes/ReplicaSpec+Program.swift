import Events

extension ReplicaSpec {
  /// What can be known to be missing before anything is done.
  ///
  /// - Returns: The path of the program. The log directory is there.
  func program() throws(PlatformError) -> String {
    guard Files.isDirectory(workingDirectory) else {
      throw .noWorkingDirectory(path: workingDirectory)
    }
    guard let program = command.first else {
      throw .notStarted(instance, reason: "its command is empty")
    }
    do {
      try Files.makeDirectory(logDirectory)
    } catch {
      throw .notStarted(instance, reason: "\(logDirectory): \(error)")
    }
    return try ProcessStart.path(
      of: program, in: workingDirectory, searching: variables["PATH"])
  }

  /// A text of the command or of a variable with the port put in.
  fileprivate func filled(_ text: String, port: Int?) -> String {
    guard let port else { return text }
    return text.split(separator: Self.portPlaceholder, omittingEmptySubsequences: false)
      .joined(separator: "\(port)")
  }
}

extension ProcessStart {
  init(_ spec: ReplicaSpec, program: String, port: Int?) {
    var variables = spec.variables.mapValues { spec.filled($0, port: port) }
    variables[ReplicaSpec.markerVariable] = spec.instance.rawValue
    variables[ReplicaSpec.portVariable] = port.map { "\($0)" }
    self.init(
      program: program,
      arguments: spec.command.dropFirst().map { spec.filled($0, port: port) },
      variables: variables, workingDirectory: spec.workingDirectory, outputPath: spec.logPath)
  }
}
