import Cryptography
import Events
import Foundation
import LedgerStore
import NIOHTTP1

/// AWS Secrets Manager: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, perhaps
/// `AWS_SESSION_TOKEN` and `AWS_ENDPOINT_URL`. Files and roles of machines are not read.
///
/// Source: docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html.
struct AWSSource: SecretSource {
  let variables: [String: String]
  let time: any TimeSource

  func value(of reference: SecretReference) async throws(SecretSourceError) -> SecretBytes {
    guard let region = variables["AWS_REGION"] ?? variables["AWS_DEFAULT_REGION"],
      let keyID = variables["AWS_ACCESS_KEY_ID"], let secret = variables["AWS_SECRET_ACCESS_KEY"]
    else {
      throw SecretSourceError(
        reference, "the agent has no AWS_REGION, AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY")
    }
    let signature = AWSSignature(
      keyID: keyID, secretKey: secret, region: region, service: "secretsmanager", time: now)
    let answer = try await request(reference, signature).answer()
    guard let field = reference.field else { return try whole(answer, of: reference) }
    let text = (answer["SecretString"] as? String).map { Data($0.utf8) } ?? Data()
    let object = try? JSONSerialization.jsonObject(with: text) as? [String: Any]
    guard let value = object?[field] as? String else {
      throw SecretSourceError(reference, "the secret has no such field, or it is no text")
    }
    return SecretBytes(Array(value.utf8))
  }

  private func whole(
    _ answer: [String: Any], of reference: SecretReference
  ) throws(SecretSourceError) -> SecretBytes {
    if let text = answer["SecretString"] as? String { return SecretBytes(Array(text.utf8)) }
    guard let bytes = (answer["SecretBinary"] as? String).flatMap({ Data(base64Encoded: $0) })
    else { throw SecretSourceError(reference, "the answer has no value") }
    return SecretBytes([UInt8](bytes))
  }

  private func request(_ reference: SecretReference, _ signature: AWSSignature) -> SecretRequest {
    let named = variables["AWS_ENDPOINT_URL_SECRETS_MANAGER"] ?? variables["AWS_ENDPOINT_URL"]
    let base = named ?? "https://secretsmanager.\(signature.region).amazonaws.com"
    // A name of visible ASCII needs no more than these escaped.
    let name = reference.path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let body = "{\"SecretId\":\"\(name)\"}"
    var headers = [
      ("content-type", "application/x-amz-json-1.1"), ("host", Self.host(of: base)),
      ("x-amz-date", signature.time), ("x-amz-target", "secretsmanager.GetSecretValue"),
    ]
    if let token = variables["AWS_SESSION_TOKEN"] {
      headers.append(("x-amz-security-token", token))
    }
    let authorization = signature.authorization(method: "POST", headers: headers, body: body)
    return SecretRequest(
      reference: reference, url: base.hasSuffix("/") ? base : base + "/", method: .POST,
      headers: headers + [("authorization", authorization)], body: body)
  }

  /// As the client says it: with the port where it is not the scheme's own.
  private static func host(of base: String) -> String {
    let url = URL(string: base)
    return (url?.host ?? "") + (url?.port.map { ":\($0)" } ?? "")
  }

  /// `2026-11-22T15:04:05.123456Z` as AWS wants it: `20261122T150405Z`.
  private var now: String {
    time.now().description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }
}
