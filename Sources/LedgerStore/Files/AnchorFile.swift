import Foundation
import Synchronization

/// The anchor's file in the ledger's directory.
package final class AnchorFile: AnchorStorage {
  private struct State {
    /// Nil until the first write.
    var file: FileDescriptor?
    /// The file is new, and its name is not durable.
    var isNew = false
  }

  private static let syncMilliseconds = 100

  private let path: String
  private let directory: LedgerDirectory
  private let state = Mutex(State())
  private let syncing = DispatchQueue(label: "stele.anchor")

  package init(in directory: LedgerDirectory) {
    self.directory = directory
    path = directory.anchor
  }

  package func read(_ count: Int) throws(LedgerError) -> [UInt8]? {
    guard FileIdentity(path: path) != nil else { return nil }
    return try FileDescriptor(path, O_RDONLY).read(count, at: 0)
  }

  package func write(_ bytes: [UInt8], at offset: Int) throws(LedgerError) {
    try state.withLock { state throws(LedgerError) in
      try opened(&state).write(bytes, at: offset)
    }
  }

  package func sync() throws(LedgerError) {
    try state.withLock { state throws(LedgerError) in
      try opened(&state).sync()
      if state.isNew { try directory.sync() }
      state.isNew = false
    }
  }

  package func soon(_ work: @escaping @Sendable () -> Void) {
    syncing.asyncAfter(deadline: .now() + .milliseconds(Self.syncMilliseconds), execute: work)
  }

  private func opened(_ state: inout State) throws(LedgerError) -> FileDescriptor {
    if let file = state.file { return file }
    state.isNew = FileIdentity(path: path) == nil
    let file = try FileDescriptor(path, O_RDWR | O_CREAT, mode: 0o644)
    state.file = file
    return file
  }
}
