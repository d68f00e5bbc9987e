import Events

/// HAProxy's runtime socket: one command, or several that need no answer, a connection.
struct HAProxyRuntime: Sendable {
  let socket: UnixSocket

  /// - Throws: ``RouterError/notRunning(socket:reason:)`` when nobody answers.
  func ask(_ command: String) async throws(RouterError) -> String {
    do {
      let answer = try await socket.ask(Array("\(command)\n".utf8), timeout: .seconds(30))
      return String(decoding: answer, as: UTF8.self)
    } catch {
      throw .notRunning(socket: socket.path, reason: error.description)
    }
  }

  /// Performs commands that say nothing when they succeed, in order, with no request between the
  /// first and the last one but those already on their way.
  func perform(_ commands: [String]) async throws(RouterError) {
    guard !commands.isEmpty else { return }
    let batch = commands.joined(separator: "; ")
    let answer = try await ask(batch)
    let words = answer.split(separator: "\n").map { $0.trimmed }.filter { !$0.isEmpty }
    guard words.isEmpty else {
      throw .commandRefused(command: batch, answer: words.joined(separator: " "))
    }
  }

  func servers() async throws(RouterError) -> [ServerRow] {
    let command = "show stat -1 4 -1"
    return try ServerRow.rows(in: try await ask(command), to: command)
  }

  /// The number of the process that answers. It changes with every reload.
  func pid() async throws(RouterError) -> Int32 {
    let command = "show info"
    let answer = try await ask(command)
    let line = answer.split(separator: "\n").first { $0.hasPrefix("Pid: ") }
    guard let pid = line.flatMap({ Int32($0.dropFirst(5)) }) else {
      throw .answerMalformed(command: command, reason: "it names no Pid")
    }
    return pid
  }

  /// Makes a server known. It gets no request yet.
  func add(_ server: RouterServer, to frontend: ComponentName) async throws(RouterError) {
    let weight = if case .weight(let weight) = server.share { weight } else { 1 }
    let command =
      "add server \(frontend)/\(server.instance) 127.0.0.1:\(server.port) weight \(weight)"
    let answer = try await ask(command).trimmed
    guard answer == "New server registered." else {
      throw .commandRefused(command: command, answer: answer)
    }
  }

  /// Forgets a server in maintenance.
  ///
  /// - Returns: False while it still has connections, or when it is in the configuration itself,
  ///   which only the next reload forgets; it gets no request either way.
  func delete(_ row: ServerRow) async throws(RouterError) -> Bool {
    try await ask("del server \(row.frontend)/\(row.instance)").trimmed == "Server deleted."
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
