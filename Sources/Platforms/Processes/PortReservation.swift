import Glibc

/// A port on 127.0.0.1 that nobody else can get, held for a replica before it listens and for as
/// long as it lives.
///
/// The kernel picks the port, so no two reservations are the same. The socket is bound and never
/// listens; Linux lets another socket listen on its port if both have `SO_REUSEADDR`, which servers
/// set as a rule (Python, Node, Go, Java and Rust do by themselves). Setting it on ours only after
/// binding keeps the port from every other reservation and from every outgoing connection, so
/// there is no moment between picking a port and the replica listening on it in which another
/// program could take it, other than one that asks for this very number. A program that
/// listens without `SO_REUSEADDR` finds its port in use and ends; its log says so.
///
/// Source: socket(7), and tried on Linux 6.18; `PortReservationTests` holds it.
final class PortReservation: Sendable {
  let port: Int
  private let socket: Descriptor

  init() throws(SystemError) {
    let number = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw .last }
    socket = Descriptor(owning: number)
    var address = loopbackAddress(port: 0)
    guard bindSocket(number, to: &address) == 0 else { throw .last }
    port = try boundPort(of: number)
    var on: Int32 = 1
    setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
  }
}

/// Whether a program could listen on this port of 127.0.0.1 now. That it could a moment later is
/// not said.
func isPortFree(_ port: Int) -> Bool {
  let number = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  guard number >= 0 else { return false }
  let socket = Descriptor(owning: number)
  var on: Int32 = 1
  setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
  var address = loopbackAddress(port: UInt16(port))
  return bindSocket(socket.number, to: &address) == 0 && listen(socket.number, 1) == 0
}

private func loopbackAddress(port: UInt16) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return address
}

private func bindSocket(_ number: Int32, to address: inout sockaddr_in) -> Int32 {
  withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}

private func boundPort(of number: Int32) throws(SystemError) -> Int {
  var address = sockaddr_in()
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let answer = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
  }
  guard answer == 0 else { throw .last }
  return Int(UInt16(bigEndian: address.sin_port))
}
