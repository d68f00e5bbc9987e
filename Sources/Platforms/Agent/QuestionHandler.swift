import NIOCore

/// Collects a connection's one line and hands it over. A line that is too long or does not come to
/// its end in time closes the connection.
final class QuestionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private static let limitBytes = 4 << 20
  private static let limit = TimeAmount.seconds(10)

  private let answer: @Sendable ([UInt8], any Channel) async -> Void
  private var line: [UInt8] = []
  private var timeout: Scheduled<Void>?
  private var isAsked = false

  init(_ answer: @escaping @Sendable ([UInt8], any Channel) async -> Void) {
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    timeout = context.eventLoop.scheduleTask(in: Self.limit) { channel.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isAsked else { return }  // Nobody asks twice on one connection.
    line += unwrapInboundIn(data).readableBytesView
    if line.last == UInt8(ascii: "\n") {
      isAsked = true
      timeout?.cancel()
      let (question, channel) = (Array(line.dropLast()), context.channel)
      Task { [answer] in await answer(question, channel) }
    } else if line.count > Self.limitBytes {
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    timeout?.cancel()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
