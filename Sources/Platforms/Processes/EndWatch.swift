import Dispatch

/// Calls back once when a process has ended, child or not.
///
/// Unchecked because Dispatch does not say that its sources may be shared; this one is set up
/// here, before anyone else has it, and after that only cancelled, which any thread may do.
final class EndWatch: @unchecked Sendable {
  private let source: any DispatchSourceRead

  init(_ process: ProcessHandle, then act: @escaping @Sendable () -> Void) {
    source = DispatchSource.makeReadSource(fileDescriptor: process.descriptor.number)
    source.setEventHandler { [source] in
      source.cancel()
      act()
    }
    source.setCancelHandler { _ = process }  // Holds the descriptor until nobody polls it.
    source.activate()
  }

  deinit { source.cancel() }
}
