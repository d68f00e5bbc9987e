/// The header of one line, for the few places that need nothing else of it.
enum LineHeader {
  /// Nil unless the line and its header are in their form.
  static func read(_ line: UnsafeRawBufferPointer) -> HeaderForm? {
    guard line.count <= LineForm.bytesMax, let form = try? LineForm(line),
      let bytes = try? Base64Codec.decoded(UnsafeRawBufferPointer(rebasing: line[form.payload]))
    else { return nil }
    return bytes.withUnsafeBytes { try? HeaderForm($0) }
  }
}
