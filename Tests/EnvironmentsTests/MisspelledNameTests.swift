import Foundation
import Testing

@testable import Environments

/// One misspelled name in the layered example: one problem, where it stands, and no other.
@Suite struct MisspelledNameTests {
  static let files =
    [
      ConfigurationDirectory.applicationFile, ConfigurationDirectory.policyFile,
      ConfigurationDirectory.baseFile,
    ] + KnownEnvironment.allCases.map { ConfigurationDirectory.file(of: $0) }

  /// What whoever wrote the example has named: another name is as good.
  private static let chosen = [
    ConfigurationDirectory.applicationFile: [
      "orchestrator", "workers", "PORT", "DATABASE", "SQL_TIME_LIMIT_MS", "INBOX", "INTERVAL",
    ],
    ConfigurationDirectory.policyFile: [
      "local-only", "no-single-replica", "rolls-back-by-itself", "evidence",
    ],
  ]

  private func example() throws -> [String: String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try Dictionary(
      uniqueKeysWithValues: Self.files.map { file in
        let place = root.appending(path: "tools/example/\(file)")
        return (file, try String(contentsOf: place, encoding: .utf8))
      })
  }

  /// What is wrong with all files together, each thing once.
  private func problems(_ texts: [String: String]) throws -> [SettingProblem] {
    func bytes(_ file: String) -> [UInt8] { Array(texts[file, default: ""].utf8) }
    let base = (
      file: ConfigurationDirectory.baseFile, bytes: bytes(ConfigurationDirectory.baseFile)
    )
    var problems: Set<SettingProblem> = []
    func note(_ load: () throws(ConfigurationError) -> Void) {
      do throws(ConfigurationError) { try load() } catch {
        if case .invalid(let found) = error { problems.formUnion(found) }
      }
    }
    for environment in KnownEnvironment.allCases {
      let own = ConfigurationDirectory.file(of: environment)
      note { () throws(ConfigurationError) in
        _ = try LoadedEnvironment.checked(environment, own: (own, bytes(own)), base: base)
      }
    }
    note { () throws(ConfigurationError) in
      let file = ConfigurationDirectory.applicationFile
      _ = try LoadedApplication.checked(bytes(file), of: file)
    }
    note { () throws(ConfigurationError) in
      let file = ConfigurationDirectory.policyFile
      _ = try LoadedPolicy.checked(bytes(file), of: file)
    }
    return problems.sorted()
  }

  /// Every name that a line has, in braces too, with its line after its last letter was changed.
  private func misspellings(of line: String) -> [(name: String, line: String)] {
    guard !line.hasPrefix("#") else { return [] }
    return line.matches(of: #/(?:^|[{,])\s*([a-zA-Z][a-zA-Z0-9_-]*):(?:\s|$)/#).map { match in
      let name = match.output.1
      var changed = line
      changed.replaceSubrange(name.startIndex..<name.endIndex, with: "\(name.dropLast())x")
      return (name: String(name), line: changed)
    }
  }

  @Test func `the example has no problem`() throws {
    #expect(try problems(example()) == [])
  }

  @Test(arguments: files)
  func `each name of each file in turn is one problem, at its line`(file: String) throws {
    let example = try example()
    let lines = try #require(example[file]).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    for (index, line) in lines.enumerated() {
      for (name, changed) in misspellings(of: line) {
        var texts = example
        var others = lines
        others[index] = changed
        texts[file] = others.joined(separator: "\n")
        let found = try problems(texts)
        if isChosen(name, in: file) {
          #expect(found == [], "\(file):\(index + 1): \(changed)")
        } else {
          #expect(found.count == 1, "\(file):\(index + 1): \(changed): \(found)")
          #expect(found.first?.position.file == file)
          #expect(found.first?.position.line == index + 1)
          #expect(found.first?.remedy == "did you mean \(name)?", "\(found)")
        }
      }
    }
  }

  private func isChosen(_ name: String, in file: String) -> Bool {
    name == "facets-by-default" || Self.chosen[file, default: []].contains(name)
  }

  @Test func `the example has as many names as were tried`() throws {
    let lines = try example().values.flatMap { $0.split(separator: "\n").map(String.init) }

    #expect(lines.flatMap(misspellings(of:)).count == 163)
  }

  @Test func `what is missing beside a misspelled name stays a problem`() throws {
    var texts = try example()
    texts[ConfigurationDirectory.baseFile] = texts[ConfigurationDirectory.baseFile]?
      .replacing("resources:", with: "resourcex:").replacing("  region: local\n", with: "")

    let found = try problems(texts)

    #expect(
      Set(found.map(\.path)) == ["infrastructure.region", "resourcex"], "\(found)")
    #expect(
      found.filter { $0.path == "resourcex" }.map(\.remedy) == ["did you mean resources?"])
  }

  @Test func `a null where a misspelled field belongs stays a problem`() throws {
    var texts = try example()
    let production = ConfigurationDirectory.file(of: .production)
    texts[ConfigurationDirectory.baseFile] = texts[ConfigurationDirectory.baseFile]?
      .replacing("  region: local", with: "  regiox: local")
    texts[production] = texts[production].map { $0 + "\ninfrastructure: {region: null}\n" }

    let found = try problems(texts)

    #expect(
      found.map { "\($0.path): \($0.complaint)" } == [
        "infrastructure.regiox: is not a field", "infrastructure.region: is no value here",
      ])
  }
}
