/// Text with references: `--port=${PORT}`, `${observability.logging.level}`.
///
/// `$${` stands for a `${` that is meant as such; a `$` before anything else is just a `$`.
/// Substitution happens twice: the configuration's values when a release is planned, so that the
/// ledger says what they were, and a replica's own when it starts.
package struct Template: Hashable, Sendable {
  package let pieces: [Piece]

  package enum Piece: Hashable, Sendable {
    case literal(String)
    /// What stands between the braces, not empty.
    case reference(String)
  }

  init(pieces: [Piece]) { self.pieces = pieces }

  /// - Throws: ``TemplateError`` where a reference is not closed or empty.
  package init(parsing text: String) throws(TemplateError) {
    var pieces: [Piece] = []
    var literal = ""
    var rest = Substring(text)
    while let character = rest.first {
      if rest.hasPrefix("$${") {
        literal += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.firstIndex(of: "}") else { throw .unclosed }
        let name = String(rest[..<end].dropFirst(2))
        guard !name.isEmpty else { throw .empty }
        pieces += literal.isEmpty ? [] : [.literal(literal)]
        pieces.append(.reference(name))
        literal = ""
        rest = rest[rest.index(after: end)...]
      } else {
        literal.append(character)
        rest = rest.dropFirst()
      }
    }
    self.pieces = pieces + (literal.isEmpty ? [] : [.literal(literal)])
  }

  /// Names of all references, in order, repeated as written.
  package var references: [String] {
    pieces.compactMap { if case .reference(let name) = $0 { name } else { nil } }
  }

  /// This template with every reference that `values` knows replaced by its text.
  ///
  /// What is put in is text and is not looked through again.
  package func filling(_ values: [String: String]) -> Template {
    let filled = pieces.map { piece -> Piece in
      switch piece {
      case .literal: piece
      case .reference(let name): values[name].map { .literal($0) } ?? piece
      }
    }
    return Template(pieces: filled.joinedLiterals)
  }

  /// The text, once nothing is left to fill in.
  ///
  /// - Throws: ``TemplateError/unknown(reference:)`` with the first reference left.
  package func text(_ values: [String: String] = [:]) throws(TemplateError) -> String {
    let filled = filling(values)
    if let open = filled.references.first { throw .unknown(reference: open) }
    return filled.pieces.map { if case .literal(let text) = $0 { text } else { "" } }.joined()
  }
}

extension Template: CustomStringConvertible {
  /// What parses to this template again; the form that is recorded.
  package var description: String {
    pieces.map { piece in
      switch piece {
      case .literal(let text): text.replacing("${", with: "$${")
      case .reference(let name): "${\(name)}"
      }
    }.joined()
  }
}

/// Why a text is no template, or could not be filled in.
package enum TemplateError: Error, Hashable, Sendable {
  /// A `${` without its `}`.
  case unclosed
  /// `${}`.
  case empty
  /// Nothing of that name is known.
  case unknown(reference: String)
}

extension [Template.Piece] {
  /// Neighbouring literals made one and empty ones dropped, so that equal templates are `==`.
  fileprivate var joinedLiterals: [Template.Piece] {
    reduce(into: []) { pieces, piece in
      if case .literal(let text) = piece, case .literal(let before)? = pieces.last {
        pieces[pieces.count - 1] = .literal(before + text)
      } else if piece != .literal("") {
        pieces.append(piece)
      }
    }
  }
}
