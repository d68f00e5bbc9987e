/// Runs `work` until it is done or `limit` has passed; then it is cancelled, and an error thrown.
package func race<Answer: Sendable>(
  _ limit: Duration, _ work: @escaping @Sendable () async throws -> Answer
) async throws -> Answer {
  try await withThrowingTaskGroup(of: Answer.self) { group in
    group.addTask(operation: work)
    group.addTask {
      try await ContinuousClock().sleep(for: limit)
      throw UnixSocketError.timedOut(limit)
    }
    defer { group.cancelAll() }
    guard let answer = try await group.next() else { throw UnixSocketError.timedOut(limit) }
    return answer
  }
}
