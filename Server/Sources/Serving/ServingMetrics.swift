import Synchronization

/// What a server counts, written as Prometheus reads it.
///
/// Source: "Exposition formats", Prometheus; the text format, version 0.0.4.
public final class ServingMetrics: Sendable {
    /// The upper bounds of the histograms of time, in seconds.
    static let bounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ]
    static let sizes: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256]

    /// A histogram with a count for each bound and one beyond.
    struct Histogram {
        let bounds: [Double]
        var counts: [Int]
        var sum = 0.0

        init(_ bounds: [Double]) {
            (self.bounds, counts) = (bounds, [Int](repeating: 0, count: bounds.count + 1))
        }

        mutating func add(_ value: Double) {
            counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
            sum += value
        }
    }

    private struct Model {
        var latency = Histogram(bounds)
        var queued = Histogram(bounds)
        var computed = Histogram(bounds)
        var batches = Histogram(sizes)
        var failures = 0
        var classes: [String: Int] = [:]
    }

    private struct State {
        var models: [String: Model] = [:]
        /// By status code.
        var answers: [Int: Int] = [:]
        var reloads: [String: (done: Int, refused: Int)] = [:]
    }

    private let state = Mutex(State())

    /// Creates counters that are all zero.
    public init() {}

    /// Counts an answer of any kind.
    public func answered(_ status: Int) { state.withLock { $0.answers[status, default: 0] += 1 } }

    /// Counts an inference.
    public func inferred(_ model: String, _ timing: ModelBatcher.Timing, took: Duration, classes: [String]) {
        state.withLock { state in
            state.models[model, default: Model()].latency.add(took.seconds)
            state.models[model]?.queued.add(timing.queued.seconds)
            state.models[model]?.computed.add(timing.computed.seconds)
            state.models[model]?.batches.add(Double(timing.batchCount))
            for name in classes { state.models[model]?.classes[name, default: 0] += 1 }
        }
    }

    /// Counts an inference that was refused or failed.
    public func failed(_ model: String) {
        state.withLock { $0.models[model, default: Model()].failures += 1 }
    }

    /// Counts a changed folder that was loaded, or refused.
    public func reloaded(_ model: String, isRefused: Bool) {
        state.withLock { state in
            var count = state.reloads[model] ?? (0, 0)
            if isRefused { count.refused += 1 } else { count.done += 1 }
            state.reloads[model] = count
        }
    }

    /// The text that Prometheus reads. `inFlight`: the requests that are being answered.
    public func text(inFlight: Int) -> String {
        let state = state.withLock(\.self)
        var lines = [
            "# HELP descent_requests_in_flight Requests that are being answered.",
            "# TYPE descent_requests_in_flight gauge",
        ]
        lines.append("descent_requests_in_flight \(inFlight)")
        lines += [
            "# HELP descent_http_responses_total Answers by status code.",
            "# TYPE descent_http_responses_total counter",
        ]
        for (status, count) in state.answers.sorted(by: { $0.key < $1.key }) {
            lines.append("descent_http_responses_total{status=\"\(status)\"} \(count)")
        }
        let models = state.models.sorted { $0.key < $1.key }
        func histogram(_ name: String, _ help: String, _ value: (Model) -> Histogram) {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) histogram"]
            for (model, counts) in models {
                let (label, histogram) = (Self.escaped(model), value(counts))
                var total = 0
                for (bound, count) in zip(histogram.bounds, histogram.counts) {
                    total += count
                    lines.append("\(name)_bucket{model=\"\(label)\",le=\"\(bound)\"} \(total)")
                }
                total += histogram.counts.last ?? 0
                lines.append("\(name)_bucket{model=\"\(label)\",le=\"+Inf\"} \(total)")
                lines.append("\(name)_sum{model=\"\(label)\"} \(histogram.sum)")
                lines.append("\(name)_count{model=\"\(label)\"} \(total)")
            }
        }
        histogram("descent_inference_seconds", "Time from a request to its answer.", \.latency)
        histogram("descent_inference_queue_seconds", "Time that a request waited for the model.", \.queued)
        histogram("descent_inference_compute_seconds", "Time that a batch was computed.", \.computed)
        histogram("descent_inference_batch_size", "Examples that were computed together.", \.batches)
        lines += [
            "# HELP descent_inference_failures_total Inferences that were refused or failed.",
            "# TYPE descent_inference_failures_total counter",
        ]
        for (model, counts) in models {
            lines.append(
                "descent_inference_failures_total{model=\"\(Self.escaped(model))\"} \(counts.failures)")
        }
        lines += [
            "# HELP descent_predictions_total Examples by predicted class.",
            "# TYPE descent_predictions_total counter",
        ]
        for (model, counts) in models {
            for (name, count) in counts.classes.sorted(by: { $0.key < $1.key }) {
                lines.append(
                    "descent_predictions_total{model=\"\(Self.escaped(model))\",class=\"\(Self.escaped(name))\"} \(count)"
                )
            }
        }
        lines += [
            "# HELP descent_model_reloads_total Changed model folders, by what became of them.",
            "# TYPE descent_model_reloads_total counter",
        ]
        for (model, count) in state.reloads.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "descent_model_reloads_total{model=\"\(Self.escaped(model))\",result=\"loaded\"} \(count.done)"
            )
            lines.append(
                "descent_model_reloads_total{model=\"\(Self.escaped(model))\",result=\"refused\"} \(count.refused)"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ label: String) -> String {
        label.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
