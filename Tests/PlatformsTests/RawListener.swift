import Foundation
import Glibc
import Synchronization

@testable import Platforms

/// A server without manners: it answers each connection with the bytes it is told to, or worse.
///
/// Unchecked because its thread is the only one that reads; what it shares is behind the mutex.
final class RawListener: @unchecked Sendable {
  enum Manner {
    case bytes([UInt8])
    /// Takes the question and never answers.
    case silence
    /// Cuts the connection off in the middle of things.
    case reset
    /// Sends the first bytes, and the connection stays open.
    case half([UInt8])
  }

  private let listening: Descriptor
  /// Connections that are left open until the end.
  private let held = Mutex<[Descriptor]>([])
  private let answer: @Sendable ([UInt8]) -> Manner
  let port: Int

  /// On a port of 127.0.0.1 that the kernel picks.
  init(_ answer: @escaping @Sendable ([UInt8]) -> Manner) throws {
    let reservation = try PortReservation()
    port = reservation.port
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    listening = Descriptor(owning: number)
    self.answer = answer
    var on: Int32 = 1
    setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    try begin(&address)
  }

  init(
    _ place: UnixSocket, _ answer: @escaping @Sendable ([UInt8]) -> Manner
  ) throws {
    port = 0
    try Files.makeDirectory(place.directory)
    unlink(place.path)
    let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    listening = Descriptor(owning: number)
    self.answer = answer
    let folder = try place.openDirectory()
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(place.address(in: folder).utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    try begin(&address)
    withExtendedLifetime(folder) {}
  }

  private func begin<Address>(_ address: inout Address) throws {
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening.number, $0, socklen_t(MemoryLayout<Address>.size)) == 0
      }
    }
    guard isBound, listen(listening.number, 64) == 0 else { throw SystemError.last }
    Thread.detachNewThread { [self] in
      while true {
        let number = accept(listening.number, nil, nil)
        guard number >= 0 else { return }
        serve(Descriptor(owning: number))
      }
    }
  }

  private func serve(_ connection: Descriptor) {
    var question = [UInt8](repeating: 0, count: 65_536)
    let count = read(connection.number, &question, question.count)
    switch answer(Array(question.prefix(max(0, count)))) {
    case .bytes(let bytes): try? connection.writeAll(bytes)
    case .silence: held.withLock { $0.append(connection) }
    case .half(let bytes):
      try? connection.writeAll(bytes)
      held.withLock { $0.append(connection) }
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        connection.number, SOL_SOCKET, SO_LINGER, &linger,
        socklen_t(MemoryLayout.size(ofValue: linger)))
    }
  }

  func close() {
    shutdown(listening.number, Int32(SHUT_RDWR))
    held.withLock { $0 = [] }
  }
}
