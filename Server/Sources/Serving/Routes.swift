import Descent

/// What lies at which address.
struct Routes: Sendable {
    let inference: OpenInference
    private let plain: PlainPrediction
    private let metrics: ServingMetrics
    private let store: ModelStore

    init(store: ModelStore, metrics: ServingMetrics, limits: ServingLimits) {
        (self.store, self.metrics) = (store, metrics)
        inference = OpenInference(store: store, metrics: metrics, version: "1")
        plain = PlainPrediction(store: store, metrics: metrics, limits: limits)
    }

    func answer(_ question: HTTPQuestion, inFlight: Int) async throws -> HTTPAnswer {
        switch question.path.first {
        case "v2": return try await inference.answer(question, question.path.dropFirst())
        case "predict" where question.path.count == 1:
            guard question.method == "POST" else { throw OpenInference.notAllowed("POST") }
            return try await plain.answer(question)
        case "metrics" where question.path.count == 1:
            guard question.method == "GET" else { throw OpenInference.notAllowed("GET") }
            return HTTPAnswer(
                contentType: "text/plain; version=0.0.4; charset=utf-8",
                body: Array(metrics.text(inFlight: inFlight).utf8))
        case "openapi.json" where question.path.count == 1:
            guard question.method == "GET" else { throw OpenInference.notAllowed("GET") }
            return .json(OpenAPIDocument.text(models: store.names))
        default: throw ServingError(404, "there is nothing at /\(question.path.joined(separator: "/"))")
        }
    }
}
