import CanonicalJSON

/// Which of the things of one sort a grant covers.
///
/// In JSON an ascending list of names, or `["*"]` for every one, those that come later included.
package enum Reach<Tag: IdentifierTag>: Hashable, Sendable {
  case all
  case only(Set<Name<Tag>>)

  package func covers(_ name: Name<Tag>) -> Bool {
    switch self {
    case .all: true
    case .only(let names): names.contains(name)
    }
  }

  /// For people: `all`, or the names with commas.
  package var summary: String {
    switch self {
    case .all: "all"
    case .only(let names): names.sorted().map(\.rawValue).joined(separator: ", ")
    }
  }
}

extension Reach: DataValue {
  package init(json: JSONValue) throws(FormFault) {
    if json == .array([.string("*")]) {
      self = .all
      return
    }
    let names = try [Name<Tag>](json: json)
    guard zip(names, names.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw FormFault.field(path: "", expected: "ascending names, each once")
    }
    self = .only(Set(names))
  }

  package var json: JSONValue {
    switch self {
    case .all: .array([.string("*")])
    case .only(let names): names.sorted().json
    }
  }
}
