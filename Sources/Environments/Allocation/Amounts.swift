/// An amount of processor time, memory and storage: what is needed, or what there is.
package struct Amounts: Hashable, Sendable {
  package let milliCPU: Int
  package let memoryBytes: Int
  package let storageBytes: Int

  package init(milliCPU: Int, memoryBytes: Int, storageBytes: Int) {
    self.milliCPU = milliCPU
    self.memoryBytes = memoryBytes
    self.storageBytes = storageBytes
  }

  package init(_ share: ReplicaShare) {
    self.init(
      milliCPU: share.cpu.milliCPU, memoryBytes: share.memory.bytes,
      storageBytes: share.storage.bytes)
  }

  package static let none = Amounts(milliCPU: 0, memoryBytes: 0, storageBytes: 0)

  /// Sums beyond 64 bits stay at the largest number: no machine has that either.
  package static func + (left: Amounts, right: Amounts) -> Amounts {
    Amounts(
      milliCPU: left.milliCPU.addingOrLargest(right.milliCPU),
      memoryBytes: left.memoryBytes.addingOrLargest(right.memoryBytes),
      storageBytes: left.storageBytes.addingOrLargest(right.storageBytes))
  }

  package static func * (amounts: Amounts, count: Int) -> Amounts {
    Amounts(
      milliCPU: amounts.milliCPU.multipliedOrLargest(count),
      memoryBytes: amounts.memoryBytes.multipliedOrLargest(count),
      storageBytes: amounts.storageBytes.multipliedOrLargest(count))
  }
}

/// One resource of which there is too little.
package struct Shortfall: Hashable, Sendable {
  package let resource: Resource
  package let needed: Int
  package let available: Int

  package enum Resource: String, Hashable, Sendable, CaseIterable {
    case milliCPU
    case memoryBytes
    case storageBytes
  }
}

extension Amounts {
  /// Every resource of which `available` has less than these amounts.
  package func shortfalls(in available: Amounts) -> [Shortfall] {
    Shortfall.Resource.allCases.filter { available[$0] < self[$0] }
      .map { Shortfall(resource: $0, needed: self[$0], available: available[$0]) }
  }

  package subscript(resource: Shortfall.Resource) -> Int {
    switch resource {
    case .milliCPU: milliCPU
    case .memoryBytes: memoryBytes
    case .storageBytes: storageBytes
    }
  }
}

extension Shortfall: CustomStringConvertible {
  /// `memory: 6Gi needed, 4Gi available`.
  package var description: String {
    switch resource {
    case .milliCPU: "cpu: \(Self.cores(needed)) needed, \(Self.cores(available)) available"
    case .memoryBytes: "memory: \(Self.size(needed)) needed, \(Self.size(available)) available"
    case .storageBytes: "storage: \(Self.size(needed)) needed, \(Self.size(available)) available"
    }
  }

  private static func cores(_ milliCPU: Int) -> String {
    CPUQuantity(milliCPU: milliCPU).map { "\($0)" } ?? "\(milliCPU)m"
  }

  private static func size(_ bytes: Int) -> String {
    ByteQuantity(bytes: bytes).map { "\($0)" } ?? "\(bytes)"
  }
}

extension Int {
  fileprivate func addingOrLargest(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  fileprivate func multipliedOrLargest(_ count: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: count)
    return overflow ? .max : product
  }
}
