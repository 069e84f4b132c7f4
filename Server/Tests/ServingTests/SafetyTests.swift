import Descent
import Foundation
import Logging
import Testing

@testable import Serving

@Suite("What is refused") struct SafetyTests {
    @Test("Another host's name is refused, as DNS rebinding sends it; so are another page's posts")
    func origins() async throws {
        try await withServer(ModelFixture()) { port in
            for host in [
                "attacker.example", "attacker.example:\(port)", "127.0.0.1.attacker.example",
                "localhost.evil",
            ] {
                #expect(try await ask(port, "GET", "/v2", host: host).status == 403, "\(host)")
            }
            for host in ["localhost:\(port)", "127.0.0.1:\(port)", "127.0.0.1", "[::1]:\(port)", "LOCALHOST"]
            {
                #expect(try await ask(port, "GET", "/v2", host: host).status == 200, "\(host)")
            }
            for origin in ["http://attacker.example", "null", "http://127.0.0.1:1", "https://localhost"] {
                let reply = try await ask(port, "POST", "/predict", body: [1], fields: ["Origin: \(origin)"])
                #expect(reply.status == 403, "\(origin)")
            }
            let own = try await ask(
                port, "POST", "/predict", body: [1], fields: ["Origin: http://127.0.0.1:\(port)"])
            #expect(own.status == 400, "\(own.text)")
        }
    }

