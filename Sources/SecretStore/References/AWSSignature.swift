import CanonicalJSON
import Cryptography

/// Signs a request to AWS: Signature Version 4, without a query and for the path `/`.
///
/// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html;
/// checked against AWS's own test suite, `get-vanilla` and `post-vanilla`, and botocore.
struct AWSSignature {
  let keyID: String
  let secretKey: String
  let region: String
  let service: String
  /// `20150830T123600Z`.
  let time: String

  private var day: String { String(time.prefix(8)) }
  private var scope: String { "\(day)/\(region)/\(service)/aws4_request" }

  /// - Parameter headers: All that are signed, `host` and `x-amz-date` among them; names in lower
  ///   case.
  /// - Returns: The value of `Authorization`.
  func authorization(method: String, headers: [(String, String)], body: String) -> String {
    let sorted = headers.sorted { $0.0 < $1.0 }
    let names = sorted.map(\.0).joined(separator: ";")
    let request = [
      method, "/", "", sorted.map { "\($0.0):\($0.1)\n" }.joined(), names, Self.hash(body),
    ].joined(separator: "\n")
    let text = ["AWS4-HMAC-SHA256", time, scope, Self.hash(request)].joined(separator: "\n")
    let signature = Hex.encode(hmacSHA256(Array(text.utf8), key: key))
    return "AWS4-HMAC-SHA256 Credential=\(keyID)/\(scope), SignedHeaders=\(names), "
      + "Signature=\(signature)"
  }

  private var key: [UInt8] {
    [day, region, service, "aws4_request"].reduce(Array("AWS4\(secretKey)".utf8)) {
      hmacSHA256(Array($1.utf8), key: $0)
    }
  }

  private static func hash(_ text: String) -> String { Hex.encode(SHA256.hash(Array(text.utf8))) }
}
