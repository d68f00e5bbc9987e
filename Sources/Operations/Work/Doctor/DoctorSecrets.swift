import Events
import Foundation
import LedgerStore
import Projections
import SecretStore

/// Secrets: that each version of the ledger is there, that nothing else is, and that no value or
/// recipient is in two environments.
struct DoctorSecrets: Sendable {
  private let session: Session?
  private static let expected = "each version sealed, each environment's its own"

  init(_ session: Session?) { self.session = session }

  func findings() async -> [DoctorFinding] {
    guard let session, let state = try? await session.state() else {
      return [
        .unknown(
          .secrets, "secrets", "the ledger does not open", expected: Self.expected,
          next: "stele verify")
      ]
    }
    let places = state.secrets.places
    guard !places.isEmpty else {
      return [DoctorFinding(.secrets, "secrets", .ok, "none set", expected: Self.expected)]
    }
    return places.flatMap { findings(of: $0, state.secrets, session) }
  }

  private func findings(
    of place: Place, _ secrets: Secrets, _ session: Session
  ) -> [DoctorFinding] {
    let sealed: SealedSecrets?
    do { sealed = try SecretsFile(place, in: session.workspace.ledger).read() } catch {
      return [
        finding(
          place, .failed, Self.firstLine(of: error), next: "stele secret list \(place.environment)")
      ]
    }
    let found = stored(place, secrets, sealed) + repeated(place, secrets)
    guard found.isEmpty else { return found }
    let count = secrets.all(in: place).count
    return [finding(place, .ok, "\(count) set", next: "")]
  }

  /// What the ledger and the file say otherwise.
  private func stored(
    _ place: Place, _ secrets: Secrets, _ sealed: SealedSecrets?
  ) -> [DoctorFinding] {
    let environment = place.environment
    let missing = secrets.all(in: place).flatMap { secret in
      secret.kept.filter { sealed?.box(secret.name, version: $0.number) == nil }.map { version in
        finding(
          place, .failed, "version \(version.number) of \(secret.name) is not in the store",
          next: "stele secret set \(environment) \(secret.name)")
      }
    }
    let unknown = (sealed?.values ?? []).compactMap { value -> DoctorFinding? in
      let known = secrets.secret(value.name, in: place)?.version(value.version)
      guard known?.isRetired != false else { return nil }
      let what = known == nil ? "was never recorded" : "is retired, and not deleted yet"
      return finding(
        place, .warning, "version \(value.version) of \(value.name) \(what)",
        next: "stele secret set \(environment) \(value.name)")
    }
    return missing + unknown
  }

  private func repeated(_ place: Place, _ secrets: Secrets) -> [DoctorFinding] {
    let values = secrets.all(in: place).flatMap { secret in
      secret.kept.flatMap { secrets.others(with: $0.hmac, than: place) }.map { other in
        finding(
          place, .warning,
          "\(secret.name) has the value of \(other.place.environment)'s \(other.name)",
          next: "stele secret rotate \(place.environment) \(secret.name)")
      }
    }
    let recipients = secrets.recipients(in: place).flatMap { recipient in
      secrets.others(openedBy: recipient.content, than: place).map { other in
        finding(
          place, .warning,
          "the same \(recipient.content.recipient.rawValue) opens \(other.environment)'s",
          next: "stele secret recipient list \(place.environment)")
      }
    }
    return values + recipients
  }

  private func finding(
    _ place: Place, _ verdict: DoctorFinding.Verdict, _ value: String, next: String
  ) -> DoctorFinding {
    DoctorFinding(
      .secrets, "\(place.environment)", verdict, value, expected: Self.expected, next: next)
  }

  private static func firstLine(of error: any Error) -> String {
    String("\(error)".split(separator: "\n").first ?? "cannot be read")
  }
}
