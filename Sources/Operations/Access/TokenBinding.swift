import Environments
import Events

/// What a token has to say to prove somebody: exact values, none of a person.
package struct TokenBinding: Sendable, Equatable {
  package static let claimsMax = 16

  package let issuer: MachineWords
  /// Ascending by name.
  package let claims: [TokenClaim]

  /// - Parameters:
  ///   - issuer: Its URL, as its tokens spell it.
  ///   - claims: Names and values; with `sub`.
  /// - Throws: ``TokenBindingError``.
  package init(
    issuer: String, claims: [(name: String, value: String)]
  ) throws(TokenBindingError) {
    guard let issuer = MachineWords(dataText: issuer) else { throw .issuer }
    self.issuer = issuer
    guard claims.count <= Self.claimsMax else { throw .tooMany(claims.count) }
    var kept: [TokenClaim] = []
    for (name, value) in claims {
      if Self.changing.contains(name) { throw .changing(name) }
      if Self.personal.contains(name) { throw .personal(name) }
      if value.contains("*") { throw .wildcard(name) }
      guard let words = MachineWords(dataText: name), let text = MachineWords(dataText: value)
      else { throw .form(name) }
      guard !kept.contains(where: { $0.name == words }) else { throw .twice(name) }
      kept.append(TokenClaim(name: words, value: text))
    }
    guard let subject = kept.first(where: { $0.name == "sub" }) else { throw .noSubject }
    for (prefix, id) in Self.ids where subject.value.text.hasPrefix(prefix) {
      guard kept.contains(where: { $0.name.text == id }) else { throw .noID(id) }
    }
    self.claims = kept.sorted { $0.name.text.utf8.lexicographicallyPrecedes($1.name.text.utf8) }
  }

  /// What every token has, or has anew.
  private static let changing: Set = ["iss", "aud", "exp", "iat", "nbf", "jti"]

  /// Who pushed, or by what address: a person's, who may ask to be forgotten.
  private static let personal: Set = [
    "actor", "actor_id", "email", "name", "nickname", "preferred_username", "user_email",
    "user_id", "user_identities", "user_login",
  ]

  /// A subject that begins so names a repository, and a name can become another's: GitHub's and
  /// GitLab's, each with the claim that stays.
  private static let ids = [("repo:", "repository_id"), ("project_path:", "project_id")]
}

/// Why nobody was bound to a token; nothing was recorded.
package enum TokenBindingError: ExitingError, Equatable {
  case issuer
  case tooMany(Int)
  case form(String)
  case changing(String)
  case personal(String)
  case wildcard(String)
  case twice(String)
  case noSubject
  case noID(String)

  package var exitStatus: ExitStatus { .badData }

  package var description: String {
    switch self {
    case .issuer:
      """
      Nothing was recorded: an issuer has 1 to \(MachineWords.byteLimit) bytes.
      See those there are with `stele access issuer list`.
      """
    case .tooMany(let count):
      """
      Nothing was recorded: \(count) claims are asked for, and \(TokenBinding.claimsMax) can be.
      Leave out what others say already.
      """
    case .form(let name):
      """
      Nothing was recorded: the claim '\(VisibleText.escaped(name))' and its value have 1 to \
      \(MachineWords.byteLimit) bytes each.
      Write it as --claim NAME=VALUE.
      """
    case .changing(let name):
      """
      Nothing was recorded: `\(name)` is the issuer's, or another in every token.
      Ask for what stays: --claim sub=… and an id beside it.
      """
    case .personal(let name):
      """
      Nothing was recorded: `\(name)` is a person's, and what is recorded stays for ever.
      Bind the pipeline, not who started it: --claim sub=…
      """
    case .wildcard(let name):
      """
      Nothing was recorded: the value of `\(name)` has a star, and values are compared as they are.
      Write the whole value; several of them are several identities.
      """
    case .twice(let name):
      """
      Nothing was recorded: `\(VisibleText.escaped(name))` is asked for twice.
      Name each claim once.
      """
    case .noSubject:
      """
      Nothing was recorded: without `sub` any job of the issuer might do.
      Write --claim sub=… as the tokens of the job have it.
      """
    case .noID(let id):
      """
      Nothing was recorded: the name in `sub` can become another's, and `\(id)` cannot.
      Ask for both: --claim \(id)=…
      """
    }
  }
}
