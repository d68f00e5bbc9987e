import CLinux
import CanonicalJSON
import Cryptography
import Events
import Glibc

/// Files with replicas' secrets, in memory: `/dev/shm/stele-UID/AGENT/INSTANCE/VARIABLE`, 0600 in
/// folders of 0700, for as long as the replica lives.
///
/// Never on a disk, and gone when the machine stops. Whoever takes over from an agent removes what
/// is of replicas that are no more.
struct SecretFolder {
  /// Of one agent: two environments of one machine share nothing.
  let path: String
  private let base: String
  private static let memory = "/dev/shm"

  init(_ directory: RunDirectory) {
    base = "\(Self.memory)/stele-\(geteuid())"
    let digest = SHA256.hash(Array(directory.path.utf8))
    path = "\(base)/\(Hex.encode(Array(digest.prefix(8))))"
  }

  /// - Returns: Variables with the paths of the files.
  /// - Throws: `SystemError`; when it throws, nothing is left behind.
  func write(
    _ files: [(variable: String, value: SecretBytes)], for instance: InstanceName
  ) throws(SystemError) -> [String: String] {
    guard !files.isEmpty else { return [:] }
    let folder = "\(path)/\(instance)"
    do throws(SystemError) {
      for part in [base, path, folder] { try makeOwn(part) }
      var paths: [String: String] = [:]
      for (variable, value) in files {
        let file = "\(folder)/\(variable)"
        unlink(file)  // Of a start of the same replica that came to nothing.
        try value.read { (bytes) throws(SystemError) in
          try Descriptor.open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW).writeAll(bytes)
        }
        paths[variable] = file
      }
      return paths
    } catch {
      remove(instance)
      throw error
    }
  }

  func remove(_ instance: InstanceName) { remove("\(instance)") }

  /// Removes what is not of these.
  func keep(only instances: Set<InstanceName>) {
    guard isOwn(base), isOwn(path) else { return }
    for name in Files.names(in: path) where name != "." && name != ".." {
      if !instances.contains(where: { $0.rawValue == name }) { remove(name) }
    }
  }

  /// Only where every folder on the way is ours: anybody may make one in `/dev/shm`, or a link to
  /// another that we have.
  private func remove(_ name: String) {
    let folder = "\(path)/\(name)"
    guard [base, path, folder].allSatisfy(isOwn) else { return }
    for file in Files.names(in: folder) { unlink("\(folder)/\(file)") }
    rmdir(folder)
    rmdir(path)  // Stays while there is another replica's.
  }

  /// Anybody may make a folder in `/dev/shm`, so one that is there is looked at.
  private func makeOwn(_ folder: String) throws(SystemError) {
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .last }
    guard isOwn(folder) else { throw SystemError(code: EPERM) }
    guard clinux_is_in_memory(folder) == 1 else { throw SystemError(code: ENODEV) }
  }

  /// A folder and no link, of this user's and open to nobody else.
  private func isOwn(_ folder: String) -> Bool {
    var status = stat()
    return lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
  }
}
