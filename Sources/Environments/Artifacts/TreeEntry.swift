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
    let kinds = Dictionary(uniqueKeysWithValues: map { ([UInt8]($0.path.utf8), $0.kind) })
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
///
/// By bytes, as the system does: Swift's strings take two different names for one, and a slash
/// with an accent after it for no slash.
private struct LinkWalk {
  typealias Name = ArraySlice<UInt8>

  let kinds: [[UInt8]: TreeEntry.Kind]

  enum End {
    case inside
    case outside
    case nowhere
  }

  /// Links followed on one walk, as Linux limits it.
  private static let followedMax = 40
  private static let slash = UInt8(ascii: "/")

  func resolve(_ target: String, from link: String) -> End {
    var place = Array(names(of: link).dropLast())
    var ahead: [Name] = []
    var next = target
    for _ in 0..<Self.followedMax {
      guard next.utf8.first != Self.slash else { return .outside }
      ahead += names(of: next).filter { $0 != [UInt8(ascii: ".")] }.reversed()
      switch walk(&place, &ahead) {
      case .end(let end): return end
      case .link(let target): next = target
      }
    }
    return .nowhere
  }

  private enum Step {
    case end(End)
    case link(String)
  }

  /// Goes on until the way ends or comes to a link.
  private func walk(_ place: inout [Name], _ ahead: inout [Name]) -> Step {
    while let name = ahead.popLast() {
      if name == Array("..".utf8)[...] {
        guard place.popLast() != nil else { return .end(.outside) }
        continue
      }
      switch kinds[Array((place + [name]).joined(separator: [Self.slash]))] {
      case .directory?: place.append(name)
      case .file?: return .end(ahead.isEmpty ? .inside : .nowhere)
      case .link(let target)?: return .link(target)
      case nil: return .end(.nowhere)
      }
    }
    return .end(.inside)
  }

  private func names(of path: String) -> [Name] {
    Array(path.utf8).split(separator: Self.slash)
  }
}
