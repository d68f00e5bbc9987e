import Foundation

/// Which of several waiting writers is next: the one who came first.
///
/// It orders; what keeps writers apart is the `flock` that they take in this order. A ticket is a
/// number, and is valid while its byte of the lock's file, beyond the end, is locked: the kernel
/// drops that when the holder dies. The next number stands in the first eight bytes. They are never
/// synced, since no ticket outlives the machine; were they lost, only the order would be.
struct WriterQueue {
  private static let numberBytes = MemoryLayout<UInt64>.size
  private static let firstTicket = 4_096

  let file: FileDescriptor

  func isEmpty() throws(LedgerError) -> Bool {
    try file.firstLocked(from: Self.firstTicket, count: nil) == nil
  }

  /// The next ticket; nil while somebody else draws one.
  func draw() throws(LedgerError) -> Int? {
    guard try file.lockBytes(at: 0, count: Self.numberBytes) else { return nil }
    defer { file.unlockBytes(at: 0, count: Self.numberBytes) }
    let written = try file.read(Self.numberBytes, at: 0)
    let ticket = written.reversed().reduce(0) { $0 << 8 | Int($1) } & 0xFFFF_FFFF_FFFF
    let next = (0..<Self.numberBytes).map { UInt8(truncatingIfNeeded: (ticket + 1) >> (8 * $0)) }
    try file.write(next, at: 0)
    return try file.lockBytes(at: Self.firstTicket + ticket, count: 1) ? ticket : nil
  }

  /// The earliest ticket after `passedOver` and before `ticket` that somebody holds; nil when it is
  /// this one's turn.
  func first(after passedOver: Int, before ticket: Int) throws(LedgerError) -> Int? {
    var first: Int?
    while true {
      let (start, end) = (passedOver + 1, first ?? ticket)
      guard start < end,
        let byte = try file.firstLocked(from: Self.firstTicket + start, count: end - start)
      else { return first }
      // A lock that began before the range is told of with its own beginning.
      first = max(start, byte - Self.firstTicket)
    }
  }

  func leave(_ ticket: Int) { file.unlockBytes(at: Self.firstTicket + ticket, count: 1) }
}
