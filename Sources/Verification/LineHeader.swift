/// The header of one line, for the few places that need nothing else of it.
enum LineHeader {
  /// Nil unless the line and its header are in their form.
  static func read(_ line: UnsafeRawBufferPointer) -> HeaderForm? {
    guard line.count <= LineForm.bytesMax, let form = try? LineForm(line) else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: line[form.payload])
    guard let count = Base64Codec.decodedCount(payload) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    return bytes.withUnsafeMutableBytes { room in
      guard Base64Codec.decode(payload, into: room) == nil else { return nil }
      return try? HeaderForm(UnsafeRawBufferPointer(room))
    }
  }
}
