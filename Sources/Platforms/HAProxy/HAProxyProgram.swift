import Rollouts

/// The HAProxy program of this machine.
package struct HAProxyProgram: Hashable, Sendable {
  package let path: String

  /// Where Debian puts it.
  package static let standard = HAProxyProgram(path: "/usr/sbin/haproxy")
  /// Servers can be added at run time, for good, from here on.
  package static let oldestVersion = ProgramVersion(major: 2, minor: 6)

  package init(path: String) {
    self.path = path
  }

  /// - Returns: nil when the program does not run or does not say.
  package func version() async -> ProgramVersion? {
    guard let run = try? await ProgramRun(path, ["-v"]), run.exit == .status(0) else { return nil }
    return ProgramVersion(in: run.text)
  }

  /// Whether it accepts a configuration.
  func check(_ file: String, in directory: String) async throws(RouterError) {
    let run: ProgramRun
    do {
      run = try await ProgramRun(path, ["-c", "-C", directory, "-f", file])
    } catch {
      throw .programMissing(path: path)
    }
    guard run.exit == .status(0) else {
      throw .configurationRefused(path: "\(directory)/\(file)", reason: run.text.oneLine)
    }
  }
}

/// The first two numbers of a version.
package struct ProgramVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let major: Int
  package let minor: Int

  package init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The first `N.N` in a text such as `HAProxy version 2.6.12-1+deb12u4 2026/10/17`.
  init?(in text: String) {
    for word in text.split(whereSeparator: \.isWhitespace) {
      let numbers = word.split(separator: ".").map { Int($0.prefix { $0.isNumber }) }
      if numbers.count >= 2, let major = numbers[0], let minor = numbers[1] {
        self.init(major: major, minor: minor)
        return
      }
    }
    return nil
  }

  package var description: String { "\(major).\(minor)" }

  package static func < (left: ProgramVersion, right: ProgramVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}

extension String {
  /// The lines of a program's complaint in one, the empty ones left out.
  var oneLine: String {
    split(whereSeparator: \.isNewline).joined(separator: "; ")
  }
}
