import CanonicalJSON
import Events

/// An event whose data is part of the format, with the place it came from.
struct GoverningEvent {
  /// Index into the entry's data.
  let index: Int
  let stream: StreamName
  let event: LedgerEvent

  /// The governing events of one entry.
  ///
  /// - Throws: `EntryFormError.dataForm` when one is not as the format has it.
  static func all(
    in body: EntryBody, of header: EntryHeader
  ) throws(EntryFormError) -> [GoverningEvent] {
    var events: [GoverningEvent] = []
    var index = 0
    for run in header.events {
      if run.kind.isGoverning {
        for offset in 0..<run.count {
          events.append(try Self.read(body.data[index + offset], index + offset, run))
        }
      }
      index += run.count
    }
    return events
  }

  private static func read(
    _ data: JSONObject, _ index: Int, _ run: EventRun
  ) throws(EntryFormError) -> GoverningEvent {
    do {
      let event = try LedgerEvent(kind: run.kind, data: data)
      return GoverningEvent(index: index, stream: run.stream, event: event)
    } catch { throw EntryFormError.dataForm(event: index, error) }
  }
}
