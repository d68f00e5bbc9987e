import Events

/// What brings HAProxy from what it says it does to what a plan says. Applied in this order, no
/// request finds a frontend with fewer servers than it has before or after.
struct RouterChange: Hashable {
  struct Addition: Hashable {
    let frontend: ComponentName
    let server: RouterServer
  }

  /// First: servers it does not know.
  private(set) var additions: [Addition] = []
  /// Then: new ports of servers it knows. It says in words what it did, so that they took effect is
  /// seen in the end.
  private(set) var moves: [String] = []
  /// Then, in one batch: who gets requests, before who does not any more.
  private(set) var commands: [String] = []
  /// Last: what nobody named, to be forgotten.
  private(set) var leaving: [ServerRow] = []

  init(from rows: [ServerRow], to plan: RouterPlan) {
    var retreats: [String] = []
    for frontend in plan.frontends {
      let known = rows.filter { $0.frontend == frontend.name }
      for server in plan.servers(of: frontend.name) {
        let row = known.first { $0.instance == server.instance }
        if row == nil { additions.append(Addition(frontend: frontend.name, server: server)) }
        if let row, row.port != server.port {
          moves.append(
            "set server \(frontend.name)/\(server.instance) addr 127.0.0.1 port \(server.port)")
        }
        let (advance, retreat) = Self.commands(for: server, of: frontend.name, from: row)
        commands += advance
        retreats += retreat
      }
    }
    leaving = rows.filter { row in
      !plan.servers(of: row.frontend).contains { $0.instance == row.instance }
    }
    commands += retreats + leaving.filter { $0.condition != .maintenance }.map(Self.rest)
  }

  private static func commands(
    for server: RouterServer, of frontend: ComponentName, from row: ServerRow?
  ) -> (advance: [String], retreat: [String]) {
    let name = "set server \(frontend)/\(server.instance)"
    var advance: [String] = []
    switch server.share {
    case .weight(let weight):
      if let row, row.weight != weight { advance.append("\(name) weight \(weight)") }
      if row?.condition != .ready { advance.append("\(name) state ready") }
      return (advance, [])
    case .draining:
      return (advance, row?.condition == .draining ? [] : ["\(name) state drain"])
    }
  }

  private static func rest(_ row: ServerRow) -> String {
    "set server \(row.frontend)/\(row.instance) state maint"
  }
}

extension RouterPlan {
  /// The first server that is not as the plan has it, in words; nil when all are.
  func difference(from rows: [ServerRow]) -> String? {
    let change = RouterChange(from: rows, to: self)
    if let addition = change.additions.first {
      return "\(addition.frontend)/\(addition.server.instance) is not known"
    }
    return (change.moves + change.commands).first.map { "`\($0)` had no effect" }
  }
}
