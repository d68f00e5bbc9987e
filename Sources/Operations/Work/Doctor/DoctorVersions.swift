import Cryptography
import Foundation
import LedgerStore
import Platforms

/// The programs and libraries that a ledger is used with.
struct DoctorVersions: Sendable {
  /// Of this program.
  let program: String
  var router = HAProxyProgram.standard

  /// Processes are held by descriptors, which the kernel has since then.
  private static let oldestKernel = (major: 5, minor: 3)

  func findings() async -> [DoctorFinding] {
    [
      DoctorFinding(
        .versions, "stele", .ok, program, expected: "any that opens this ledger's schema"),
      Self.sqlite(LedgerInspection.sqliteVersion), libcrypto, await haproxy, kernel,
    ]
  }

  static func sqlite(_ version: String) -> DoctorFinding {
    let oldest = LedgerInspection.sqliteOldest
    let isRecent = LedgerInspection.isSQLite(version, atLeast: oldest)
    let mended = LedgerInspection.sqliteWithoutResetBug
    let note =
      LedgerInspection.isSQLite(version, atLeast: mended)
      ? "" : "; below \(mended) replicate copies by `stele backup`, never the live file"
    return DoctorFinding(
      .versions, "sqlite", isRecent ? .ok : .failed, version + note, expected: "\(oldest) or newer",
      next: "apt-get install libsqlite3-0")
  }

  private var libcrypto: DoctorFinding {
    let oldest = LibcryptoVersion.oldestMajor
    return DoctorFinding(
      .versions, "libcrypto", LibcryptoVersion.major >= oldest ? .ok : .failed,
      LibcryptoVersion.text, expected: "OpenSSL \(oldest) or newer",
      next: "apt-get install libssl3")
  }

  private var haproxy: DoctorFinding {
    get async {
      let expected = "\(HAProxyProgram.oldestVersion) or newer"
      let next = "apt-get install haproxy"
      guard FileManager.default.isExecutableFile(atPath: router.path) else {
        return DoctorFinding(
          .versions, "haproxy", .failed, "no program at \(router.path)", expected: expected,
          next: next)
      }
      guard let version = await router.version() else {
        return .unknown(
          .versions, "haproxy", "\(router.path) does not say its version", expected: expected,
          next: "\(router.path) -v")
      }
      return DoctorFinding(
        .versions, "haproxy", version >= HAProxyProgram.oldestVersion ? .ok : .failed,
        "\(version)", expected: expected, next: next)
    }
  }

  private var kernel: DoctorFinding {
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: &name.release) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Self.kernel(release)
  }

  static func kernel(_ release: String) -> DoctorFinding {
    let numbers = release.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
    let (major, minor) = oldestKernel
    let expected = "Linux \(major).\(minor) or newer"
    guard numbers.count >= 2 else {
      return .unknown(
        .versions, "kernel", "it says '\(release)'", expected: expected, next: "uname -a")
    }
    return DoctorFinding(
      .versions, "kernel", (numbers[0], numbers[1]) >= (major, minor) ? .ok : .failed, release,
      expected: expected, next: "apt-get install linux-image-amd64")
  }
}
