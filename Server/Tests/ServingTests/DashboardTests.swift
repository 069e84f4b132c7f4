import Foundation
import Testing

@testable import Serving

@Suite("The dashboard asks for what the server counts") struct DashboardTests {
    @Test func names() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("Deployment/grafana.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
        let metrics = ServingMetrics()
        metrics.inferred(
            "digits", ModelBatcher.Timing(queued: .zero, computed: .zero, batchCount: 1), took: .zero,
            classes: ["7"])
        metrics.reloaded("digits", isRefused: false)
        metrics.answered(200)
        let counted = Set(
            metrics.text(inFlight: 1).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
                String(line.prefix { $0 != "{" && $0 != " " })
            })
        let asked = Set(text.matches(of: #/descent_[a-z_]+/#).map { String($0.0) })
        #expect(asked.count >= 8)
        #expect(asked.subtracting(counted).isEmpty, "\(asked.subtracting(counted))")
    }
}
