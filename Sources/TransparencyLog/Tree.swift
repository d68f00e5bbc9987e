/// The shape of the tree: which ranges of leaves its nodes stand for.
@usableFromInline
package enum Tree {
  /// The largest number of leaves: 2⁴⁰.
  @usableFromInline
  package static let sizeMax = 1 << 40

  /// The number of leaves of the left subtree of `size` leaves: the largest power of two below it.
  ///
  /// - Precondition: `size` > 1.
  @inlinable
  package static func leftSize(of size: Int) -> Int {
    precondition(size > 1, "a tree of \(size) leaves has no left subtree")
    return 1 << (Int.bitWidth - 1 - (size - 1).leadingZeroBitCount)
  }
}
