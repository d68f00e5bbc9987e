import Testing

@testable import Environments

/// What of YAML is read, and what is refused with its place.
@Suite struct YAMLTests {
  @Test(arguments: [
    ("a: 1\n\tb: 2\n", "2:1: the line is indented with a tab; indent with spaces"),
    ("a:\r\n\tb: 2\r\n", "2:1: the line is indented with a tab; indent with spaces"),
    (
      "a: 1\nb: 2\na: 3\n",
      "3:1: a: it stands in this map already, in line 1; keep one of them"
    ),
    (
      "é: {a: 1, b: {x: 1, x: 2}, 'a': 2}\n",
      "1:21: é.b.x: it stands in this map already, in line 1; keep one of them"
    ),
    (
      "- {b: {x: 1}, c: 1, \"b\": 2}\r\n",
      "1:21: b: it stands in this map already, in line 1; keep one of them"
    ),
    (
      "a:\r\n  b: 1\r\n  c: 2\r\n  b: 3\r\n  c: 4\r\n",
      "4:3: a.b: it stands in this map already, in line 2; keep one of them"
    ),
    ("a: 1\na: 2\na: 3\n", "2:1: a: it stands in this map already, in line 1; keep one of them"),
    (
      "AKIA" + "IOSFODNN7EXAMPLE: 1\nAKIA" + "IOSFODNN7EXAMPLE: 2\n",
      "2:1: [hidden]: it stands in this map already, in line 1; keep one of them"
    ),
    (
      "x: &n name\n*n : 1\nname: 2\n",
      "1:4: the file is not YAML: name stands more than once in this map; keep one of them"
    ),
    (
      "a: 1\n---\nb: 2\n",
      "2:1: the file is not YAML: a second document begins here; keep one document in a file"
    ),
    (
      "a: *b\n",
      "1:4: the file is not YAML: found undefined alias; write YAML that a parser accepts"
    ),
    (
      "a: \u{1}\n",
      "1:4: the file is not YAML: control characters are not allowed; "
        + "write YAML that a parser accepts"
    ),
    (
      "a: 'x\n",
      "2:1: the file is not YAML: while scanning a quoted scalar, found unexpected end of stream; "
        + "write YAML that a parser accepts"
    ),
    ("a: !!int 1\n", "1:4: a: the tag tag:yaml.org,2002:int has no meaning here; remove it"),
    ("a: !own [1]\n", "1:4: a: the tag !own has no meaning here; remove it"),
    ("a: !!set {b}\n", "1:4: a: the tag tag:yaml.org,2002:set has no meaning here; remove it"),
    ("? [a]\n: 1\n", "1:3: a name is a list or a map; write a text as name"),
    ("yes: 1\n", "1:1: the name yes is a truth value to YAML; write it in quotes"),
    ("7: 1\n", "1:1: the name 7 is a number to YAML; write it in quotes"),
    ("? \n: 1\n", "1:2: the name is null to YAML; write it in quotes"),
    (
      "a: &a {b: 1}\nc:\n  <<: *a\n",
      "3:3: c: the merge key << is not read; write the fields out here, or once in "
        + "config/environments/base.yaml, which is merged under every environment"
    ),
    ("just text\n", "1:1: the file holds text; write fields as name: value"),
  ])
  func `what readers would not take alike is refused`(text: String, problem: String) {
    #expect(failure(text) == "file:\(problem)")
  }

