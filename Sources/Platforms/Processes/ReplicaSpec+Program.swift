import Cryptography
import Events

extension ReplicaSpec {
  /// What can be known to be missing before anything is done.
  ///
  /// - Returns: The path of the program. The log directory is there.
  func program() throws(PlatformError) -> String {
    guard Files.isDirectory(folder) else {
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
      of: program, in: folder, searching: variables["PATH"])
  }

  /// Decided by what is there only when it starts: what a specification says is then the same on
  /// every machine, whatever has become of the artifact.
  fileprivate var folder: String {
    Files.isRegular(workingDirectory) ? Files.parent(of: workingDirectory) : workingDirectory
  }

  /// A text of the command or of a variable with the port put in.
  fileprivate func filled(_ text: String, port: Int?) -> String {
    guard let port else { return text }
    return text.split(separator: Self.portPlaceholder, omittingEmptySubsequences: false)
      .joined(separator: "\(port)")
  }
}

extension ProcessStart {
  /// - Parameters:
  ///   - secrets: Values of the variables that are secrets.
  ///   - files: Paths, of the variables that are files with secrets.
  init(
    _ spec: ReplicaSpec, program: String, port: Int?, secrets: [String: SecretBytes] = [:],
    files: [String: String] = [:]
  ) {
    var variables = spec.variables.mapValues { spec.filled($0, port: port) }
    variables.merge(files) { _, path in path }
    for name in secrets.keys { variables[name] = nil }
    variables[ReplicaSpec.markerVariable] = spec.instance.rawValue
    variables[ReplicaSpec.portVariable] = port.map { "\($0)" }
    self.init(
      program: program,
      arguments: spec.command.dropFirst().map { spec.filled($0, port: port) },
      variables: variables, secrets: secrets, workingDirectory: spec.folder,
      outputPath: spec.logPath)
  }
}
