import Descent
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import ServiceLifecycle
import Synchronization

/// A server of models over HTTP: the Open Inference Protocol, `POST /predict`, `/metrics` and `/openapi.json`.
///
/// ```swift
/// try await ModelServer(folders: ["runs/latest"]).run()
/// ```
public struct ModelServer: Sendable {
    /// The address that it listens on; only this machine reaches the default one.
    public var hostname = "127.0.0.1"
    /// The port; 0 for one that is free.
    public var port = 8080
    /// What it accepts at most.
    public var limits = ServingLimits()
    /// How often the folders are looked at.
    public var reloadInterval = Duration.seconds(1)
    /// What other targets serve beside the models, such as pages: asked first, after the checks of the origin; nil for an address
    /// that is none of theirs. The store gives them the models.
    public var additionalRoutes: (@Sendable (Request, ModelStore) async throws -> Response?)?
    /// The models.
    public let store: ModelStore
    /// The counters.
    public let metrics: ServingMetrics
    private let logger: Logger

    /// Whether only this machine reaches it.
    public var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(hostname) }

    /// Loads the models of some folders, each under its folder's name, or given as NAME=FOLDER.
    ///
    /// `batchDelay`: how long a model waits for more requests before it computes; none by default.
    ///
    /// - Throws: as `ServedModel.init`.
    public init(
        folders: [String], batchDelay: Duration = .zero, logger: Logger = Logger(label: "descent.server")
    ) throws {
        metrics = ServingMetrics()
        self.logger = logger
        store = try ModelStore(folders: folders, delay: batchDelay, metrics: metrics, logger: logger)
    }

    /// Serves until the task is cancelled or the process gets SIGTERM or SIGINT; requests in flight are finished.
    ///
    /// `started`: called with the port when it listens.
    ///
    /// - Throws: `unavailable` where the address cannot be listened on.
    public func run(started: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) async throws {
        let routes = Routes(store: store, metrics: metrics, limits: limits)
        let responder = ServerResponder(
            routes: routes, metrics: metrics, limits: limits, log: AccessLog(logger),
            additionalRoutes: additionalRoutes, store: store,
            isLoopback: isLoopback)
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: Self.handlers(responder),
            // No idle timeout of the library's: it does not see what is answered on the spot. `RequestDeadline` has one.
            idleTimeout: nil,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: 100))
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        var application = Application(
            responder: responder, server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: .hostname(hostname, port: port), serverName: "descent", backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            onServerRunning: { channel in await started(channel.localAddress?.port ?? 0) }, logger: quiet)
        application.addServices(ReloadService(store: store, interval: reloadInterval))
        do {
            try await application.runService()
        } catch let error as IOError {
            throw cannotListen(String(cString: strerror(error.errnoCode)))
        } catch let error as SocketAddressError {
            throw cannotListen("\(error)")
        }
    }

    private func cannotListen(_ reason: String) -> DescentError {
        DescentError(
            .unavailable, "the address cannot be listened on", at: "\(hostname):\(port)", got: reason,
            advice: "give another `port`, or an address of this machine")
    }
}

extension ModelServer {
    /// The handlers of one connection.
    fileprivate static func handlers(_ responder: ServerResponder) -> [any RemovableChannelHandler] {
        let deadline = RequestDeadline(responder.limits)
        let direct = DirectInference(
            responder.routes.inference, responder.limits, isLoopback: responder.isLoopback,
            inFlight: responder.inFlight, deadline: deadline, log: responder.log)
        // A client that sends and never reads is not read from: its answers would pile up in memory.
        return [BackPressureHandler(), deadline, direct]
    }
}

/// Looks at the models' folders again and again.
private struct ReloadService: Service {
    let store: ModelStore
    let interval: Duration

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: interval)
                store.reloadChanged()
            }
        }
    }
}

/// Hands requests to the routes, within the limits.
private struct ServerResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let routes: Routes
    let metrics: ServingMetrics
    let limits: ServingLimits
    let log: AccessLog
    let additionalRoutes: (@Sendable (Request, ModelStore) async throws -> Response?)?
    let store: ModelStore
    let isLoopback: Bool
    let inFlight = Counter()

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let begin = ContinuousClock.now
        var response = try await answer(request)
        let id = AccessLog.identity(request.headers)
        if let id, let name = AccessLog.requestID { response.headers[name] = id }
        metrics.answered(response.status.code)
        log.answered(
            request.method.rawValue, request.uri.path, response.status.code, since: begin, id: id)
        return response
    }

    private func answer(_ request: Request) async throws -> Response {
        let count = inFlight.add(1)
        defer { inFlight.add(-1) }
        var answer: HTTPAnswer
        do {
            guard count <= limits.requestsInFlight else {
                throw ServingError(
                    503, "\(limits.requestsInFlight) requests are being answered", retryAfter: 1)
            }
            try RequestOrigin.check(
                origin: request.headers[.origin], authority: request.head.authority, isLoopback: isLoopback)
            if let additionalRoutes, let response = try await additionalRoutes(request, store) {
                return response
            }
            let question = try await question(request)
            answer = try await routes.answer(question, inFlight: count)
        } catch let error as HTTPParserError {
            // The server's library answers it and closes the connection.
            throw error
        } catch {
            answer = HTTPAnswer(ServingError(error))
        }
        var headers = HTTPFields()
        headers[.contentType] = answer.body.isEmpty ? nil : answer.contentType
        for (name, value) in answer.fields {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        if answer.status == 413 { headers[.connection] = "close" }
        let isHead = request.method == .head
        if isHead { headers[.contentLength] = "\(answer.body.count)" }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: isHead ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    private func question(_ request: Request) async throws -> HTTPQuestion {
        let path = request.uri.path.split(separator: "/").map {
            String($0).removingPercentEncoding ?? String($0)
        }
        var fields: [String: String] = [:]
        for field in request.headers { fields[field.name.canonicalName] = field.value }
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        if let length = fields["content-length"].flatMap(Int.init), length > limits.bodyBytes {
            throw tooLarge
        }
        var body: [UInt8] = []
        for try await part in request.body {
            guard body.count + part.readableBytes <= limits.bodyBytes else { throw tooLarge }
            body += part.readableBytesView
        }
        if let encoding = fields["content-encoding"], !body.isEmpty {
            body = try CompressedBody.unpacked(body, encoding: encoding, limit: limits.bodyBytes)
        }
        return HTTPQuestion(
            method: request.method == .head ? "GET" : request.method.rawValue, path: path, query: query,
            fields: fields,
            body: body)
    }

    private var tooLarge: ServingError { ServingError(413, "a body of more than \(limits.bodyBytes) bytes") }
}

/// A number that any task may change.
final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    /// Adds, and returns the sum.
    @discardableResult func add(_ number: Int) -> Int {
        value.wrappingAdd(number, ordering: .relaxed).newValue
    }
}
