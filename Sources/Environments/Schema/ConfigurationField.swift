import CanonicalJSON

/// One field of a configuration with its value and unit: what its recorded form and its form in
/// files are both made from.
///
///     .milliseconds(10_000, per: .second)     healthCheckInterval: 10
///                                             "healthCheckIntervalMs":10000
package struct ConfigurationField: Hashable, Sendable {
  /// As the story spells it, without unit.
  package let name: String
  package let value: Value

  init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  package enum Value: Hashable, Sendable {
    case text(String)
    case texts([String])
    case flag(Bool)
    case whole(Int)
    case days(Int)
    /// Written in seconds or minutes, recorded in milliseconds.
    case milliseconds(Int, per: TimeUnit)
    /// Written as a share from 0 to 1, recorded in parts per million.
    case partsPerMillion(Int)
    case section([ConfigurationField])
    /// Names that users chose; recorded as values, because names on disk are the format's own.
    case switches([FeatureFlag])
  }

  package enum TimeUnit: Int, Hashable, Sendable {
    case second = 1_000
    case minute = 60_000
  }
}

extension ConfigurationField {
  /// The name on disk, which ends in the unit.
  var recordedName: String {
    switch value {
    case .text, .texts, .flag, .whole, .section, .switches: name
    case .days: name + "Days"
    case .milliseconds: name + "Ms"
    case .partsPerMillion: name + "Ppm"
    }
  }

  var recordedValue: JSONValue {
    switch value {
    case .text(let text): .string(text)
    case .texts(let texts): .array(texts.map { .string($0) })
    case .flag(let flag): .bool(flag)
    case .whole(let number), .days(let number), .milliseconds(let number, per: _),
      .partsPerMillion(let number):
      .integer(Int64(number))
    case .section(let fields): .object(.init(recording: fields))
    case .switches(let flags):
      .array(flags.map { .object($0.recorded) })
    }
  }

  /// This field's values; sections give several.
  func leaves(under parent: ConfigurationLeaf.Place) -> [ConfigurationLeaf] {
    let place = parent.child(name, recorded: recordedName)
    return switch value {
    case .text(let text): [place.leaf(text)]
    case .texts(let texts): [place.leaf(texts.joined(separator: ","))]
    case .flag(let flag): [place.leaf("\(flag)")]
    case .whole(let number), .days(let number): [place.leaf("\(number)")]
    case .milliseconds(let number, let unit):
      [place.leaf(DecimalNumber.text(of: number, per: unit.rawValue))]
    case .partsPerMillion(let number):
      [place.leaf(DecimalNumber.text(of: number, per: 1_000_000))]
    case .section(let fields): fields.flatMap { $0.leaves(under: place) }
    case .switches(let flags):
      flags.map { place.child($0.name, recorded: "\($0.name).value").leaf($0.value.text) }
    }
  }
}

/// One value of a configuration, as a file writes it.
package struct ConfigurationLeaf: Hashable, Sendable {
  /// Dotted, as files spell it: `deployment.healthCheckInterval`.
  package let path: String
  /// As ``ConfigurationDifference/path`` has it: `deployment.healthCheckIntervalMs`.
  package let recordedPath: String
  /// In the file's units; a list is its items with commas between, which is how a process gets it
  /// as a variable.
  package let text: String

  /// Where leaves stand.
  struct Place {
    static let root = Place(path: "", recordedPath: "")

    let path: String
    let recordedPath: String

    func child(_ name: String, recorded: String) -> Place {
      path.isEmpty
        ? Place(path: name, recordedPath: recorded)
        : Place(path: "\(path).\(name)", recordedPath: "\(recordedPath).\(recorded)")
    }

    func leaf(_ text: String) -> ConfigurationLeaf {
      ConfigurationLeaf(path: path, recordedPath: recordedPath, text: text)
    }
  }
}

extension FeatureFlag {
  /// With a mark on what is set over the files.
  fileprivate var recorded: JSONObject {
    var object = json
    if isSet { object["set"] = true }
    return object
  }
}

extension JSONObject {
  init(recording fields: [ConfigurationField]) {
    self.init(fields.map { ($0.recordedName, $0.recordedValue) })
  }
}
