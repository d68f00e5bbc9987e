import CSQLite
import CSimulatedDisk

/// A disk in memory under SQLite: what was not synced is lost or torn when the power goes.
///
/// SQLite reaches it by path, through a VFS that leaves every other path alone; the code above
/// does not know. The directory's files also exist, empty, in the real file system, for those who
/// look at names, owners and locks.
final class SimulatedDisk {
  /// An operation that is about to change a file or make a change durable.
  struct Operation {
    let process: Int32
    let kind: csim_operation
    let path: String
    /// In bytes; the new size for a truncation.
    let offset: Int64
    let count: Int64

    var file: Substring { path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...] }
  }

  /// What becomes of an operation.
  enum Answer {
    case done
    /// There is no space: a write leaves its first half.
    case full
    /// A sync fails; a later one may do what it did not.
    case failed
    /// A sync fails, and what it could not write is forgotten: a later one succeeds without it.
    case forgotten
    /// A sync succeeds and does nothing.
    case lied
  }

  /// What every file held at one moment.
  final class Image {
    fileprivate let raw: OpaquePointer

    fileprivate init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { csim_image_free(raw) }
  }

  private let directory: String
  private var raw: OpaquePointer?
  /// Asked before every operation; it may use the disk meanwhile.
  var decide: (Operation) -> Answer = { _ in .done }

  /// - Throws: ``SimulationError/diskNotInstalled(code:)``.
  init(directory: String, seed: UInt64, image: Image?) throws(SimulationError) {
    self.directory = directory
    let code = csim_install()
    guard code == SQLITE_OK else { throw SimulationError.diskNotInstalled(code: code) }
    // Unretained: the disk below ends with this object, in deinit.
    raw = csim_disk_new(
      directory, seed, image?.raw,
      { context, process, kind, path, offset, count in
        guard let context, let path else { return SQLITE_IOERR }
        let disk = Unmanaged<SimulatedDisk>.fromOpaque(context).takeUnretainedValue()
        let operation = Operation(
          process: process, kind: kind, path: String(cString: path), offset: offset, count: count)
        return disk.decide(operation).code
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    precondition(csim_open_files(raw) == 0, "the disk of \(directory) ends while it is used")
    csim_disk_free(raw)
  }

  /// Connections that are opened from now on are of `process`.
  func setProcess(_ process: Int32) { csim_set_process(raw, process) }

  /// As by SIGKILL; ``bury()`` when the process's connections are closed.
  func kill(_ process: Int32) { csim_kill(raw, process) }

  func bury() { csim_bury(raw) }

  /// Ends every process; each file is left with what was durable and any part of the rest.
  func powerOff() { csim_power_off(raw) }

  func image() -> Image {
    guard let image = csim_image_take(raw) else { preconditionFailure("out of memory") }
    return Image(image)
  }

  /// Puts files back, durable; none of them may be open.
  func restore(_ image: Image, filesEndingIn suffix: String) {
    csim_restore(raw, image.raw, suffix)
  }

  /// Up to `count` bytes of a file that is not SQLite's; nil when it does not exist.
  func read(_ path: String, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = csim_read(raw, path, &bytes, Int64(count), 0)
    return got < 0 ? nil : Array(bytes[..<Int(got)])
  }

  func write(_ bytes: [UInt8], to path: String, at offset: Int) {
    csim_write(raw, path, bytes, Int64(bytes.count), Int64(offset))
  }

  func sync(_ path: String) { csim_sync(raw, path) }

  /// A sync of it fails, and what it should have made durable never will be.
  func forget(_ path: String) { csim_forget(raw, path) }

  /// Removes files, durably; none of them may be open.
  func remove(filesEndingIn suffix: String) { csim_restore(raw, nil, suffix) }
}

extension SimulatedDisk.Answer {
  fileprivate var code: Int32 {
    switch self {
    case .done: Int32(CSIM_GO)
    case .full: SQLITE_FULL
    case .failed: SQLITE_IOERR | 4 << 8  // SQLITE_IOERR_FSYNC
    case .forgotten: Int32(CSIM_FORGET)
    case .lied: Int32(CSIM_LIE)
    }
  }
}
