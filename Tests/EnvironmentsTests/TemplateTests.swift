import Testing

@testable import Environments

/// References in commands and variables.
@Suite struct TemplateTests {
  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("${A}", "one"), ("x${A}y${B}z", "xoneytwoz"), ("$A", "$A"),
    ("costs $5", "costs $5"), ("$${A}", "${A}"), ("$$${A}", "$${A}"), ("${a.b-c 🧪}", "deep"),
    ("}", "}"), ("${A}${A}", "oneone"), ("é${B}", "étwo"), ("${B}$", "two$"),
  ])
  func `references are replaced and everything else stays`(text: String, filled: String) throws {
    let template = try Template(parsing: text)

    #expect(try template.text(["A": "one", "B": "two", "a.b-c 🧪": "deep"]) == filled)
    #expect(try Template(parsing: "\(template)") == template)
  }

  @Test(arguments: [("${", TemplateError.unclosed), ("a${B", .unclosed), ("${}", .empty)])
  func `a reference that is none is refused`(text: String, error: TemplateError) {
    #expect(throws: error) { try Template(parsing: text) }
  }

  @Test func `filling in part leaves the rest for later`() throws {
    let template = try Template(parsing: "$${x} ${A}-${PORT} ${C}")

    let filled = template.filling(["A": "one", "C": ""])

    #expect(filled.references == ["PORT"])
    #expect("\(filled)" == "$${x} one-${PORT} ")
    #expect(try filled.text(["PORT": "80"]) == "${x} one-80 ")
    #expect(throws: TemplateError.unknown(reference: "PORT")) { try filled.text() }
  }

  @Test func `what is put in is not looked through again`() throws {
    let template = try Template(parsing: "${A}")

    #expect(try template.text(["A": "${B}", "B": "two"]) == "${B}")
    #expect("\(template.filling(["A": "${B}"]))" == "$${B}")
  }

  @Test func `templates that read alike are equal`() throws {
    #expect(
      try Template(parsing: "a${X}c").filling(["X": "b"]) == Template(parsing: "abc"))
    #expect(try Template(parsing: "${X}").filling(["X": ""]) == Template(parsing: ""))
  }
}
