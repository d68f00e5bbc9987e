import CanonicalJSON
import Events

extension LedgerState {
  package init(fields: inout FieldReader) throws(FormFault) {
    self.init()
    _ = try fields.take("revision", in: Self.revision...Self.revision)
    approvals = try fields.take(Approvals.name)
    builds = try fields.take(Builds.name)
    configurations = try fields.take(Configurations.name)
    decisions = try fields.take(AccessDecisions.name)
    deployments = try fields.take(Deployments.name)
    drifts = try fields.take(Drifts.name)
    grants = try fields.take(Grants.name)
    health = try fields.take(HealthStates.name)
    identities = try fields.take(Identities.name)
    keys = try fields.take(Keys.name)
    leases = try fields.take(Leases.name)
    policies = try fields.take(Policies.name)
    releases = try fields.take(Releases.name)
    reviews = try fields.take(Reviews.name)
    running = try fields.take(RunningReleases.name)
    secrets = try fields.take(Secrets.name)
    streams = try fields.take(Streams.name)
    size = try fields.take("size", in: FieldRange.fromZero)
    unreadable = try fields.take("unreadable", in: FieldRange.fromZero)
  }

  /// Taken between entries; a snapshot of another revision is refused, and the state folded again.
  package func write(to fields: inout FieldWriter) {
    fields.put(Approvals.name, approvals)
    fields.put(Builds.name, builds)
    fields.put(Configurations.name, configurations)
    fields.put(AccessDecisions.name, decisions)
    fields.put(Deployments.name, deployments)
    fields.put(Drifts.name, drifts)
    fields.put(Grants.name, grants)
    fields.put(HealthStates.name, health)
    fields.put(Identities.name, identities)
    fields.put(Keys.name, keys)
    fields.put(Leases.name, leases)
    fields.put(Policies.name, policies)
    fields.put(Releases.name, releases)
    fields.put(Reviews.name, reviews)
    fields.put("revision", Self.revision)
    fields.put(RunningReleases.name, running)
    fields.put(Secrets.name, secrets)
    fields.put(Streams.name, streams)
    fields.put("size", size)
    fields.put("unreadable", unreadable)
  }
}
