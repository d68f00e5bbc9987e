import Glibc

extension UnixSocket {
  /// Whether somebody takes connections here now. One look that waits for nothing: whoever listens
  /// may still never answer.
  var isListening: Bool {
    guard let folder = try? openDirectory() else { return false }
    let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    let number = socket(AF_UNIX, Int32(kind), 0)
    guard number >= 0 else { return false }
    let connection = Descriptor(owning: number)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(self.address(in: folder).utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return withExtendedLifetime((folder, connection)) {
      withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(number, $0, size) == 0 }
          || errno == EAGAIN  // It listens, and has more to take than it has taken.
      }
    }
  }
}
