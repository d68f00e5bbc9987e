/// Where a process's secret comes from: kept by Stele, or by somebody else.
package enum SecretOrigin: Hashable, Sendable {
  case stored(SecretName)
  case reference(SecretReference)
}

extension SecretOrigin: TextValue {
  package static let expected = "a secret's name or a reference"

  package init?(dataText text: String) {
    if let name = SecretName(rawValue: text) {
      self = .stored(name)
    } else if let reference = SecretReference(text) {
      self = .reference(reference)
    } else {
      return nil
    }
  }

  package var dataText: String {
    switch self {
    case .stored(let name): name.rawValue
    case .reference(let reference): reference.text
    }
  }

  package var name: SecretName? { if case .stored(let name) = self { name } else { nil } }

  package var reference: SecretReference? {
    if case .reference(let reference) = self { reference } else { nil }
  }
}

/// A secret that somebody else keeps, by a name that is no secret:
///
///     env:NAME                       a variable of the agent, none of STELE_
///     file:/absolute/path            a file that nobody else can read
///     vault:MOUNT/PATH#FIELD         HashiCorp Vault, key-value store of version 2
///     aws-sm:NAME[#FIELD]            AWS Secrets Manager; a field of its JSON, or all of it
///
/// At most 1,024 bytes of visible ASCII.
package struct SecretReference: Hashable, Sendable {
  package enum Scheme: String, Hashable, Sendable, CaseIterable {
    case env, file, vault
    case awsSecretsManager = "aws-sm"
  }

  package let scheme: Scheme
  /// What follows the scheme, up to a `#`.
  package let path: String
  package let field: String?

  package static let byteLimit = 1_024

  package init?(_ text: String) {
    guard text.utf8.count <= Self.byteLimit, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let scheme = Scheme(rawValue: String(parts[0])) else { return nil }
    let rest = parts[1].split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    self.scheme = scheme
    path = String(rest[0])
    field = rest.count == 2 ? String(rest[1]) : nil
    guard !path.isEmpty, field?.isEmpty != true, isWhole else { return nil }
  }

  /// Whether it asks for a variable of this program's own, such as the key it signs with, which no
  /// process is given. A record may have one, from before files were refused for it.
  package var isOfStele: Bool { scheme == .env && path.hasPrefix("STELE_") }

  package var text: String { "\(scheme.rawValue):\(path)" + (field.map { "#\($0)" } ?? "") }

  private var isWhole: Bool {
    switch scheme {
    case .env: field == nil && !path.contains("=")
    case .file: field == nil && path.hasPrefix("/")
    case .vault:
      field != nil && path.split(separator: "/", omittingEmptySubsequences: false).count >= 2
        && !path.split(separator: "/", omittingEmptySubsequences: false).contains {
          $0.isEmpty || $0 == "." || $0 == ".."
        } && !path.contains { "?%".contains($0) }
    case .awsSecretsManager: true
    }
  }
}
