import Testing

@testable import Environments

/// Laws of merging, on many generated trees.
@Suite struct MergeTests {
  @Test func `merging under nothing, over nothing and with itself changes no value`() {
    var random = Seeded(seed: 1)
    let empty = SettingMap([], at: place(.base))
    for _ in 0..<200 {
      let map = map(&random, .environment, depth: 3)

      #expect(values(empty.merged(under: map)) == values(map))
      #expect(values(map.merged(under: empty)) == values(map))
      #expect(values(map.merged(under: map)) == values(map))
    }
  }

  @Test func `three layers of one schema give the same whichever two are merged first`() {
    var random = Seeded(seed: 2)
    for _ in 0..<200 {
      let low = map(&random, .base, depth: 3, ofOneSchema: true)
      let middle = map(&random, .environment, depth: 3, ofOneSchema: true)
      let high = map(&random, .application, depth: 3, ofOneSchema: true)

      #expect(
        low.merged(under: middle).merged(under: high)
          == low.merged(under: middle.merged(under: high)))
    }
  }

  @Test func `every value comes from one layer with its place, the upper one if it has any`() {
    var random = Seeded(seed: 3)
    for _ in 0..<200 {
      let low = map(&random, .base, depth: 3)
      let high = map(&random, .environment, depth: 3)
      let lowValues = values(low)
      let highValues = values(high)

      for (path, scalar) in values(low.merged(under: high)) {
        let upper = highValues[path]
        #expect(scalar == upper ?? lowValues[path])
        #expect((scalar.position.layer == .environment) == (upper != nil))
      }
      for (path, scalar) in highValues {
        #expect(values(low.merged(under: high))[path] == scalar)
      }
    }
  }

  /// All scalars by path; items of lists by index.
  private func values(_ map: SettingMap) -> [String: SettingScalar] {
    values(.map(map), at: "")
  }

  private func values(_ node: SettingNode, at path: String) -> [String: SettingScalar] {
    switch node {
    case .scalar(let scalar): [path: scalar]
    case .list(let items, _):
      items.enumerated().reduce(into: [:]) { all, item in
        all.merge(values(item.element, at: "\(path)[\(item.offset)]")) { $1 }
      }
    case .map(let map):
      map.entries.reduce(into: [:]) { all, entry in
        all.merge(values(entry.value, at: "\(path).\(entry.name)")) { $1 }
      }
    }
  }

  /// - Parameter ofOneSchema: Whether a name always has the same kind of value.
  private func map(
    _ random: inout Seeded, _ layer: SourcePosition.Layer, depth: Int, ofOneSchema: Bool = false
  ) -> SettingMap {
    let names = ["a", "b", "c", "d"].filter { _ in Bool.random(using: &random) }
    return SettingMap(
      names.map { name in
        SettingMap.Entry(
          name: name, namePosition: place(layer),
          value: ofOneSchema && name < "c" && depth > 1
            ? .map(map(&random, layer, depth: depth - 1, ofOneSchema: true))
            : node(&random, layer, depth: ofOneSchema ? 0 : depth - 1))
      }, at: place(layer))
  }

  private func node(
    _ random: inout Seeded, _ layer: SourcePosition.Layer, depth: Int
  ) -> SettingNode {
    switch depth == 0 ? 0 : Int.random(in: 0...3, using: &random) {
    case 0:
      .scalar(
        SettingScalar(
          "\(Int.random(in: 0...9, using: &random))", isQuoted: false, at: place(layer)))
    case 1:
      .list(
        (0..<Int.random(in: 0...2, using: &random)).map { _ in
          node(&random, layer, depth: 0)
        }, at: place(layer))
    default: .map(map(&random, layer, depth: depth))
    }
  }

  private func place(_ layer: SourcePosition.Layer) -> SourcePosition {
    SourcePosition(file: "\(layer)", line: 1, column: 1, layer: layer)
  }
}

/// Random numbers that are the same in every run (SplitMix64).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
