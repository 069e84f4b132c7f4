import Descent
import Foundation
import Testing

@testable import Serving

@Suite("The Open Inference Protocol") struct InferenceTests {
    @Test("Metadata, with and without a slash at the end", arguments: ["", "/"])
    func metadata(slash: String) async throws {
        try await withServer(ModelFixture()) { port in
            let server = try await ask(port, "/v2\(slash)")
            #expect(server.status == 200)
            #expect(server.json["extensions"] as? [String] == ["binary_tensor_data", "classification"])
            for path in [
                "/v2/health/live", "/v2/health/ready", "/v2/models/digits/ready",
                "/v2/models/digits/versions/1/ready",
            ] {
                #expect(try await ask(port, path + slash).status == 200, "\(path)")
            }
            let model = try await ask(port, "/v2/models/digits\(slash)")
            #expect(model.json["name"] as? String == "digits")
            let inputs = model.json["inputs"] as? [[String: Any]]
            #expect(inputs?.first?["shape"] as? [Int] == [-1, 28, 28])
        }
    }

    @Test("Every answer that is not 200 is JSON with `error`")
    func errors() async throws {
        try await withServer(ModelFixture()) { port in
            for (method, path, status) in [
                ("GET", "/v2/models/none", 404), ("GET", "/v2/models/digits/versions/9", 404),
                ("GET", "/v2/none", 404),
                ("GET", "/v2/models/digits/infer", 405), ("POST", "/v2/models/digits", 405),
                ("DELETE", "/v2", 405),
                ("GET", "/v2/models/..%2Fdigits", 404), ("GET", "/v2/models/%2e%2e/ready", 404),
                ("GET", "/none", 404),
                ("POST", "/v2/models/digits/infer", 400), ("POST", "/predict", 400),
                ("POST", "/v2/repository/models/digits/load", 404),
            ] {
                let reply = try await ask(port, method, path)
                #expect(reply.status == status, "\(method) \(path): \(reply.text)")
                #expect(reply.json["error"] is String, "\(method) \(path): \(reply.text)")
                if status == 405 { #expect(reply.fields["allow"] != nil) }
            }
        }
    }

    @Test("JSON gets the library's answer, with the request's id and no Content-Type")
    func json() async throws {
        let fixture = try ModelFixture()
        let expected = try fixture.prediction(ModelFixture.pixels(3))
        try await withServer(fixture) { port in
            let reply = try await ask(
                port, "POST", "/v2/models/digits/infer", body: inferenceBody(ModelFixture.pixels(3)),
                fields: ["X-Request-Id: abc"])
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.fields["x-request-id"] == "abc")
            #expect(reply.json["id"] as? String == "7")
            let outputs = reply.json["outputs"] as? [[String: Any]] ?? []
            #expect(outputs.count == 2)
            #expect(outputs.first?["data"] as? [String] == [expected.className])
            let figures = (outputs.last?["data"] as? [Double] ?? []).map { Float($0) }
            #expect(figures == expected.probabilities)
        }
    }

