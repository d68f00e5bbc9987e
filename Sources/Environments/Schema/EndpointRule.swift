import Foundation

/// What an endpoint may be: an absolute URL without credentials.
enum EndpointRule {
  static let wanted = "an absolute URL such as http://127.0.0.1:9090/metrics"

  /// Why `text` is refused, as a clause after the value; nil if it is fine.
  ///
  /// - Parameter schemes: Lower case; `http` and `https` for metrics, also `grpc` for traces.
  static func complaint(about text: String, schemes: [String]) -> String? {
    guard text.utf8.count <= 2_048, text.allSatisfy({ $0.isASCII && !$0.isWhitespace }),
      let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      let host = parts.host, !host.isEmpty
    else { return "is not an absolute URL" }
    guard schemes.contains(scheme) else {
      return "has the scheme \(scheme), known are \(schemes.joined(separator: ", "))"
    }
    guard parts.user == nil, parts.password == nil else { return "holds credentials" }
    if let port = parts.port, !(1...65_535).contains(port) { return "has no port from 1 to 65535" }
    return nil
  }
}
