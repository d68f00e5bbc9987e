import CanonicalJSON
import Events

/// One `health.checked` as its bytes have it: the event that a ledger has most of.
///
/// Accepts exactly what ``HealthChecked`` accepts, except that names are only compared with known
/// ones by whoever uses it; anything unusual gives nil, and is read properly.
struct ProbeGlance {
  let component: UnsafeRawBufferPointer
  let instance: UnsafeRawBufferPointer
  let deployment: DeploymentID?
  let latencyUs: Int
  let status: Int?
  let reason: JSONText?
  let verdict: ProbeVerdict

  /// Reads the object at `cursor`, which is of no further use after nil.
  init?(_ cursor: inout JSONCursor) throws(JSONFormError) {
    var fields = Fields()
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      guard try fields.read(key, &cursor) else { return nil }
    }
    guard let component = fields.component, let instance = fields.instance,
      let latencyUs = fields.latencyUs, let verdict = fields.verdict
    else { return nil }
    self.component = component
    self.instance = instance
    self.latencyUs = latencyUs
    self.verdict = verdict
    deployment = fields.deployment
    status = fields.status
    reason = fields.reason
  }

  private struct Fields {
    var component: UnsafeRawBufferPointer?
    var instance: UnsafeRawBufferPointer?
    var deployment: DeploymentID?
    var latencyUs: Int?
    var status: Int?
    var reason: JSONText?
    var verdict: ProbeVerdict?

    /// False when the field is not what a probe has there.
    mutating func read(
      _ key: JSONText, _ cursor: inout JSONCursor
    ) throws(JSONFormError) -> Bool {
      switch key {
      case "component": component = try cursor.readString().bytes
      case "instance": instance = try cursor.readString().bytes
      case "latencyUs":
        latencyUs = Int(try cursor.readInteger())
        return latencyUs.map { $0 >= 0 } ?? false
      case "status":
        status = Int(try cursor.readInteger())
        return status.map { $0 >= 0 } ?? false
      case "verdict":
        verdict = Self.verdict(try cursor.readString())
        return verdict != nil
      case "deployment":
        deployment = UUIDBits(ascii: try cursor.readString().bytes).flatMap(DeploymentID.init)
        return deployment != nil
      case "reason":
        let text = try cursor.readString()
        reason = text
        return !text.hasEscapes && (1...MachineWords.byteLimit).contains(text.bytes.count)
      default: return false
      }
      return true
    }

    private static func verdict(_ text: JSONText) -> ProbeVerdict? {
      switch text {
      case "pass": .pass
      case "fail": .fail
      default: nil
      }
    }
  }
}
