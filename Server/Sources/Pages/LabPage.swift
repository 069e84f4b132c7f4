import Descent
import Foundation
import HTTPTypes
import Hummingbird
import Lab
import NIOCore
import ServiceLifecycle
import Serving

/// The lab, which the server shows at `/lab`: a network that learns while the page looks on.
///
/// A page posts its settings to `/lab/runs`, listens to the events of its run, and posts what it wants of it. The run ends when the
/// page no longer listens.
public final class LabPage: Sendable {
    private let source: LabSource
    /// The folder for models; nil where the page may write none.
    private let output: String?
    private let desk = LabDesk()

    /// The most bytes that a page posts.
    static let bodyLimit = 256 << 10

    /// Creates the lab. `output`: the folder below which models are written; nil for none.
    public init(_ source: LabSource, output: String? = nil) {
        (self.source, self.output) = (source, output)
    }

    /// The number of runs in progress.
    public var runCount: Int { desk.count }

    /// Ends all runs, and waits until they are over: to be called when the server has ended.
    public func end() async { await desk.endAll() }

    /// Returns the answer to a request for the lab; nil for another path.
    ///
    /// - Throws: `ServingError`, and `DescentError` for settings that are not possible.
    public func response(to request: Request) async throws -> Response? {
        let path = request.uri.path.split(separator: "/").map(String.init)
        let isReading = request.method == .get || request.method == .head
        if isReading, let (name, bytes) = Self.file(at: request.uri.path) {
            return PageFiles.response(to: request, name, bytes)
        }
        guard path.first == "lab" else { return nil }
        switch (request.method, path.count, path.dropFirst().first) {
        case (.get, 2, "data"):
            return try PageFiles.json(
                Offer(
                    data: source.names, ownName: source.ownName, canSave: output != nil,
                    activations: LabSettings.activations, optimizers: LabSettings.optimizers))
        case (.post, 2, "runs"): return try await begin(request)
        case (.get, 4, "runs") where path[3] == "events": return try events(path[2])
        case (.post, 3, "runs"): return try await command(path[2], request)
        case (.post, 2, "method"): return try await method(request)
        default: throw ServingError(404, "there is nothing at \(request.uri.path.prefix(80))")
        }
    }

    private static func file(at path: String) -> (name: String, bytes: [UInt8])? {
        switch path {
        case "/", "/lab", "/lab/": ("lab.html", PackageResources.lab_html)
        case "/page.css": ("page.css", PackageResources.page_css)
        case "/lab.css": ("lab.css", PackageResources.lab_css)
        case "/lab.js": ("lab.js", PackageResources.lab_js)
        case "/lab-run.js": ("lab-run.js", PackageResources.lab_run_js)
        case "/lab-fields.js": ("lab-fields.js", PackageResources.lab_fields_js)
        case "/lab-settings.js": ("lab-settings.js", PackageResources.lab_settings_js)
        case "/lab-plane.js": ("lab-plane.js", PackageResources.lab_plane_js)
        case "/lab-network.js": ("lab-network.js", PackageResources.lab_network_js)
        case "/lab-charts.js": ("lab-charts.js", PackageResources.lab_charts_js)
        case "/lab-slow.js": ("lab-slow.js", PackageResources.lab_slow_js)
        case "/lab-method.js": ("lab-method.js", PackageResources.lab_method_js)
        case "/lab-words.js": ("lab-words.js", PackageResources.lab_words_js)
        default: nil
        }
    }
}

// What a page asks, and what it is told.
extension LabPage {
    private struct Offer: Encodable {
        var data: [String]
        var ownName: String?
        var canSave: Bool
        var activations: [String], optimizers: [String]
    }

    private struct Beginning: Decodable {
        var page: String
        var settings: LabSettings
        var isPaused: Bool?
    }

    private struct Begun: Encodable {
        var id: String
        var description: LabDescription
    }

    private struct Command: Decodable {
        var action: String
        var value: Double?
    }

    private struct Comparison: Decodable {
        var settings: LabSettings
        var method: PlaneMethod
    }

    private func begin(_ request: Request) async throws -> Response {
        let asked = try await Self.posted(Beginning.self, request)
        guard (8...64).contains(asked.page.utf8.count) else {
            throw ServingError(400, "page: a name of 8 to 64 letters expected")
        }
        try asked.settings.check()
        let run = try LabRun(
            asked.settings, on: source.data(for: asked.settings), isPaused: asked.isPaused ?? false)
        try desk.add(run, of: asked.page)
        do {
            return try PageFiles.json(Begun(id: run.id, description: try await desk.begin(run)))
        } catch {
            desk.end(run.id)
            throw error
        }
    }

    private func command(_ id: String, _ request: Request) async throws -> Response {
        let run = try desk.run(id)
        let asked = try await Self.posted(Command.self, request)
        switch asked.action {
        case "pause": run.pause(true)
        case "resume": run.pause(false)
        case "step": run.take(steps: Int(max(1, min(1_000, asked.value ?? 1))))
        case "rate": try run.set(learningRate: asked.value ?? .nan)
        case "pace": try run.set(pace: asked.value ?? .nan)
        case "stop": desk.end(id)
        case "slow":
            let example = Int(max(0, min(1e9, asked.value ?? 0)))
            return try PageFiles.json(try await run.slowMotion(example: example))
        case "save":
            guard let output else {
                throw ServingError(403, "the lab was started without --out: there is no folder for models")
            }
            return try PageFiles.json(["path": try await run.save(in: output)])
        default:
            throw ServingError(400, "action: pause, resume, step, rate, pace, stop, slow or save expected")
        }
        return try PageFiles.json(["action": asked.action])
    }

    private func method(_ request: Request) async throws -> Response {
        let asked = try await Self.posted(Comparison.self, request)
        try asked.settings.check()
        return try PageFiles.json(asked.method.picture(of: source.data(for: asked.settings)))
    }

    /// The run's snapshots, until the page goes or the run ends.
    private func events(_ id: String) throws -> Response {
        let run = try desk.listen(to: id)
        let desk = desk
        let body = ResponseBody { writer in
            defer { desk.end(id) }
            let encoder = JSONEncoder()
            for await snapshot in run.snapshots.cancelOnGracefulShutdown() {
                var buffer = ByteBuffer(string: "data: ")
                buffer.writeBytes(try encoder.encode(snapshot))
                buffer.writeString("\n\n")
                try await writer.write(buffer)
            }
            try await writer.write(ByteBuffer(string: "event: end\ndata: {}\n\n"))
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ], body: body)
    }

    private static func posted<Value: Decodable>(_ type: Value.Type, _ request: Request) async throws
        -> Value
    {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw ServingError(415, "application/json expected")
        }
        let bytes = try await PageFiles.body(of: request, limit: bodyLimit)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw ServingError(400, "the body is not the JSON that is expected here")
        }
    }
}
