import CFaults
import Foundation
import TestKit
import Testing

/// A directory whose files fail when they are told to; see `cfaults.h`.
final class FaultyDisk {
  enum Operation: CaseIterable {
    case open, delete, access, read, write, truncate, sync, size, lock, mapShared, lockShared

    fileprivate var raw: cfaults_operation {
      switch self {
      case .open: CFAULTS_OPEN
      case .delete: CFAULTS_DELETE
      case .access: CFAULTS_ACCESS
      case .read: CFAULTS_READ
      case .write: CFAULTS_WRITE
      case .truncate: CFAULTS_TRUNCATE
      case .sync: CFAULTS_SYNC
      case .size: CFAULTS_SIZE
      case .lock: CFAULTS_LOCK
      case .mapShared: CFAULTS_SHM_MAP
      case .lockShared: CFAULTS_SHM_LOCK
      }
    }
  }

  /// How a disk fails, and which of its operations are counted on the way there.
  enum Fault: String, CaseIterable {
    /// One operation says that it failed, and did nothing.
    case failsOnce
    /// The disk is gone: the first half of a write is on it, and nothing after that. It goes at
    /// anything that would change it; that a question fails is tried by ``failsOnce``.
    case dies
    /// There is no room: every write from there on is short.
    case fills

    var operations: [Operation] {
      switch self {
      case .failsOnce: Operation.allCases
      case .dies: [.open, .delete, .write, .truncate, .sync, .mapShared]
      case .fills: [.write, .mapShared]
      }
    }

    fileprivate var raw: cfaults_effect {
      switch self {
      case .failsOnce: CFAULTS_FAILS_ONCE
      case .dies: CFAULTS_DIES
      case .fills: CFAULTS_FILLS
      }
    }
  }

  let directory: TemporaryDirectory
  private let disk: OpaquePointer

  init() throws {
    try #require(cfaults_install() == 0)
    directory = try TemporaryDirectory()
    disk = try #require(cfaults_watch(directory.path))
  }

  deinit { cfaults_unwatch(disk) }

  /// Lets the `number`-th operation from now on fail, from 0.
  func arm(_ fault: Fault, at number: Int, of operations: [Operation]? = nil) {
    let mask = (operations ?? fault.operations).reduce(UInt32(0)) { $0 | 1 << $1.raw.rawValue }
    cfaults_arm(disk, mask, number, fault.raw)
  }

  /// Nothing fails any more; counts begin anew.
  func lift() { cfaults_lift(disk) }

  /// The operation that failed first since the disk was armed.
  var struck: Operation? {
    guard cfaults_has_struck(disk) != 0 else { return nil }
    return Operation.allCases.first { $0.raw == cfaults_struck(disk) }
  }

  func count(_ operation: Operation) -> Int { cfaults_count(disk, operation.raw) }

  /// Bytes read through SQLite since it was armed or lifted.
  var bytesRead: Int { cfaults_bytes_read(disk) }
}
