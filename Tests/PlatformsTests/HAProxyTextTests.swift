import CanonicalJSON
import Events
import Testing

@testable import Platforms

/// What HAProxy is told, and what is made of what it says, without HAProxy.
@Suite struct HAProxyTextTests {
  let one = RouterServer(instance: "one", port: 4_001)
  let two = RouterServer(instance: "two", port: 4_002, share: .weight(7))
  let old = RouterServer(instance: "old", port: 4_003, share: .draining)

  private var plan: RouterPlan {
    get throws {
      try RouterPlan(frontends: [Frontend(name: "web", port: 8_080)])
        .with(["web": [two, one, old]])
    }
  }

  @Test func `a configuration has its servers from the first request on`() throws {
    let text = HAProxyConfiguration(plan: try plan).text

    #expect(
      text.hasSuffix(
        """
        frontend web
          bind 127.0.0.1:8080
          default_backend web
        backend web
          balance roundrobin
          http-request disable-l7-retry unless METH_GET or { method OPTIONS }
          server old 127.0.0.1:4003 disabled
          server one 127.0.0.1:4001 weight 100
          server two 127.0.0.1:4002 weight 7

        """))
    #expect(text.contains("\n  noreuseport\n"))
    #expect(text.contains("\n  option idle-close-on-response\n"))
  }

  @Test func `HAProxy accepts it, and says what is wrong with another`() async throws {
    let directory = TestDirectory()
    _ = try directory.file("good.cfg", HAProxyConfiguration(plan: try plan).text)
    _ = try directory.file("bad.cfg", "frontend web\n  bond 127.0.0.1:1\n")

    try await HAProxyProgram.standard.check("good.cfg", in: directory.path)
    let error = await #expect(throws: RouterError.self) {
      try await HAProxyProgram.standard.check("bad.cfg", in: directory.path)
    }

    guard case .configurationRefused(let path, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == "\(directory.path)/bad.cfg")
    #expect(reason.contains("unknown keyword 'bond'"))
  }

  @Test func `a plan reads as it was written`() throws {
    let plan = try plan

    #expect(try RouterPlan(json: plan.json) == plan)
    #expect(
      try String(decoding: plan.json.canonicalBytes(), as: UTF8.self) == """
        {"frontends":[{"name":"web","port":8080,"servers":[{"instance":"old","port":4003},\
        {"instance":"one","port":4001,"weight":100},{"instance":"two","port":4002,"weight":7}]}],\
        "version":1}
        """)
  }

  // MARK: Reading

  static let header =
    "# pxname,svname,scur,stot,status,uweight,hrsp_2xx,hrsp_4xx,hrsp_5xx,econ,eresp,addr,last_chk,"

  @Test func `columns are found by their names`() throws {
    let rows = try ServerRow.rows(
      in: Self.header + "\n" + #"web,one,2,30,no check,100,28,1,1,4,5,127.0.0.1:4001,"a, ""b""","#
        + "\nweb,two,0,0,MAINT,7,0,0,0,0,0,127.0.0.1:4002,,\n\n", to: "show stat")

    #expect(rows.map(\.instance) == ["one", "two"])
    #expect(rows.map(\.condition) == [.ready, .maintenance])
    #expect(rows.map(\.port) == [4_001, 4_002])
    #expect(rows.map(\.open) == [2, 0])
    #expect(rows[0].requests == 30)
    #expect(rows[0].answers2xx == 28)
    #expect([rows[0].answers4xx, rows[0].answers5xx] == [1, 1])
    #expect([rows[0].connectionErrors, rows[0].answerErrors] == [4, 5])
  }

  @Test(arguments: [
    ("no check", ServerRow.Condition.ready), ("UP", .ready), ("DRAIN", .draining),
    ("MAINT (via web/two)", .maintenance), ("DOWN 1/2", .other("DOWN 1/2")),
  ])
  func `a status is one of four`(word: String, condition: ServerRow.Condition) throws {
    let rows = try ServerRow.rows(
      in: "\(Self.header)\nweb,one,0,0,\(word),1,0,0,0,0,0,127.0.0.1:1,,\n\n", to: "show stat")

    #expect(rows.map(\.condition) == [condition])
  }

  @Test(arguments: [
    ("", "it does not begin with column names"),
    ("Permission denied\n", "it does not begin with column names"),
    (header + "\nweb,one,0,0,UP,1,0,0,0,0,0,127.0.0.1:1,,\n", "it was cut off"),
    (header + "\nweb,one,0,0,UP\n\n", "5 values stand under 14 columns"),
    ("# pxname,svname\nweb,one\n\n", "it has no column addr"),
    (
      header + "\nweb,one,x,0,UP,1,0,0,0,0,0,127.0.0.1:1,,\n\n", "scur is 'x' and no count"
    ),
    (
      header + "\nweb,one,-1,0,UP,1,0,0,0,0,0,127.0.0.1:1,,\n\n", "scur is '-1' and no count"
    ),
    (
      header + "\nweb,one,0,0,UP,1,0,0,0,0,0,nowhere,,\n\n", "addr nowhere has no port"
    ),
    (
      header + "\nweb,a/b,0,0,UP,1,0,0,0,0,0,127.0.0.1:1,,\n\n",
      "it names a server that was never added"
    ),
    (
      header + "\nweb,\"one,0,0,UP,1,0,0,0,0,0,127.0.0.1:1,,\n\n",
      "a quotation mark is never closed"
    ),
  ])
  func `an answer that is none is an error`(answer: String, reason: String) {
    #expect(throws: RouterError.answerMalformed(command: "show stat", reason: reason)) {
      try ServerRow.rows(in: answer, to: "show stat")
    }
  }

  // MARK: Changing

  private func row(
    _ instance: InstanceName, _ condition: ServerRow.Condition, port: Int = 4_001,
    weight: Int = 100
  ) throws -> ServerRow {
    let status =
      switch condition {
      case .ready: "no check"
      case .draining: "DRAIN"
      case .maintenance: "MAINT"
      case .other(let word): word
      }
    return try ServerRow.rows(
      in:
        "\(Self.header)\nweb,\(instance),0,0,\(status),\(weight),0,0,0,0,0,127.0.0.1:\(port),,\n\n",
      to: "show stat")[0]
  }

  @Test func `who is to serve serves before who is not stops`() throws {
    let change = RouterChange(
      from: [
        try row("old", .ready, port: 4_003), try row("two", .maintenance, port: 9, weight: 100),
        try row("gone", .ready),
      ], to: try plan)

    #expect(change.additions.map(\.server) == [one])
    #expect(change.moves == ["set server web/two addr 127.0.0.1 port 4002"])
    #expect(
      change.commands == [
        "set server web/one state ready", "set server web/two weight 7",
        "set server web/two state ready", "set server web/old state drain",
        "set server web/gone state maint",
      ])
    #expect(change.leaving.map(\.instance) == ["gone"])
  }

  @Test func `what is as it should be is left alone`() throws {
    let rows = [
      try row("one", .ready), try row("two", .ready, port: 4_002, weight: 7),
      try row("old", .draining, port: 4_003), try row("gone", .maintenance),
    ]

    let change = RouterChange(from: rows, to: try plan)

    #expect(change.additions.isEmpty)
    #expect(change.moves + change.commands == [])
    #expect(try plan.difference(from: rows) == nil)
    #expect(
      try plan.difference(from: Array(rows.dropFirst())) == "web/one is not known")
    #expect(
      try plan.difference(from: [try row("one", .draining)] + rows.dropFirst())
        == "`set server web/one state ready` had no effect")
  }

  // MARK: Versions

  @Test(arguments: [
    ("HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/", "2.6"),
    ("HA-Proxy version 1.8.27-2", "1.8"), ("HAProxy version 3.0-dev1", "3.0"),
  ])
  func `a version is read from what a program says`(text: String, version: String) {
    #expect(ProgramVersion(in: text)?.description == version)
  }

  @Test func `versions are ordered by number`() {
    #expect(ProgramVersion(in: "no numbers here") == nil)
    #expect(ProgramVersion(major: 2, minor: 10) > ProgramVersion(major: 2, minor: 6))
    #expect(ProgramVersion(major: 2, minor: 9) < ProgramVersion(major: 3, minor: 0))
  }
}
