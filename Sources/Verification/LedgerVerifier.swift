import CanonicalJSON
import Foundation

/// Verifies a whole ledger, or what came after an earlier verification, from its bytes alone.
///
/// Entries are read, hashed and their signatures checked in chunks, on as many cores as asked for;
/// what needs every entry before it is then judged in position order (``LedgerRules``). The result
/// does not depend on how many cores there were. Memory is that of a few chunks and about 7 bytes
/// an entry, nearly all for its id: 70 MB for ten million.
package struct LedgerVerifier: Sendable {
  /// Tasks that read and check at the same time.
  package var workers: Int
  /// Entries that one task takes at a time.
  package var chunkEntries: Int
  /// The log's key as the caller knew it beforehand, a vkey; nil gives "self-consistent" at best.
  package var pinned: String?
  /// Where an earlier verification ended.
  package var state: VerifiedState?
  /// Entries of which the caller knows that personal values are gone without an erasure: such a
  /// value is counted, and no finding.
  package var givenUp = RangeSet<Int>()

  private static let firstEntries = 16

  package init(
    workers: Int = ProcessInfo.processInfo.activeProcessorCount, chunkEntries: Int = 64,
    pinned: String? = nil, state: VerifiedState? = nil
  ) {
    self.workers = max(workers, 1)
    self.chunkEntries = max(chunkEntries, 1)
    self.pinned = pinned
    self.state = state
  }

  /// Reads all of `source` that is new.
  ///
  /// - Parameter progress: called after each chunk, in order, from one task at a time.
  /// - Throws: ``LedgerReadError`` when the store cannot be read; then nothing is known. Whatever
  /// is
  ///   wrong with the ledger is in the report instead.
  package func verify(
    _ source: any LedgerSource,
    progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in }
  ) async throws(LedgerReadError) -> VerificationReport {
    // After an earlier verification only what is new is derived, and compared.
    let contents = try source.contents(countingRows: state == nil)
    var run = VerificationRun(source, contents: contents, state: state, givenUp: givenUp)
    if !run.isStopped {
      try await judge(&run, progress: progress)
    }
    return try run.finish(pinned: pinned)
  }

  /// Chunks in, facts out, judged in order: at most `workers` chunks are being read, and as many
  /// again may wait for one before them.
  private func judge(
    _ run: inout VerificationRun, progress: @Sendable (VerificationProgress) -> Void
  ) async throws(LedgerReadError) {
    // The first entries register the keys of nearly all others: with them known, every task can
    // check what it reads. They are few, because nothing else happens meanwhile.
    let first = run.chunk(min(chunkEntries, LedgerVerifier.firstEntries))
    try run.take(first.examined().get())
    let outcome = await withTaskGroup(
      of: Result<ExaminedChunk, LedgerReadError>.self
    ) { group -> Result<Void, LedgerReadError> in
      var waiting: [Int: ExaminedChunk] = [:]
      var inFlight = 0
      func fill() {
        while inFlight < workers, !run.isStopped, waiting.count < 2 * workers,
          case let chunk = run.chunk(chunkEntries), !chunk.positions.isEmpty
        {
          group.addTask { chunk.examined() }
          inFlight += 1
        }
      }
      fill()
      while let result = await group.next() {
        inFlight -= 1
        do throws(LedgerReadError) {
          let examined = try result.get()
          waiting[examined.positions.lowerBound] = examined
          fill()
          while let next = waiting.removeValue(forKey: run.size) {
            try run.take(next)
            progress(run.progress)
            if run.isStopped { break }
          }
          fill()
        } catch {
          group.cancelAll()
          return .failure(error)
        }
      }
      return .success(())
    }
    try outcome.get()
  }
}

/// Entries of one chunk, to be examined by one task.
struct Chunk: Sendable {
  let positions: Range<Int>
  let source: any LedgerSource
  let directory: KeyDirectory
  let hasVault: Bool

  func examined() -> Result<ExaminedChunk, LedgerReadError> {
    let examiner = EntryExaminer(source: source, directory: directory, hasVault: hasVault)
    var facts: [EntryFacts] = []
    facts.reserveCapacity(positions.count)
    do throws(LedgerReadError) {
      try source.read(positions) { facts.append(examiner.examine($0)) }
    } catch {
      return .failure(error)
    }
    if let error = examiner.readError { return .failure(error) }
    return .success(ExaminedChunk(positions: positions, facts: facts))
  }
}

struct ExaminedChunk: Sendable {
  let positions: Range<Int>
  let facts: [EntryFacts]
}
