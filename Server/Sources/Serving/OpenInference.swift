import Descent

/// The Open Inference Protocol, version 2, over HTTP, as Triton's clients speak it.
///
/// Source: KServe, "Predict Protocol - Version 2"; Triton Inference Server's extensions for binary tensors and classification.
struct OpenInference: Sendable {
    let store: ModelStore
    let metrics: ServingMetrics
    let version: String

    /// Answers what lies under `v2`; `path` is what follows it.
    func answer(_ question: HTTPQuestion, _ path: ArraySlice<String>) async throws -> HTTPAnswer {
        switch (question.method, Array(path)) {
        case ("GET", []):
            return .json(
                #"{"name":"descent","version":"\#(version)","extensions":["binary_tensor_data","classification"]}"#
            )
        case ("GET", ["health", "live"]), ("GET", ["health", "ready"]): return HTTPAnswer(body: [])
        case ("GET", ["models"]): return list()
        case (_, let path) where path.first == "models" && path.count >= 2:
            return try await model(question, named: path[1], Array(path.dropFirst(2)))
        case (_, []), (_, ["health", "live"]), (_, ["health", "ready"]), (_, ["models"]):
            throw Self.notAllowed("GET")
        default: throw ServingError(404, "there is nothing at /v2/\(path.joined(separator: "/"))")
        }
    }

    static func notAllowed(_ method: String) -> ServingError {
        var error = ServingError(405, "the method must be \(method)")
        error.allowedMethod = method
        return error
    }

    private func list() -> HTTPAnswer {
        var writer = JSONWriter()
        writer.raw("{\"models\":[")
        writer.elements(.texts(store.names))
        writer.raw("]}")
        return HTTPAnswer(body: writer.bytes)
    }

    private func model(_ question: HTTPQuestion, named name: String, _ rest: [String]) async throws
        -> HTTPAnswer
    {
        var (rest, version) = (rest, String?.none)
        if rest.count >= 2, rest[0] == "versions" {
            version = rest[1]
            rest.removeFirst(2)
        }
        let entry = try store.entry(named: name, version: version)
        switch (question.method, rest) {
        case ("GET", []): return metadata(entry.model)
        case ("GET", ["ready"]): return HTTPAnswer(body: [])
        case ("POST", ["infer"]): return try await infer(question, entry)
        case (_, []), (_, ["ready"]): throw Self.notAllowed("GET")
        case (_, ["infer"]): throw Self.notAllowed("POST")
        default: throw ServingError(404, "a model has no '\(rest.joined(separator: "/"))'")
        }
    }

    private func metadata(_ model: ServedModel) -> HTTPAnswer {
        var writer = JSONWriter()
        writer.raw("{\"name\":")
        writer.string(model.name)
        writer.raw(",\"versions\":[\"\(model.version)\"],\"platform\":\"descent\"")
        for (title, tensors) in [("inputs", model.inputs), ("outputs", model.outputs)] {
            writer.raw(",\"\(title)\":[")
            for (index, tensor) in tensors.enumerated() {
                writer.raw(index == 0 ? "{\"name\":" : ",{\"name\":")
                writer.string(tensor.name)
                let shape = tensor.shape.map(String.init).joined(separator: ",")
                writer.raw(",\"datatype\":\"\(tensor.datatype.rawValue)\",\"shape\":[\(shape)]}")
            }
            writer.raw("]")
        }
        writer.raw("}")
        return HTTPAnswer(body: writer.bytes)
    }

    /// A model that computes one example in less time than a change of tasks costs; nil for others.
    func quickEntry(_ name: String) -> ModelStore.Entry? {
        guard let entry = try? store.entry(named: name), entry.batcher.isQuick(1) else { return nil }
        return entry
    }

    /// The answer of a quick model, by the calling thread; nil where the examples are too many for that.
    func inferDirectly(_ entry: ModelStore.Entry, _ body: [UInt8], headerLength: String?) throws
        -> HTTPAnswer?
    {
        let begin = ContinuousClock.now
        do {
            let request = try Self.request(body, headerLength)
            let examples = try entry.model.examples(of: request.inputs)
            guard entry.batcher.isQuick(examples.count) else { return nil }
            let (predictions, timing) = try entry.batcher.immediatePredictions(for: examples)
            return try answer(predictions, timing, request, entry, begin)
        } catch {
            metrics.failed(entry.model.name)
            throw error
        }
    }

    private static func request(_ body: [UInt8], _ headerLength: String?) throws -> InferenceRequest {
        var length: Int?
        if let headerLength {
            guard let number = Int(headerLength) else {
                throw ServingError(400, "Inference-Header-Content-Length is no number: '\(headerLength)'")
            }
            length = number
        }
        return try body.withUnsafeBytes { bytes throws(ServingError) in
            try InferenceRequest(reading: bytes, headerLength: length)
        }
    }

    private func answer(
        _ predictions: [Prediction], _ timing: ModelBatcher.Timing, _ request: InferenceRequest,
        _ entry: ModelStore.Entry,
        _ begin: ContinuousClock.Instant
    ) throws -> HTTPAnswer {
        let (bytes, length) = try InferenceAnswer(predictions, of: entry.model, to: request).encoded()
        metrics.inferred(
            entry.model.name, timing, took: ContinuousClock.now - begin, classes: predictions.map(\.className)
        )
        guard let length else { return HTTPAnswer(body: bytes) }
        return HTTPAnswer(
            contentType: "application/octet-stream",
            fields: [("Inference-Header-Content-Length", "\(length)")], body: bytes)
    }

    private func infer(_ question: HTTPQuestion, _ entry: ModelStore.Entry) async throws -> HTTPAnswer {
        let begin = ContinuousClock.now
        do {
            let request = try Self.request(question.body, question.fields["inference-header-content-length"])
            let examples = try entry.model.examples(of: request.inputs)
            let (predictions, timing) = try await entry.batcher.predictions(for: examples)
            return try answer(predictions, timing, request, entry, begin)
        } catch {
            metrics.failed(entry.model.name)
            throw error
        }
    }
}
