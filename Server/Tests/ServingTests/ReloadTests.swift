import Descent
import Foundation
import Synchronization
import Testing

@testable import Serving

@Suite("A changed folder is loaded anew") struct ReloadTests {
    @Test("No request is lost meanwhile, and the new weights answer")
    func reload() async throws {
        let fixture = try ModelFixture()
        let body = inferenceBody(ModelFixture.pixels(5))
        try await withServer(fixture) { port in
            let isDone = Flag()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var count = 0
                        while !isDone.value.withLock(\.self) {
                            let reply = try await ask(port, "POST", "/v2/models/digits/infer", body: body)
                            #expect(reply.status == 200, "\(reply.text)")
                            count += 1
                        }
                        return count
                    }
                }
                try fixture.write(seed: 2)
                var version = "1"
                for _ in 0..<200 where version == "1" {
                    try await Task.sleep(for: .milliseconds(50))
                    let model = try await ask(port, "/v2/models/digits")
                    version = (model.json["versions"] as? [String])?.first ?? "1"
                }
                #expect(version == "2")
                isDone.value.withLock { $0 = true }
                var total = 0
                for try await count in group { total += count }
                #expect(total > 0)
            }
            let expected = try fixture.prediction(ModelFixture.pixels(5))
            let reply = try await ask(port, "POST", "/v2/models/digits/infer", body: body)
            let outputs = reply.json["outputs"] as? [[String: Any]] ?? []
            #expect((outputs.last?["data"] as? [Double] ?? []).map { Float($0) } == expected.probabilities)
        }
    }

    @Test("A folder that fails its samples is refused, and the old model stays")
    func refused() async throws {
        let fixture = try ModelFixture()
        try await withServer(fixture) { port in
            let weights = "\(fixture.path)/model.safetensors"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: weights))
            for index in bytes.indices.suffix(400) { bytes[index] ^= 0x15 }
            try bytes.write(to: URL(fileURLWithPath: weights))
            var counters = ""
            for _ in 0..<100 where !counters.contains("result=\"refused\"} 1") {
                try await Task.sleep(for: .milliseconds(50))
                counters = try await ask(port, "/metrics").text
            }
            #expect(counters.contains("descent_model_reloads_total{model=\"digits\",result=\"refused\"} 1"))
            let reply = try await ask(
                port, "POST", "/v2/models/digits/infer", body: inferenceBody(ModelFixture.pixels(5)))
            #expect(reply.status == 200)
            #expect(reply.json["model_version"] as? String == "1")
        }
    }
}

private final class Flag: Sendable {
    let value = Mutex(false)
}
