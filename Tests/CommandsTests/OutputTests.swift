import CanonicalJSON
import Foundation
import Synchronization
import Testing

@testable import Commands

/// Results that do not arrive, and words for those who interrupt.
@Suite struct OutputTests {
  @Test func `a result that could not be written is no success`() async throws {
    let project = try await Project()

    let ran = await project.run("verify --output json", room: 10)

    #expect(ran.status == 73)
    #expect(ran.notices.contains("The result was not written, or not all of it: No space left"))
  }

  @Test func `a command that failed keeps its own exit code`() async throws {
    let project = try await Project()
    try project.write("config/environments/development.yaml", "name: development\n")

    let ran = await project.run("config validate --output json", room: 10)

    #expect(ran.status == 1)
    #expect(ran.notices.contains("The result was not written"))
  }

  @Test func `a full device is a failure of the sink`() throws {
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    let sink = DescriptorSink(descriptor: full)
    sink.write("words")
    #expect(sink.failure == ENOSPC)
  }

  @Test func `whoever interrupts a rollout reads what to do`() async throws {
    let project = try await Project()
    let said = Mutex("")
    try project.write("dist/one/orchestrator/serve", "#!/bin/sh\n")

    let ran = await project.run(
      "deploy development --build dist/one",
      onInterrupt: { words in
        said.withLock { $0 = words() }
      })

    #expect(ran.status == 0, "\(ran.notices)")
    let text = said.withLock(\.self)
    #expect(text.contains("what runs goes on running"))
    #expect(text.contains("`stele recover development --abort`"))
  }

  @Test func `every difference has a line, the build's too`() async throws {
    let project = try await Project()
    for (release, words) in ["one", "two"].enumerated() {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\n# \(words)\n")
      let ran = await project.run("deploy development --build dist/\(words)")
      #expect(ran.status == 0, "release \(release): \(ran.notices)")
    }

    let lines = await project.run("diff development#1 development#2 --output jsonl")
    let csv = await project.run("diff development#1 development#2 --output csv")
    let plan = await project.run("rollback development --plan --output jsonl")
    let valid = await project.run("config validate development --output jsonl")

    #expect(lines.status == 2)
    #expect(lines.results.contains(#""path":"build""#))
    #expect(csv.results.hasPrefix("after,before,path\r\nsha256:"))
    #expect(plan.status == 2)
    #expect(plan.results.contains(#""restores":1"#))
    #expect(
      valid.results == #"{"environment":"development","schema":"#
        + #""stele.config.validate.environment","valid":true,"version":1}"# + "\n")
  }

  @Test func `few digits are a build's beginning unless something has that name`() async throws {
    let project = try await Project()

    let unknown = await project.run("deploy development --build 2b96")
    try project.write("dist/../2b96/serve", "#!/bin/sh\n")
    let named = await project.run("deploy development --build 2b96")

    #expect(unknown.status == 65)
    #expect(unknown.notices.contains("'2b96' stands for 0 builds"))
    #expect(!named.notices.contains("stands for"))
  }
}
