import CanonicalJSON
import Events

/// A JSON object that is not what it should be.
struct ShapeError: Error, Hashable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  init(_ key: String, is expected: String) {
    description = "\(key) is not \(expected)"
  }
}

extension JSONObject {
  init(parsing bytes: [UInt8]) throws(ShapeError) {
    do {
      guard case .object(let object) = try JSONValue(parsing: bytes) else {
        throw ShapeError("it is no object")
      }
      self = object
    } catch let error as ShapeError {
      throw error
    } catch {
      throw ShapeError("\(error)")
    }
  }

  func string(_ key: String) throws(ShapeError) -> String {
    guard let value = self[key]?.stringValue else { throw ShapeError(key, is: "a text") }
    return value
  }

  func strings(_ key: String) throws(ShapeError) -> [String] {
    let values = self[key]?.arrayValue?.map(\.stringValue)
    guard let values, !values.contains(nil) else { throw ShapeError(key, is: "a list of texts") }
    return values.compactMap(\.self)
  }

  func bool(_ key: String) throws(ShapeError) -> Bool {
    guard let value = self[key]?.boolValue else { throw ShapeError(key, is: "true or false") }
    return value
  }

  func integer(_ key: String, in range: ClosedRange<Int64>) throws(ShapeError) -> Int64 {
    guard let value = self[key]?.integerValue, range.contains(value) else {
      throw ShapeError(key, is: "a number in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  /// A port, or nil when the key is absent.
  func port(_ key: String) throws(ShapeError) -> Int? {
    self[key] == nil ? nil : Int(try integer(key, in: 1...65_535))
  }

  func object(_ key: String) throws(ShapeError) -> JSONObject {
    guard let value = self[key]?.objectValue else { throw ShapeError(key, is: "an object") }
    return value
  }

  func objects(_ key: String) throws(ShapeError) -> [JSONObject] {
    let values = self[key]?.arrayValue?.map(\.objectValue)
    guard let values, !values.contains(nil) else { throw ShapeError(key, is: "a list of objects") }
    return values.compactMap(\.self)
  }

  func name<Tag>(_ key: String) throws(ShapeError) -> Name<Tag> {
    guard let name = Name<Tag>(rawValue: try string(key)) else {
      throw ShapeError(key, is: "a \(Tag.noun) name")
    }
    return name
  }

  func name(_ key: String) throws(ShapeError) -> InstanceName {
    guard let name = InstanceName(rawValue: try string(key)) else {
      throw ShapeError(key, is: "an instance name")
    }
    return name
  }

  func digest(_ key: String) throws(ShapeError) -> ContentDigest {
    guard let digest = try? ContentDigest(parsing: try string(key)) else {
      throw ShapeError(key, is: "a digest")
    }
    return digest
  }
}
