/// Processor time per second, in thousandths of a core: Kubernetes' `cpu`.
///
/// `500m`, `0.5` and `.5` of a core are one value. Never less than one thousandth, which is also
/// the finest step that Kubernetes knows.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
package struct CPUQuantity: Hashable, Sendable {
  /// 1...10,000,000: up to ten thousand cores.
  package let milliCPU: Int

  package static let range = 1...10_000_000

  package init?(milliCPU: Int) {
    guard Self.range.contains(milliCPU) else { return nil }
    self.milliCPU = milliCPU
  }

  /// - Parameter text: `2`, `0.5` or `500m`.
  package init(parsing text: String) throws(QuantityError) {
    let isMilli = text.hasSuffix("m")
    let amount = isMilli ? String(text.dropLast()) : text
    guard let number = DecimalNumber(amount) else {
      throw Self.suffixes.contains { text.hasSuffix($0) } ? .notForCPU : .form
    }
    switch number.times(isMilli ? 1 : 1_000) {
    case .whole(let value):
      guard let quantity = CPUQuantity(milliCPU: value) else { throw .range }
      self = quantity
    case .fraction: throw .fraction
    case .tooLarge: throw .range
    }
  }

  private static let suffixes = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "k", "M", "G", "T", "P", "E"]
}

extension CPUQuantity: Comparable {
  package static func < (left: CPUQuantity, right: CPUQuantity) -> Bool {
    left.milliCPU < right.milliCPU
  }
}

extension CPUQuantity: CustomStringConvertible {
  /// The one spelling that is recorded: whole cores as `2`, everything else as `1500m`.
  package var description: String {
    milliCPU.isMultiple(of: 1_000) ? "\(milliCPU / 1_000)" : "\(milliCPU)m"
  }
}

/// Why a text is not a quantity.
package enum QuantityError: Error, Hashable, Sendable {
  /// Not a number, or a suffix that is none.
  case form
  /// A suffix of memory on processor time.
  case notForCPU
  /// `m` on memory or storage: thousandths of a byte, which nobody means.
  case milliBytes
  /// A suffix of another style: `MB`, `gb`, `mi`. Holds what was probably meant.
  case suffix(suggestion: String)
  /// More precise than thousandths of a core, or than whole bytes.
  case fraction
  /// Zero, negative, or beyond what any machine has.
  case range
}
