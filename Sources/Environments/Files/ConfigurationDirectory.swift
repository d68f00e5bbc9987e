import Foundation

/// Where a project's configuration lies: `config/`, with `application.yaml` and `environments/`.
///
/// Trusted for nothing but being what the user wrote; everything in it is checked on reading.
package struct ConfigurationDirectory: Hashable, Sendable {
  /// The directory that holds `config/`.
  package let root: String
  /// Those that override settings are read: see ``OverridingVariables``.
  let variables: [String: String]

  /// - Parameters:
  ///   - root: Absolute, or relative to the working directory.
  ///   - variables: The process's.
  package init(root: String, variables: [String: String] = [:]) {
    self.root = root
    self.variables = variables
  }

  package static let applicationFile = "config/application.yaml"
  package static let environments = "config/environments"

  package static func file(of environment: KnownEnvironment) -> String {
    "\(environments)/\(environment).yaml"
  }

  static let baseFile = "\(environments)/base.yaml"

  /// No configuration at all: neither the application nor an environment has a file.
  package var isEmpty: Bool {
    !exists(Self.applicationFile) && neighbours(of: Self.baseFile).isEmpty
  }

  /// YAML files beside the environments' that nobody reads, ascending, each as a problem.
  package var strays: [SettingProblem] {
    let expected = KnownEnvironment.allCases.map(Self.file) + [Self.baseFile]
    let names = expected.map { $0.split(separator: "/").last ?? "" }.joined(separator: ", ")
    return neighbours(of: Self.baseFile).filter { !expected.contains($0) }.map {
      SettingProblem(
        at: SourcePosition(file: $0, line: 1, column: 1, layer: .environment), path: "",
        kind: .strayFile, found: nil, complaint: "nobody reads a file of this name",
        remedy: "name it one of \(names), or move it elsewhere")
    }
  }

  func exists(_ file: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(root)/\(file)")
  }

  /// - Parameter file: Relative to ``root``.
  func read(_ file: String) throws(ConfigurationError) -> [UInt8] {
    guard exists(file) else { throw .missing(file: file, available: neighbours(of: file)) }
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(file)")))
    } catch let error as CocoaError {
      throw .unreadable(file: file, reason: Self.reason(error))
    } catch {
      throw .unreadable(file: file, reason: "\(error)")
    }
  }

  /// The YAML files in the directory of `file`, ascending.
  private func neighbours(of file: String) -> [String] {
    let directory = file.split(separator: "/").dropLast().joined(separator: "/")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(directory)")) ?? []
    return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
      .map { "\(directory)/\($0)" }
  }

  private static func reason(_ error: CocoaError) -> String {
    switch error.code {
    case .fileReadNoPermission: "permission denied"
    default: error.underlying.map { "\($0)" } ?? "error \(error.code.rawValue)"
    }
  }
}
