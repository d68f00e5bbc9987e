import Cryptography
import Foundation

/// What a person or a program gives that is not to be seen: typed without echo, or piped.
enum HiddenInput {
  /// Of what is typed; longer values are piped.
  private static let lineBytesMax = 4_096

  /// One line from the terminal, without its line feed; nil after Ctrl-C, Ctrl-D or an error.
  ///
  /// Ctrl-C only ends the question meanwhile, so that no terminal is left without echo.
  static func ask(_ question: String) -> SecretBytes? {
    var before = termios()
    guard tcgetattr(0, &before) == 0 else { return nil }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    DescriptorSink(descriptor: 2).write(question)
    guard tcsetattr(0, TCSAFLUSH, &silent) == 0 else { return nil }
    defer {
      tcsetattr(0, TCSAFLUSH, &before)
      DescriptorSink(descriptor: 2).write("\n")
    }
    return line()
  }

  /// stdin to its end, or `limit` bytes of it.
  static func readAll(_ limit: Int) -> SecretBytes {
    SecretBytes(
      [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        count = 0
        while count < limit {
          let got = read(0, buffer.baseAddress.map { $0 + count }, limit - count)
          if got < 0, errno == EINTR { continue }
          guard got > 0 else { return }
          count += got
        }
      })
  }

  private static func line() -> SecretBytes? {
    var isWhole = false
    let typed = [UInt8](unsafeUninitializedCapacity: lineBytesMax) { buffer, count in
      count = 0
      while count < lineBytesMax, read(0, buffer.baseAddress.map { $0 + count }, 1) == 1 {
        let byte = buffer[count]
        if byte == interrupt { return }
        if byte == lineFeed {
          isWhole = true
          return
        }
        count += 1
      }
    }
    let secret = SecretBytes(typed)
    return isWhole ? secret : nil
  }

  private static let interrupt: UInt8 = 3
  private static let lineFeed = UInt8(ascii: "\n")
}
