/// One thing in an artifact's directory, by its path from there.
struct TreeEntry: Hashable, Sendable {
  /// With `/` between names, neither at the beginning nor at the end.
  let path: String
  let kind: Kind

  enum Kind: Hashable, Sendable {
    case directory
    /// Executable if its owner may execute it; no other permission counts.
    case file(sizeBytes: Int, isExecutable: Bool)
    case link(target: String)
  }
}

extension [TreeEntry] {
  /// Ascending by the paths' bytes, which puts every directory before what is in it.
  var sortedByPath: [TreeEntry] {
    sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Refuses links that lead out of the tree, nowhere, or in a circle.
  ///
  /// Decided from the entries alone, name by name as the system walks, because a link may go
  /// through another one: what is checked here is what a copy of the tree will mean.
  func checkLinks() throws(ArtifactError) {
    let kinds = Dictionary(uniqueKeysWithValues: map { ($0.path, $0.kind) })
    for entry in self {
      guard case .link(let target) = entry.kind else { continue }
      switch LinkWalk(kinds: kinds).resolve(target, from: entry.path) {
      case .inside: break
      case .outside: throw .linkEscapes(path: entry.path, target: target)
      case .nowhere: throw .linkDangles(path: entry.path, target: target)
      }
    }
  }
}

/// Follows a link through a tree that is known by its entries, without a file system.
private struct LinkWalk {
  let kinds: [String: TreeEntry.Kind]

  enum End {
    case inside
    case outside
    case nowhere
  }

  /// Links followed on one walk, as Linux limits it.
  private static let followedMax = 40

  func resolve(_ target: String, from link: String) -> End {
    var place = Array(link.split(separator: "/").dropLast())
    var names = steps(target)
    var followed = 1
    guard !target.hasPrefix("/") else { return .outside }
    while let name = names.popLast() {
      if name == ".." {
        guard place.popLast() != nil else { return .outside }
        continue
      }
      place.append(name)
      switch kinds[place.joined(separator: "/")] {
      case .directory?: break
      case .file?: if !names.isEmpty { return .nowhere }
      case .link(let next)?:
        followed += 1
        guard followed <= Self.followedMax else { return .nowhere }
        guard !next.hasPrefix("/") else { return .outside }
        place.removeLast()
        names += steps(next)
      case nil: return .nowhere
      }
    }
    return .inside
  }

  /// The names on the way, the first one last.
  private func steps(_ target: String) -> [Substring] {
    target.split(separator: "/").filter { $0 != "." }.reversed()
  }
}
