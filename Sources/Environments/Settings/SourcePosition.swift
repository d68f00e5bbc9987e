/// Where a setting was written: file, line and column, and which layer that file is.
///
/// Lines and columns count from 1; columns count Unicode scalars, as editors that jump to
/// `file:line:column` do. Ordered as a reader meets them: file, line, column.
package struct SourcePosition: Hashable, Sendable {
  /// As the user would type it from the project's root, `config/environments/production.yaml`.
  package let file: String
  package let line: Int
  package let column: Int
  package let layer: Layer

  package init(file: String, line: Int, column: Int, layer: Layer) {
    self.file = file
    self.line = line
    self.column = column
    self.layer = layer
  }

  /// Which of the merged files a setting comes from.
  package enum Layer: String, Hashable, Sendable {
    /// `base.yaml`: what every environment starts from.
    case base
    /// The environment's own file, which wins.
    case environment
    /// `application.yaml`.
    case application
    /// `policy.yaml`.
    case policy
    /// A variable of the process, over all files: ``SourcePosition/file`` is its name.
    case variable
    /// A flag that was set, over all of these: ``SourcePosition/file`` is the command.
    case flag
  }
}

extension SourcePosition: Comparable {
  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}

extension SourcePosition: CustomStringConvertible {
  package var description: String {
    switch layer {
    case .variable, .flag: file
    case .base, .environment, .application, .policy: "\(file):\(line):\(column)"
    }
  }
}
