import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request does not arrive in time, so that slow clients hold no place for ever.
///
/// The idle timeout of the server's library starts anew with every byte, and does not see requests that are answered before they reach
/// it, so it is off. Here the header must be complete some time after the
/// connection begins or the last answer ends, and the body some time after its header. One look each second suffices; a request
/// costs two looks at the clock.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let headerTime: TimeAmount
    private let bodyTime: TimeAmount
    /// When the connection is closed; nil while a complete request is being answered.
    private var deadline: NIODeadline?
    /// The requests whose answers have not ended.
    private(set) var openCount = 0
    private var watch: RepeatedTask?

    init(_ limits: ServingLimits) {
        (headerTime, bodyTime) = (.seconds(Int64(limits.headerSeconds)), .seconds(Int64(limits.bodySeconds)))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = .now() + headerTime
        let (me, channel) = (NIOLoopBound(self, eventLoop: context.eventLoop), context.channel)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            guard let deadline = me.value.deadline, deadline < .now() else { return }
            channel.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        watch?.cancel()
        watch = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.cancel()
        watch = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            openCount += 1
            deadline = .now() + bodyTime
        case .body: break
        case .end: deadline = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            openCount -= 1
            // A body may still be on its way after an answer that refuses it: then its own time goes on.
            if openCount == 0, deadline == nil { deadline = .now() + headerTime }
        }
        context.write(data, promise: promise)
    }
}
