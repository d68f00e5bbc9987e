import Events

/// A personal value with the place that it is sealed for.
struct Sealing {
  let origin: Origin
  let entry: EntryID
  let place: SealedPlace
  let value: SealedValue

  /// What the ciphertext is bound to.
  var associatedData: [UInt8] {
    Sealed.associatedData(
      origin: origin, entry: entry, index: place.index, pointer: place.pointer)
  }

  var plaintext: [UInt8] { value.salt + value.value }
}
