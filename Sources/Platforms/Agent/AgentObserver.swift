/// Who is told what an agent sees, and may do more beside it. Called in the order of what happens;
/// the agent waits for each call.
package protocol AgentObserver: Sendable {
  /// The agent takes requests. `adopted` run since an earlier agent; `lost` have ended while none
  /// was there.
  func agentStarted(
    _ identity: AgentIdentity, adopted: [RunningReplica], lost: [ReplicaEnd]) async
  func replicaEnded(_ end: ReplicaEnd) async
  /// Runs beside the agent for as long as it is there, and is cancelled when it leaves: probing,
  /// recording, keeping the router up. The agent leaves when this throws.
  func accompany(_ platform: any Platform) async throws
}
