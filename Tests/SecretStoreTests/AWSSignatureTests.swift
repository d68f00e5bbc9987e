import Testing

@testable import SecretStore

/// Signature Version 4 against AWS's own test suite, `get-vanilla` and `post-vanilla`.
@Suite struct AWSSignatureTests {
  @Test(arguments: [
    ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
  ])
  func `a vanilla request is signed as AWS signs it`(method: String, signature: String) {
    let signer = AWSSignature(
      keyID: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      region: "us-east-1", service: "service", time: "20150830T123600Z")

    let authorization = signer.authorization(
      method: method,
      headers: [("x-amz-date", "20150830T123600Z"), ("host", "example.amazonaws.com")], body: "")

    #expect(
      authorization
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        + "SignedHeaders=host;x-amz-date, Signature=\(signature)")
  }
}
