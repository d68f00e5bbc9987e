import CanonicalJSON
import Environments
import Events

@testable import Resources

/// Of a bill that is read every charge is counted once; a refusal names a place in it.
func checkBill(_ input: [UInt8]) throws {
  var rest = input[...]
  var sum = BillSum(.tag("environment", rest: .staging))
  do {
    try sum.add("bill.csv") {
      defer { rest = rest.dropFirst(4_096) }
      return Array(rest.prefix(4_096))
    }
    let costs = try sum.costs(
      source: ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 0, count: 32))))
    let parts =
      costs.amounts.values.flatMap(\.values) + costs.leftOut.values.map(\.amount)
    let all = parts.reduce(ExactAmount.zero) { $0.adding($1) ?? $0 }
    try promise(all == costs.total, "\(all) is counted of \(costs.total)")
  } catch let fault as BillFault {
    let isInside = (1...input.count + 2).contains(fault.line) && fault.column >= 1
    try promise(isInside, "outside the file: \(fault)")
  } catch is BillError {
    return  // None of its charges is an environment's.
  }
}
