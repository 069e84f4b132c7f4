import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers requests for inference on the connection's own event loop, where the model needs so little that a change of tasks would
/// take longer; hands everything else on.
///
/// What is quick follows from the model's operations and the number of examples (`ModelBatcher.isQuick`). Other requests go the
/// usual way, where those that wait are computed together.
final class DirectInference: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    private let inference: OpenInference
    private let limits: ServingLimits
    private let isLoopback: Bool
    private let inFlight: Counter
    /// The requests of this connection that went the usual way and have not ended: answers keep their order.
    private var passedOn: Int { deadline.openCount }
    private let deadline: RequestDeadline
    private let log: AccessLog
    private var begin = ContinuousClock.now
    private var head: HTTPRequest?
    private var fields = Fields()
    private var entry: ModelStore.Entry?
    private var body: [UInt8] = []

    init(
        _ inference: OpenInference, _ limits: ServingLimits, isLoopback: Bool, inFlight: Counter,
        deadline: RequestDeadline, log: AccessLog
    ) {
        (self.inference, self.limits, self.isLoopback) = (inference, limits, isLoopback)
        (self.inFlight, self.deadline, self.log) = (inFlight, deadline, log)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            // Its own head is counted already.
            guard passedOn == 1, let name = Self.model(of: request),
                let fields = Fields(request.headerFields),
                let entry = inference.quickEntry(name)
            else {
                context.fireChannelRead(data)
                return
            }
            (head, self.fields, self.entry) = (request, fields, entry)
            if log.isOn { begin = ContinuousClock.now }
            body.removeAll(keepingCapacity: true)
        case .body(let part):
            guard head != nil else {
                context.fireChannelRead(data)
                return
            }
            body.append(contentsOf: part.readableBytesView)
            // One that is long is read and computed away from the event loop, which has other connections.
            if body.count > Self.bodyBytes { passOn(context) }
        case .end(let trailers):
            guard let request = head else {
                context.fireChannelRead(data)
                return
            }
            guard let answer = answer(to: request) else {
                passOn(context)
                context.fireChannelRead(wrapInboundOut(.end(trailers)))
                return
            }
            head = nil
            write(answer, to: request, context)
        }
    }

    /// A server that ends closes connections on which the next handler knows of no request: it is told of one whose body is still
    /// on its way.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { passOn(context) }
        context.fireUserInboundEventTriggered(event)
    }

    /// The model of a plain request for inference, whose path has no escapes; nil for any other request.
    private static func model(of request: HTTPRequest) -> String? {
        guard request.method == .post, let path = request.path, path.hasPrefix("/v2/models/") else {
            return nil
        }
        let rest = path.utf8.dropFirst(11)
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")), rest[slash...].elementsEqual("/infer".utf8),
            !rest[..<slash].contains(UInt8(ascii: "%"))
        else { return nil }
        return String(rest[..<slash])
    }

    /// The answer, also a refusal; nil where the usual way must answer.
    private func answer(to request: HTTPRequest) -> HTTPAnswer? {
        let count = inFlight.add(1)
        defer { inFlight.add(-1) }
        guard let entry, count <= limits.requestsInFlight else { return nil }
        do {
            try RequestOrigin.check(
                origin: fields.origin, authority: request.authority, isLoopback: isLoopback)
            return try inference.inferDirectly(entry, body, headerLength: fields.headerLength)
        } catch {
            return HTTPAnswer(ServingError(error))
        }
    }

    private func write(_ answer: HTTPAnswer, to request: HTTPRequest, _ context: ChannelHandlerContext) {
        inference.metrics.answered(answer.status)
        // Appended rather than set, which would index them.
        var written = HTTPFields()
        written.append(HTTPField(name: .contentType, value: answer.contentType))
        written.append(HTTPField(name: .contentLength, value: String(answer.body.count)))
        written.append(HTTPField(name: .server, value: "descent"))
        for (name, value) in answer.fields {
            if let name = HTTPField.Name(name) { written.append(HTTPField(name: name, value: value)) }
        }
        if let id = fields.requestID, let name = AccessLog.requestID {
            written.append(HTTPField(name: name, value: id))
        }
        let channel = context.channel
        context.write(
            wrapOutboundOut(.head(HTTPResponse(status: .init(code: answer.status), headerFields: written))),
            promise: nil)
        context.write(wrapOutboundOut(.body(channel.allocator.buffer(bytes: answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if log.isOn {
            let path = request.path?.prefix { $0 != "?" } ?? ""
            log.answered(
                request.method.rawValue, String(path), answer.status, since: begin, id: fields.requestID)
        }
        // Nothing further down the pipeline reads, so the next request is asked for here.
        context.read()
    }

    /// The bytes of a body that is read on the spot: a picture of 100 x 100 as JSON, at most some 100 us.
    private static let bodyBytes = 64 << 10

    private func passOn(_ context: ChannelHandlerContext) {
        guard let request = head else { return }
        head = nil
        context.fireChannelRead(wrapInboundOut(.head(request)))
        context.fireChannelRead(wrapInboundOut(.body(context.channel.allocator.buffer(bytes: body))))
    }

    /// What of a request's header fields matters here, found in one pass.
    private struct Fields {
        var headerLength: String?
        var requestID: String?
        var origin: String?

        init() {}

        /// nil where the usual way must answer: packed bodies, connections that end, bodies that wait for leave.
        init?(_ fields: HTTPFields) {
            for field in fields {
                switch field.name.canonicalName {
                case "inference-header-content-length": headerLength = field.value
                case "x-request-id": requestID = AccessLog.identity(field.value)
                case "origin": origin = field.value
                case "content-encoding", "connection", "expect": return nil
                default: break
                }
            }
        }
    }
}

extension DirectInference {
    typealias InboundOut = HTTPRequestPart
}
