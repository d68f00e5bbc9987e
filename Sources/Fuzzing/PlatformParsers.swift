import CanonicalJSON

@testable import Platforms

/// Rows that HAProxy never gave are refused, and a count is never below zero.
func checkServerRows(_ input: [UInt8]) throws {
  let answer = String(decoding: input, as: UTF8.self)
  guard let rows = try? ServerRow.rows(in: answer, to: "show stat") else { return }
  try promise(
    rows.allSatisfy { $0.open >= 0 && $0.requests >= 0 && $0.weight >= 0 }, "a count is below zero")
}

/// A question to an agent, and its answer, are written as what reads as the same.
func checkAgentMessage(_ input: [UInt8]) throws {
  guard let json = try? JSONObject(parsing: input) else { return }
  if let request = try? AgentRequest(json: json) {
    try promise(try AgentRequest(json: request.json) == request, "a question is written otherwise")
    try promise(
      try AgentRequest(json: written(request.json)) == request, "a question is not written")
  }
  if let answer = try? AgentAnswer(json: json) {
    try promise(
      try AgentAnswer(json: written(answer.json)) == answer, "an answer is written otherwise")
  }
}

private func written(_ object: JSONObject) throws -> JSONObject {
  try JSONObject(parsing: object.canonicalBytes())
}