    @Test("Binary tensors and classes")
    func binary() async throws {
        let fixture = try ModelFixture()
        let expected = try fixture.prediction(ModelFixture.pixels(3))
        try await withServer(fixture) { port in
            let head = Array(
                #"{"inputs":[{"name":"image","shape":[1,28,28],"datatype":"UINT8","parameters":{"binary_data_size":784}}],"parameters":{"binary_data_output":true},"outputs":[{"name":"probabilities"}]}"#
                    .utf8)
            let reply = try await ask(
                port, "POST", "/v2/models/digits/infer", body: head + ModelFixture.pixels(3),
                fields: ["Inference-Header-Content-Length: \(head.count)"])
            #expect(reply.status == 200, "\(reply.text)")
            let length = try #require(reply.fields["inference-header-content-length"].flatMap(Int.init))
            let figures = reply.body[length...].withUnsafeBytes { bytes in
                (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
            }
            #expect(figures == expected.probabilities)
            let classes = try await ask(
                port, "POST", "/v2/models/digits/infer",
                body: inferenceBody(
                    ModelFixture.pixels(3),
                    extra: #","outputs":[{"name":"probabilities","parameters":{"classification":2}}]"#))
            let output = (classes.json["outputs"] as? [[String: Any]])?.first
            #expect(output?["shape"] as? [Int] == [1, 2])
            let best = expected.top(1)[0]
            #expect(
                (output?["data"] as? [String])?.first?.hasSuffix(":\(best.className):\(best.className)")
                    == true)
        }
    }

    @Test("Wrong requests are refused in words")
    func wrong() async throws {
        try await withServer(ModelFixture()) { port in
            for body in [
                "{", "[]", "{}", #"{"inputs":[]}"#, #"{"inputs":[{"name":"image"}]}"#,
                #"{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,28,28],"data":[1]}]}"#,
                #"{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,1],"data":[1]}]}"#,
                #"{"inputs":[{"name":"image","datatype":"UINT8","shape":[1],"data":[256]}]}"#,
                #"{"inputs":[{"name":"image","datatype":"UINT9","shape":[1],"data":[2]}]}"#,
                #"{"inputs":[{"name":"image","datatype":"UINT8","shape":[-1],"data":[2]}]}"#,
                #"{"inputs":[{"name":"image","datatype":"UINT8","shape":[4294967296,4294967296],"data":[2]}]}"#,
                #"{"inputs":[{"name":"other","datatype":"UINT8","shape":[1],"data":[2]}]}"#,
                #"{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":9}}]}"#,
            ] {
                let reply = try await ask(port, "POST", "/v2/models/digits/infer", body: Array(body.utf8))
                #expect(reply.status == 400, "\(body): \(reply.text)")
                #expect(reply.json["error"] is String)
            }
        }
    }

    @Test(
        "A fast model's requests are answered on the spot: the same answers, in the requests' order, refusals too"
    )
    func direct() async throws {
        let fixture = try ModelFixture()
        let expected = try (0..<6).map { try fixture.prediction(ModelFixture.pixels($0)).className }
        try await withServer(fixture) { port in
            let path = "/v2/models/digits/infer"
            _ = try await ask(port, "POST", path, body: inferenceBody(ModelFixture.pixels(0)))
            let connection = try Connection(port: port)
            defer { connection.close() }
            for number in 0..<6 {
                connection.send(
                    request(
                        "POST", path, body: inferenceBody(ModelFixture.pixels(number)),
                        fields: ["X-Request-Id: \(number)"]))
                let reply = try #require(await connection.receive())
                #expect(reply.status == 200)
                #expect(reply.fields["x-request-id"] == "\(number)")
                let outputs = reply.json["outputs"] as? [[String: Any]] ?? []
                #expect(outputs.first?["data"] as? [String] == [expected[number]])
            }
            // Refusals of this way: a body that is none, a page of another site.
            for (body, fields, status) in [
                (Array("{".utf8), [], 400), (inferenceBody([1]), [], 400),
                (inferenceBody(ModelFixture.pixels(1)), ["Origin: http://attacker.example"], 403),
            ] {
                connection.send(request("POST", path, body: body, fields: fields))
                let reply = try #require(await connection.receive())
                #expect(reply.status == status, "\(reply.text)")
                #expect(reply.json["error"] is String)
            }
            // Other requests between those of this way, on the same connection.
            connection.send(request("GET", "/v2"))
            #expect(await connection.receive()?.json["name"] as? String == "descent")
            connection.send(request("POST", path, body: inferenceBody(ModelFixture.pixels(1))))
            #expect(await connection.receive()?.status == 200)
        }
    }

    @Test("The document and the counters")
    func documents() async throws {
        try await withServer(ModelFixture()) { port in
            let document = try await ask(port, "/openapi.json")
            #expect(document.json["openapi"] as? String == "3.1.0")
            let paths = document.json["paths"] as? [String: Any] ?? [:]
            #expect(paths.keys.contains("/v2/models/{name}/infer"))
            _ = try await ask(
                port, "POST", "/v2/models/digits/infer", body: inferenceBody(ModelFixture.pixels(1)))
            let counters = try await ask(port, "/metrics")
            #expect(counters.text.contains("descent_inference_seconds_count{model=\"digits\"} 1"))
            #expect(counters.text.contains("descent_predictions_total{model=\"digits\",class="))
        }
    }
}

/// Asks by GET.
func ask(_ port: Int, _ path: String) async throws -> Reply { try await ask(port, "GET", path) }
