import Descent
import Synchronization

/// The queue before a model: requests that are waiting while it computes are answered together.
///
/// Nobody waits for company: a request that finds the model idle is answered at once, by the task that brought it, without a
/// change of threads. Those that come meanwhile wait; the first of them then answers all. A delay makes each turn wait first,
/// which is for models whose batches cost little more than single examples.
public final class ModelBatcher: Sendable {
    /// What a request waited and computed.
    public struct Timing: Sendable {
        /// The time in the queue.
        public var queued: Duration
        /// The time of the batch's computation.
        public var computed: Duration
        /// The number of examples in the batch.
        public var batchCount: Int
    }

    private struct Waiting: Sendable {
        var examples: FeatureMatrix
        var since: ContinuousClock.Instant
        var continuation: CheckedContinuation<Turn, Never>
    }

    /// What a waiting request is woken with.
    private enum Turn: Sendable {
        /// Its answer.
        case answered([Prediction], Timing)
        /// The error of its batch.
        case failed(ServingError)
        /// The turn to answer these, of which the first is its own.
        case next([Waiting])
    }

    private struct State {
        var isBusy = false
        var waiting: [Waiting] = []
    }

    private let model: any TrainedClassifier
    private let delay: Duration
    private let largestBatch: Int
    private let state = Mutex(State())

    /// Creates the queue of a model.
    ///
    /// `operations`: those of one example, where they are known; `delay`: how long each turn waits for company; `largestBatch`: the examples that are computed together, unless one request
    /// brings more.
    public init(
        _ model: any TrainedClassifier, operations: Int? = nil, delay: Duration = .zero,
        largestBatch: Int = 256
    ) {
        (self.model, self.operations, self.delay, self.largestBatch) = (
            model, operations, delay, largestBatch
        )
    }

    /// Whether so many examples take so few operations that whoever brings them may compute them on the spot; nothing waits then.
    ///
    /// The operations follow from the model's shapes, never from how long an earlier computation took.
    public func isQuick(_ count: Int) -> Bool {
        guard delay == .zero, let operations else { return false }
        let (total, isTooMany) = operations.multipliedReportingOverflow(by: count)
        return !isTooMany && total <= Self.quickOperations
    }

    /// At most some 200 us of one core with AVX2, where a change of tasks and threads costs tens of them.
    private static let quickOperations = 4_000_000
    /// The operations that one example takes; nil where the shapes do not say it.
    private let operations: Int?

    /// Returns the predictions for some examples, by the calling thread and without a queue.
    func immediatePredictions(for examples: FeatureMatrix) throws -> ([Prediction], Timing) {
        try timed(examples, ContinuousClock.now)
    }

    /// The number of requests that wait.
    public var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Returns the predictions for some examples.
    ///
    /// - Throws: `ServingError` 400 where the model does not take them.
    public func predictions(for examples: FeatureMatrix) async throws -> ([Prediction], Timing) {
        let since = ContinuousClock.now
        let isIdle = state.withLock { state in
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if isIdle {
            if delay > .zero { try? await Task.sleep(for: delay) }
            let company = delay > .zero ? takeWaiting() : []
            return try finish(company, examples, since)
        }
        let turn = await withCheckedContinuation { continuation in
            let waiting = Waiting(examples: examples, since: since, continuation: continuation)
            // The turn may have ended since it was looked at; then it is this one's.
            let isIdle = state.withLock { state in
                guard state.isBusy else {
                    state.isBusy = true
                    return true
                }
                state.waiting.append(waiting)
                return false
            }
            if isIdle { continuation.resume(returning: .next([waiting])) }
        }
        switch turn {
        case .answered(let predictions, let timing): return (predictions, timing)
        case .failed(let error): throw error
        case .next(let batch):
            if delay > .zero { try? await Task.sleep(for: delay) }
            let company = Array(batch.dropFirst()) + (delay > .zero ? takeWaiting() : [])
            return try finish(company, examples, since)
        }
    }

    /// Answers `own` and its company, then gives the turn away.
    private func finish(
        _ company: [Waiting], _ own: FeatureMatrix, _ since: ContinuousClock.Instant
    ) throws -> ([Prediction], Timing) {
        defer { passOn() }
        let begin = ContinuousClock.now
        // One whose examples the model refuses must not spoil the answers of others: then each is asked alone.
        if !company.isEmpty, let all = try? predictions(together: [own] + company.map(\.examples)) {
            let computed = ContinuousClock.now - begin
            let count = all.reduce(0) { $0 + $1.count }
            for (waiting, answer) in zip(company, all.dropFirst()) {
                waiting.continuation.resume(
                    returning: .answered(
                        answer, Timing(queued: begin - waiting.since, computed: computed, batchCount: count)))
            }
            return (all[0], Timing(queued: begin - since, computed: computed, batchCount: count))
        }
        defer {
            for waiting in company { answerAlone(waiting) }
        }
        return try timed(own, since)
    }

    private func answerAlone(_ waiting: Waiting) {
        do {
            let (predictions, timing) = try timed(waiting.examples, waiting.since)
            waiting.continuation.resume(returning: .answered(predictions, timing))
        } catch {
            waiting.continuation.resume(returning: .failed(ServingError(error)))
        }
    }

    private func timed(_ examples: FeatureMatrix, _ since: ContinuousClock.Instant) throws -> (
        [Prediction], Timing
    ) {
        let begin = ContinuousClock.now
        let predictions = try model.predictions(for: examples)
        let computed = ContinuousClock.now - begin
        return (predictions, Timing(queued: begin - since, computed: computed, batchCount: predictions.count))
    }

    private func predictions(together parts: [FeatureMatrix]) throws -> [[Prediction]] {
        let all = try model.predictions(for: parts.joined())
        var start = 0
        return parts.map { part in
            defer { start += part.count }
            return Array(all[start..<start + part.count])
        }
    }

    /// Takes those that wait, up to the largest batch; one at least where there is one.
    private func takeWaiting() -> [Waiting] {
        state.withLock { Self.take(&$0, largestBatch) }
    }

    private static func take(_ state: inout State, _ largestBatch: Int) -> [Waiting] {
        var (count, taken) = (0, 0)
        for waiting in state.waiting {
            guard taken == 0 || count + waiting.examples.count <= largestBatch else { break }
            count += waiting.examples.count
            taken += 1
        }
        let batch = Array(state.waiting.prefix(taken))
        state.waiting.removeFirst(taken)
        return batch
    }

    private func passOn() {
        let next = state.withLock { state -> [Waiting] in
            let batch = Self.take(&state, largestBatch)
            if batch.isEmpty { state.isBusy = false }
            return batch
        }
        next.first?.continuation.resume(returning: .next(next))
    }
}

extension [FeatureMatrix] {
    /// The examples of all one after another; all are of one model's shape, bytes or floats as the model takes them.
    fileprivate func joined() -> FeatureMatrix {
        let shape = [reduce(0) { $0 + $1.count }] + self[0].exampleShape
        // Pictures are bytes, whose scale is the usual one; rows are floats.
        if shape.count > 2 {
            let bytes = flatMap { part in part.unscaledFloats.elements.map { UInt8($0) } }
            return .bytes(NDArray(shape: shape, elements: bytes))
        }
        return .floats(NDArray(shape: shape, elements: flatMap { $0.unscaledFloats.elements }))
    }
}
