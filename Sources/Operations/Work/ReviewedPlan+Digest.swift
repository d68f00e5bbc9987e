import CanonicalJSON
import Cryptography
import Environments
import Events
import Projections

extension ReviewedPlan {
  /// SHA-256 of its canonical text: what is approved.
  package var digest: ContentDigest { ContentDigest(of: json) }

  /// What a deployment of `build` would be on this state.
  package init(
    of build: ContentDigest, promoting promotes: ReleasePromotion?,
    with configuration: ResolvedConfiguration, by policy: Policy, on state: LedgerState
  ) {
    let place = configuration.place
    self.init(
      action: Self.deployment, application: place.application, environment: place.environment,
      base: state.releases.nextNumber(in: place) - 1, build: build,
      configuration: configuration.digest, policy: policy.digest, promotes: promotes)
  }

  /// The action of every plan that there is yet.
  static let deployment: Code = "deployment.start"
}

extension ContentDigest {
  /// Of the canonical text of a value that was made of checked parts, or read from the ledger.
  init(of value: JSONValue) {
    do throws(JSONFormError) {
      self.init(sha256: Digest(bytes: SHA256.hash(try value.canonicalBytes())))
    } catch {
      preconditionFailure("checked values have no canonical form: \(error)")
    }
  }
}