  @Test func `what is wrong with a file's form does not hide the rest, and has its path`() throws {
    let text = try Sources.complete()
      .replacing("resources:", with: "resources:\n  <<: {a: 1}")
      .replacing("strategy: blue-green", with: "strategy: green\n  strategy: !x rolling")

    let problems = Sources.problems(text)

    #expect(problems.count == 3, "\(problems)")
    #expect(problems.contains { $0.contains(": resources: the merge key << is not read") })
    #expect(
      problems.contains {
        $0.contains(": deployment.strategy: it stands in this map already, in line")
      })
    #expect(problems.contains { $0.contains(": deployment.strategy: green is no") }, "\(problems)")
  }

  @Test func `bytes that are not UTF-8, and too many of them, are refused`() {
    var reader = YAMLReader(file: "file", layer: .environment)

    let encoding = #expect(throws: SettingProblem.self) { try reader.read([0x61, 0x3A, 0xFF]) }
    let size = #expect(throws: SettingProblem.self) {
      try reader.read([UInt8](repeating: 0x20, count: YAMLReader.byteCountMax + 1))
    }

    #expect(encoding?.description == "file:1:1: the file is not UTF-8; save it as UTF-8")
    #expect(
      size?.description == "file:1:1: the file has 1048577 bytes; write at most 1048576")
  }

  @Test func `of very many repeated names one is told without looking for all`() {
    let many = (0..<2).flatMap { _ in (100..<200).map { "a\($0): 1\n" } }.joined()

    #expect(
      failure(many)?.hasPrefix("file:1:1: the file is not YAML: a100, a101, ") == true,
      "\(failure(many) ?? "")")
  }

  @Test func `an alias bomb is defused`() {
    let bomb = (1...9).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, level in
      let alias = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      return text + "a\(level): &a\(level) [\(alias)]\n"
    }

    #expect(
      failure(bomb)?.hasSuffix(
        "aliases expand to more than 20000 values; write the values out") == true)
  }

  /// What aliases stand for is not looked through again, once for every alias.
  @Test func `a name that is repeated in an alias bomb is told`() {
    let bomb = (1...12).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, level in
      let alias = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      return text + "a\(level): &a\(level) [\(alias)]\n"
    }
    let nested = (0..<12).reversed().reduce("[x]") { text, level in
      "[&n\(level) \(text), *n\(level), *n\(level), *n\(level), *n\(level)]"
    }

    #expect(
      failure(bomb + "n: \(nested)\na3: {b: 1, b: 2}\n")
        == "file:15:1: a3: it stands in this map already, in line 4; keep one of them")
  }

  /// Comparing such names takes twice as long for every level: 40 of them, for ever.
  @Test(arguments: [
    "? *a%d : *a%d", "*a%d : *a%d", "{*a%d : 1}: *a%d", "*a%d name: 1", "*a%d:", "*a%d:,x: 1",
    "?*a%d", "[*a%d]:1",
  ])
  func `a bomb of aliased names is refused before they are compared`(name: String) {
    let bomb = (1...40).reduce("a0: &a0 {x: 1, y: 2}\n") { text, level in
      let pair = name.replacing("%d", with: "\(level - 1)")
      return text + "a\(level): &a\(level) {\(pair)}\n"
    }

    #expect(
      failure(bomb)
        == "file:1:1: a name is a list, a map or an alias, in a file of many aliases; write texts "
        + "as names")
  }

  @Test func `many aliases of values are no reason to refuse a file`() throws {
    let text =
      "base: &base {cpu: 1}\n" + (0..<40).map { "part\($0): {base: *base}\n" }.joined()

    #expect(try #require(try read(text)).entries.count == 41)
  }

  @Test func `an alias gives what it stands for, at that value's place`() throws {
    let map = try #require(
      try read(
        """
        small: &small {cpu: 1, memory: 1Gi}
        one: *small
        quoted: {"<<": 1}
        """))

    #expect(texts(map["one"]) == ["cpu=1", "memory=1Gi"])
    #expect(texts(map["quoted"]) == ["<<=1"])
    #expect(map["one"]?.namePosition.line == 2)
    #expect(map["one"]?.value.position.line == 1)
  }

  @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "~\n"])
  func `an empty file is an empty base and no environment`(text: String) throws {
    #expect(try read(text) == nil)
    #expect(try Sources.problems(Sources.complete(), base: text).isEmpty)
    #expect(
      Sources.problems(text)
        == ["production.yaml:1:1: the file is empty; write its fields as name: value"])
  }

  @Test(arguments: [
    ("", "null"), ("~", "null"), ("Null", "null"), ("true", "flag"), ("false", "flag"),
    ("True", "looseFlag"), ("NO", "looseFlag"), ("On", "looseFlag"), ("oN", "text"), ("y", "text"),
    ("0", "whole"), ("-12", "whole"), ("1.50", "decimal"), ("-0.5", "decimal"),
    ("+1", "looseNumber"), ("007", "looseNumber"), ("0x1f", "looseNumber"), ("0o17", "looseNumber"),
    ("0b1", "looseNumber"), ("1_0", "looseNumber"), ("1e9", "looseNumber"), (".5", "looseNumber"),
    ("1.", "looseNumber"), ("12:30", "looseNumber"), (".inf", "looseNumber"),
    (".NaN", "looseNumber"), ("1.2.3", "text"), ("500m", "text"), ("v1", "text"), ("-", "text"),
  ])
  func `a plain value has one form`(text: String, form: String) {
    #expect("\(ScalarForm(plain: text))" == form)
  }

  private func read(_ text: String) throws(SettingProblem) -> SettingMap? {
    var reader = YAMLReader(file: "file", layer: .environment)
    return try reader.read(Array(text.utf8))
  }

  private func failure(_ text: String) -> String? {
    var reader = YAMLReader(file: "file", layer: .environment)
    do throws(SettingProblem) {
      _ = try reader.read(Array(text.utf8))
      return reader.problems.sorted().first.map { "\($0)" }
    } catch {
      return "\(reader.problems.sorted().first ?? error)"
    }
  }

  private func texts(_ entry: SettingMap.Entry?) -> [String] {
    guard case .map(let map) = entry?.value else { return [] }
    return map.entries.map { "\($0.name)=\($0.value.shownText ?? "")" }
  }
}
