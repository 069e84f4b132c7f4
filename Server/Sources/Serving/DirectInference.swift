import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers requests for inference on the connection's own event loop, where the model is so fast that a change of tasks would take
/// longer; hands everything else on.
///
/// A model counts as fast by the time of its last computation; until one is known, and for slow ones, requests go the usual way, where
/// those that wait are computed together.
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
    private var head: HTTPRequest?
    private var model = ""
    private var body: [UInt8] = []

    init(
        _ inference: OpenInference, _ limits: ServingLimits, isLoopback: Bool, inFlight: Counter,
        deadline: RequestDeadline
    ) {
        (self.inference, self.limits, self.isLoopback) = (inference, limits, isLoopback)
        (self.inFlight, self.deadline) = (inFlight, deadline)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            // Its own head is counted already.
            guard passedOn == 1, let name = Self.model(of: request), inference.isFast(name) else {
                context.fireChannelRead(data)
                return
            }
            (head, model) = (request, name)
            body.removeAll(keepingCapacity: true)
        case .body(let part):
            guard head != nil else {
                context.fireChannelRead(data)
                return
            }
            body.append(contentsOf: part.readableBytesView)
            // The usual way refuses it.
            if body.count > limits.bodyBytes { passOn(context) }
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

    /// The model of a plain request for inference, whose path has no escapes; nil for any other request.
    private static func model(of request: HTTPRequest) -> String? {
        guard request.method == .post, let path = request.path, path.hasPrefix("/v2/models/"),
            request.headerFields[.contentEncoding] == nil, request.headerFields[.connection] == nil,
            request.headerFields[.expect] == nil
        else { return nil }
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
        guard count <= limits.requestsInFlight else { return nil }
        do {
            try RequestOrigin.check(
                request.headerFields, authority: request.authority, isLoopback: isLoopback)
            return try inference.inferDirectly(
                model, body, headerLength: request.headerFields[Self.headerLength])
        } catch {
            return HTTPAnswer(ServingError(error))
        }
    }

    private func write(_ answer: HTTPAnswer, to request: HTTPRequest, _ context: ChannelHandlerContext) {
        inference.metrics.answered(answer.status)
        var fields = HTTPFields()
        fields[.contentType] = answer.contentType
        fields[.contentLength] = String(answer.body.count)
        fields[.server] = "descent"
        for (name, value) in answer.fields {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        if let given = request.headerFields[Self.requestID], given.utf8.count <= 200 {
            fields[Self.requestID] = given
        }
        let channel = context.channel
        context.write(
            wrapOutboundOut(.head(HTTPResponse(status: .init(code: answer.status), headerFields: fields))),
            promise: nil)
        context.write(wrapOutboundOut(.body(channel.allocator.buffer(bytes: answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // Nothing further down the pipeline reads, so the next request is asked for here.
        context.read()
    }

    private func passOn(_ context: ChannelHandlerContext) {
        guard let request = head else { return }
        head = nil
        context.fireChannelRead(wrapInboundOut(.head(request)))
        context.fireChannelRead(wrapInboundOut(.body(context.channel.allocator.buffer(bytes: body))))
    }

    private static let headerLength = name("Inference-Header-Content-Length")
    static let requestID = name("X-Request-Id")

    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .server }
}

extension DirectInference {
    typealias InboundOut = HTTPRequestPart
}