    @Test("Bodies and headers beyond the limits")
    func sizes() async throws {
        try await withServer(ModelFixture(), { $0.limits.bodyBytes = 10_000 }) { port in
            let large = try await ask(port, "POST", "/predict", body: [UInt8](repeating: 0, count: 10_001))
            #expect(large.status == 413)
            // A body without a length, in pieces.
            let connection = try Connection(port: port)
            defer { connection.close() }
            connection.send(
                Array("POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
            for _ in 0..<3 {
                connection.send(
                    Array("1000\r\n".utf8) + [UInt8](repeating: 65, count: 4_096) + Array("\r\n".utf8))
            }
            #expect(await connection.receive()?.status == 413)
            // A header beyond the limit is answered by an error, or the connection is closed.
            let header = try Connection(port: port)
            defer { header.close() }
            header.send(
                Array(
                    "GET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n"
                        .utf8))
            let reply = await header.receive()
            #expect(reply == nil || reply?.status == 431 || reply?.status == 400)
            #expect(try await ask(port, "/v2").status == 200)
        }
    }

    @Test("Packed bodies, also those that unpack to more than the limit")
    func packed() async throws {
        try await withServer(ModelFixture(), { $0.limits.bodyBytes = 100_000 }) { port in
            // A megabyte of zeros in gzip, made by the library's zlib.
            let bomb = try #require(Data(base64Encoded: Self.bomb))
            let reply = try await ask(
                port, "POST", "/predict", body: Array(bomb), fields: ["Content-Encoding: gzip"])
            #expect(reply.status == 413, "\(reply.text)")
            let damaged = try await ask(
                port, "POST", "/predict", body: [1, 2, 3], fields: ["Content-Encoding: gzip"])
            #expect(damaged.status == 400)
            let unknown = try await ask(
                port, "POST", "/predict", body: [1, 2, 3], fields: ["Content-Encoding: br"])
            #expect(unknown.status == 415)
        }
    }

    @Test("A picture with more pixels than the limit")
    func pixels() async throws {
        try await withServer(ModelFixture(), { $0.limits.imagePixels = 3 }) { port in
            let image = try #require(Data(base64Encoded: Self.picture))
            let reply = try await ask(port, "POST", "/predict", body: Array(image))
            #expect(reply.status == 400, "\(reply.text)")
        }
    }

    @Test("Slow clients lose their connections; others are answered meanwhile")
    func slow() async throws {
        try await withServer(ModelFixture(), { ($0.limits.headerSeconds, $0.limits.bodySeconds) = (1, 1) }) {
            port in
            let (header, body) = (try Connection(port: port), try Connection(port: port))
            defer {
                header.close()
                body.close()
            }
            header.send(Array("GET /v2 HTTP/1.1\r\nHost: 127".utf8))
            body.send(
                Array("POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nabc".utf8))
            #expect(try await ask(port, "/v2").status == 200)
            // Each sends a byte now and then, so that no connection is ever silent for long.
            for _ in 0..<8 {
                try await Task.sleep(for: .milliseconds(300))
                header.send([65])
                body.send([65])
            }
            let begin = ContinuousClock.now
            #expect(await body.receive()?.status ?? 408 >= 400)
            #expect(await header.receive()?.status ?? 408 >= 400)
            #expect(ContinuousClock.now - begin < .seconds(3))
            #expect(try await ask(port, "/v2").status == 200)
        }
    }

    @Test("Requests beyond those in flight get 503 with Retry-After")
    func inFlight() async throws {
        try await withServer(ModelFixture(), { $0.limits.requestsInFlight = 1 }) { port in
            // One request holds the only place: its body does not end.
            let holder = try Connection(port: port)
            defer { holder.close() }
            holder.send(
                Array("POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nabc".utf8))
            try await Task.sleep(for: .milliseconds(300))
            let reply = try await ask(port, "/v2")
            #expect(reply.status == 503)
            #expect(reply.fields["retry-after"] == "1")
        }
    }

    @Test("A connection whose requests are answered on the spot stays, however long it lasts")
    func busy() async throws {
        try await withServer(ModelFixture(), { $0.limits.headerSeconds = 1 }) { port in
            let connection = try Connection(port: port)
            defer { connection.close() }
            let body = inferenceBody(ModelFixture.pixels(1))
            for number in 0..<12 {
                connection.send(request("POST", "/v2/models/digits/infer", body: body))
                #expect(await connection.receive()?.status == 200, "request \(number)")
                try await Task.sleep(for: .milliseconds(250))
            }
            // One that is silent for longer does not.
            try await Task.sleep(for: .milliseconds(2_500))
            connection.send(request("GET", "/v2"))
            #expect(await connection.receive() == nil)
        }
    }

    @Test("A client that sends and never reads is not read from for ever")
    func unread() async throws {
        try await withServer(ModelFixture()) { port in
            let connection = try Connection(port: port)
            defer { connection.close() }
            let one = request(
                "POST", "/v2/models/digits/infer", body: inferenceBody(ModelFixture.pixels(1)))
            #expect(await connection.sendsStall(one, seconds: 30), "the server takes whatever comes")
            #expect(try await ask(port, "/v2").status == 200)
        }
    }

    @Test("A port that is taken is told in words")
    func taken() async throws {
        try await withServer(ModelFixture()) { port in
            let fixture = try ModelFixture()
            var second = try ModelServer(folders: [fixture.path], logger: Logger(label: "test"))
            second.port = port
            var told: DescentError?
            do {
                try await second.run()
            } catch {
                told = error as? DescentError
            }
            #expect(told?.kind == .unavailable && told?.place == "127.0.0.1:\(port)")
        }
    }

    @Test("Connections beyond the limit wait until one ends")
    func connections() async throws {
        try await withServer(ModelFixture(), { $0.limits.connections = 2 }) { port in
            let holders = [try Connection(port: port), try Connection(port: port)]
            for holder in holders {
                holder.send(request("GET", "/v2"))
                #expect(await holder.receive()?.status == 200)
            }
            let third = try Connection(port: port)
            defer { third.close() }
            third.send(request("GET", "/v2"))
            #expect(!third.isReadable(within: 400))
            holders[0].close()
            #expect(await third.receive()?.status == 200)
            holders[1].close()
        }
    }

    private static let bomb =
        "H4sIAAAAAAACA+3BAQEAAACCIP+vbkhAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAArwaey3kSQEIPAA=="
    private static let picture =
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNgZGJgZgEAAB0ACw21UgYAAAAASUVORK5CYII="
}
