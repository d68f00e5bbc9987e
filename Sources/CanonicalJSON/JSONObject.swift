/// Keys and values, kept in the order in which they are written: ascending by the keys' bytes.
///
/// Small by nature (the ledger's objects have a few to some dozens of keys), so it is an array:
/// found by binary search, walked without hashing.
package struct JSONObject: Hashable, Sendable {
  private var members: [Member] = []

  private struct Member: Hashable, Sendable {
    let key: String
    var value: JSONValue

    static func == (left: Member, right: Member) -> Bool {
      UTF8Bytes.areEqual(left.key, right.key) && left.value == right.value
    }

    func hash(into hasher: inout Hasher) {
      UTF8Bytes.hash(key, into: &hasher)
      hasher.combine(value)
    }
  }

  package init() {}

  /// - Precondition: No key twice.
  package init(_ members: some Sequence<(String, JSONValue)>) {
    self.members = members.map { Member(key: $0.0, value: $0.1) }
    self.members.sort { UTF8Bytes.areAscending($0.key, $1.key) }
    for (left, right) in zip(self.members, self.members.dropFirst()) {
      precondition(!UTF8Bytes.areEqual(left.key, right.key), "key \(left.key) stands twice")
    }
  }

  package var isEmpty: Bool { members.isEmpty }
  package var count: Int { members.count }
  /// Ascending by bytes.
  package var keys: [String] { members.map(\.key) }

  /// The value of `key`, nil when absent; setting nil removes it. Absent is not `null`.
  package subscript(key: String) -> JSONValue? {
    get {
      let index = insertionIndex(of: key)
      // Not `? : nil`: that nil would be a JSONValue's, `null`, and absent would read as present.
      guard holds(key, at: index) else { return Optional.none }
      return members[index].value
    }
    set {
      let index = insertionIndex(of: key)
      switch (newValue, holds(key, at: index)) {
      case (let value?, true): members[index].value = value
      case (let value?, false): members.insert(Member(key: key, value: value), at: index)
      case (nil, true): members.remove(at: index)
      case (nil, false): break  // It was absent already.
      }
    }
  }

  /// Adds a member whose key sorts after all others; a reader in canonical order needs no search.
  mutating func append(_ value: JSONValue, for key: String) {
    members.append(Member(key: key, value: value))
  }

  private func holds(_ key: String, at index: Int) -> Bool {
    index < members.count && UTF8Bytes.areEqual(members[index].key, key)
  }

  /// Where `key` is, or would be.
  private func insertionIndex(of key: String) -> Int {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if UTF8Bytes.areAscending(members[middle].key, key) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

extension JSONObject: Sequence {
  package func makeIterator() -> AnyIterator<(key: String, value: JSONValue)> {
    var members = members.makeIterator()
    return AnyIterator { members.next().map { (key: $0.key, value: $0.value) } }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements)
  }
}
