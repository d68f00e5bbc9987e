/// Notes what a section's reader asks for, while there is no file to read.
///
/// A reader that is given a builder finds every field there and every value missing: it asks for
/// all that it knows, and what it returns means nothing.
final class ShapeBuilder {
  private var order: [String] = []
  private var asked: [String: Asked] = [:]
  private var rules: [SectionRule] = []
  private var names: (shape: SettingShape.TextShape, isEmptyAllowed: Bool)?

  private struct Asked {
    var shapes: [SettingShape] = []
    var section: ShapeBuilder?
    var isRequired: Bool
    var standard: Int?
  }

  /// What stands for a name that users choose.
  static let anyName = "*"

  func note(_ name: String, _ shape: SettingShape, isRequired: Bool) {
    if asked[name] == nil { order.append(name) }
    var one = asked[name] ?? Asked(isRequired: isRequired)
    if !one.shapes.contains(shape) { one.shapes.append(shape) }
    asked[name] = one
  }

  /// The builder for what is below `name`.
  func section(_ name: String, isRequired: Bool) -> ShapeBuilder {
    if asked[name] == nil { order.append(name) }
    var one = asked[name] ?? Asked(isRequired: isRequired)
    let section = one.section ?? ShapeBuilder()
    one.section = section
    asked[name] = one
    return section
  }

  func note(_ rule: SectionRule) { rules.append(rule) }

  func noteNames(_ shape: SettingShape.TextShape, isEmptyAllowed: Bool) {
    names = (shape, isEmptyAllowed)
  }

  /// A field that is asked for has a default: it may be left out.
  func noteOptional(_ name: String, standard: Int?) {
    asked[name]?.isRequired = false
    asked[name]?.standard = standard
  }

  var shape: SettingShape {
    if let names, let one = asked[Self.anyName].flatMap(Self.shape) {
      return .names(names.shape, one, isEmptyAllowed: names.isEmptyAllowed)
    }
    let fields = order.compactMap { name in
      asked[name].flatMap { one in
        Self.shape(one).map {
          SettingShape.Field(
            name: name, shape: $0, isRequired: one.isRequired, standard: one.standard)
        }
      }
    }
    return .section(fields, rules: rules)
  }

  private static func shape(_ asked: Asked) -> SettingShape? {
    let shapes = asked.shapes + (asked.section.map { [$0.shape] } ?? [])
    return shapes.count > 1 ? .either(shapes) : shapes.first
  }
}

extension SettingShape {
  /// Of the story's environment, nothing inherited.
  package static let environment: SettingShape = shape { section in
    _ = EnvironmentConfiguration(reading: section, of: .production)
  }

  /// Of `application.yaml`.
  package static let application: SettingShape = shape { section in
    _ = ApplicationDescription(reading: section)
  }

  /// Of `policy.yaml`.
  package static let policy: SettingShape = shape { section in
    _ = Policy(reading: section)
  }

  private static func shape(_ read: (SettingSection) -> Void) -> SettingShape {
    let builder = ShapeBuilder()
    read(SettingSection(asking: builder, path: ""))
    return builder.shape
  }
}
