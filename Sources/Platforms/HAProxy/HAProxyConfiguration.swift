import Events

/// HAProxy's configuration for a plan. The servers are in it although they come and go by the
/// runtime socket: a reload or a restart then has them from its first request on.
///
/// Choices that keep requests: servers that cannot be connected to are left for another one at
/// once (`option redispatch 1`, `retries 3`); an answer that never came is asked for again only
/// for GET, HEAD and OPTIONS, which change nothing, and never for the rest (`disable-l7-retry`).
/// `noreuseport` because HAProxy would otherwise share a port with another HAProxy without a word.
///
/// Source: HAProxy 2.6 configuration manual; the text is held by `haproxy -c` in the tests.
struct HAProxyConfiguration {
  let plan: RouterPlan

  /// In the directory that HAProxy runs in (`-C`).
  static let socketName = "admin.sock"

  var text: String {
    ([Self.head] + plan.frontends.map(section)).joined(separator: "\n")
  }

  private static let head = """
    # Written by stele; changed by it too, so changes by hand are lost.
    global
      stats socket unix@\(socketName) mode 600 level admin
      stats timeout 30s
      hard-stop-after 30s
      noreuseport
    defaults
      mode http
      option redispatch 1
      option idle-close-on-response
      option forwardfor
      retries 3
      retry-on conn-failure empty-response
      timeout connect 2s
      timeout client 60s
      timeout server 60s
      timeout http-request 10s
      timeout http-keep-alive 60s
      timeout queue 10s

    """

  private func section(_ frontend: Frontend) -> String {
    let servers = plan.servers(of: frontend.name).map { "  \(line($0))\n" }.joined()
    return """
      frontend \(frontend.name)
        bind 127.0.0.1:\(frontend.port)
        default_backend \(frontend.name)
      backend \(frontend.name)
        balance roundrobin
        http-request disable-l7-retry unless METH_GET or { method OPTIONS }
      \(servers)
      """
  }

  /// Draining servers begin disabled: what drains are the requests of before.
  private func line(_ server: RouterServer) -> String {
    let head = "server \(server.instance) 127.0.0.1:\(server.port)"
    return switch server.share {
    case .weight(let weight): "\(head) weight \(weight)"
    case .draining: "\(head) disabled"
    }
  }
}
