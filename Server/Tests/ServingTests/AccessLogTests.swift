import Logging
import Synchronization
import Testing

@testable import Serving

/// Keeps what is logged.
private struct RecordingLog: LogHandler {
    final class Lines: Sendable {
        let all = Mutex<[Logger.Metadata]>([])
    }

    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        if event.message == "request" { lines.all.withLock { $0.append(event.metadata ?? [:]) } }
    }
}

@Suite("Each request has its line in the log") struct AccessLogTests {
    @Test("On the spot and on the usual way, refusals too, with the request's identity")
    func lines() async throws {
        let lines = RecordingLog.Lines()
        let logger = Logger(label: "test") { _ in RecordingLog(lines: lines) }
        try await withServer(ModelFixture(), logger: logger) { port in
            let body = inferenceBody(ModelFixture.pixels(1))
            let path = "/v2/models/digits/infer"
            _ = try await ask(port, "POST", path, body: body, fields: ["X-Request-Id: one"])
            _ = try await ask(port, "POST", path, body: [1], fields: ["X-Request-Id: two"])
            _ = try await ask(port, "GET", "/v2?a=b")
            let reply = try await ask(port, "GET", "/gone", fields: ["X-Request-Id: four"])
            #expect(reply.fields["x-request-id"] == "four")
        }
        let found = lines.all.withLock { lines in
            lines.map { line in
                ["method", "path", "status", "request-id"].map { line[$0]?.description ?? "-" }
            }
        }
        #expect(
            found == [
                ["POST", "/v2/models/digits/infer", "200", "one"],
                ["POST", "/v2/models/digits/infer", "400", "two"],
                ["GET", "/v2", "200", "-"], ["GET", "/gone", "404", "four"],
            ])
    }

    @Test(
        "An identity that could look like another field is not repeated",
        arguments: [
            ("a-7/b", true), ("a b", false), ("a=b", false), ("\"", false), ("é", false), ("\n", false),
            (String(repeating: "x", count: 200), true), (String(repeating: "x", count: 201), false),
        ])
    func identities(text: String, isRepeated: Bool) {
        #expect(AccessLog.identity(text) == (isRepeated ? text : nil))
    }
}
