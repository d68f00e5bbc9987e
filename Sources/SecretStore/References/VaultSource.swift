import Cryptography
import Events
import NIOHTTP1

/// HashiCorp Vault's key-value store of version 2: `VAULT_ADDR`, `VAULT_TOKEN`.
///
/// Source: developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2, read secret version.
struct VaultSource: SecretSource {
  let variables: [String: String]

  func value(of reference: SecretReference) async throws(SecretSourceError) -> SecretBytes {
    guard let address = variables["VAULT_ADDR"], let token = variables["VAULT_TOKEN"] else {
      throw SecretSourceError(reference, "the agent has no VAULT_ADDR or no VAULT_TOKEN")
    }
    let parts = reference.path.split(separator: "/", maxSplits: 1)
    let base = address.hasSuffix("/") ? String(address.dropLast()) : address
    let answer = try await SecretRequest(
      reference: reference, url: "\(base)/v1/\(parts[0])/data/\(parts[1])", method: .GET,
      headers: [("X-Vault-Token", token), ("X-Vault-Request", "true")], body: nil
    ).answer()
    let data = (answer["data"] as? [String: Any])?["data"] as? [String: Any]
    guard let value = reference.field.flatMap({ data?[$0] }) as? String else {
      throw SecretSourceError(reference, "the secret has no such field, or it is no text")
    }
    return SecretBytes(Array(value.utf8))
  }
}
