import Foundation
import Testing

@testable import Platforms

/// Who is seen to be there, without a question.
@Suite struct RuntimeSightTests {
  let directory = TestDirectory()

  @Test func `where nothing was ever there nothing is seen`() {
    #expect(RuntimeSight(of: directory.run) == RuntimeSight(hasAgent: false, hasRouter: false))
  }

  @Test func `an agent is seen while it is there`() async throws {
    try await RunningAgent.run(in: directory) { _ in
      #expect(RuntimeSight(of: directory.run).hasAgent)
    }

    #expect(!RuntimeSight(of: directory.run).hasAgent)
  }

  @Test func `a socket that its owner left behind is nobody`() throws {
    let socket = UnixSocket(directory: directory.run.router, name: "admin.sock")
    let listener = try RawListener(socket) { _ in .silence }
    #expect(RuntimeSight(of: directory.run) == RuntimeSight(hasAgent: false, hasRouter: true))

    listener.close()

    #expect(FileManager.default.fileExists(atPath: socket.path))
    #expect(!RuntimeSight(of: directory.run).hasRouter)
  }
}
