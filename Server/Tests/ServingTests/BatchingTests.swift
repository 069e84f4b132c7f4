import Descent
import Foundation
import Synchronization
import Testing

@testable import Serving

/// Says class 0 of everything, its first answer when it is let, and keeps how many examples it was asked about at once.
private final class SlowClassifier: TrainedClassifier {
    let (name, summary) = ("slow", "waits")
    let exampleShape = [2]
    let storedByteCount = 0
    let classNames = ["a", "b"]
    private let gate = DispatchSemaphore(value: 0)
    private let counts = Mutex<[Int]>([])

    func open() { gate.signal() }

    var asked: [Int] { counts.withLock(\.self) }

    func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        let isFirst = counts.withLock { counts in
            counts.append(examples.count)
            return counts.count == 1
        }
        // A test that fails on the way ends all the same.
        if isFirst { _ = gate.wait(timeout: .now() + 20) }
        guard !examples.unscaledFloats.elements.contains(-1) else {
            throw DescentError(.badData, "an example that it does not take", at: "features")
        }
        let scores: [Float] = (0..<examples.count).flatMap { _ in [1, 0] as [Float] }
        return Answers(
            classes: [Int32](repeating: 0, count: examples.count),
            scores: NDArray(shape: [examples.count, 2], elements: scores))
    }

    func evaluate(on examples: LabeledExamples, cancellation: Cancellation?) throws -> Evaluation {
        throw DescentError(.usage, "not evaluated")
    }
}

@Suite("Requests that wait are answered together", .serialized) struct BatchingTests {
    private func rows(_ count: Int, _ value: Float = 0) -> FeatureMatrix {
        .floats(NDArray(shape: [count, 2], elements: [Float](repeating: value, count: 2 * count)))
    }

    /// One computes; the others wait meanwhile, and are then one batch.
    @Test func joined() async throws {
        let model = SlowClassifier()
        let batcher = ModelBatcher(model)
        try await withThrowingTaskGroup(of: (Int, ModelBatcher.Timing).self) { group in
            group.addTask {
                let (found, timing) = try await batcher.predictions(for: rows(1))
                return (found.count, timing)
            }
            try await until { model.asked == [1] }
            for count in [1, 2, 3] {
                group.addTask {
                    let (found, timing) = try await batcher.predictions(for: rows(count))
                    #expect(found.count == count && found.allSatisfy { $0.className == "a" })
                    return (found.count, timing)
                }
            }
            try await until { batcher.waitingCount == 3 }
            try await Task.sleep(for: .milliseconds(60))
            model.open()
            var timings: [ModelBatcher.Timing] = []
            for try await (_, timing) in group { timings.append(timing) }
            #expect(model.asked == [1, 6])
            #expect(timings.map(\.batchCount).sorted() == [1, 6, 6, 6])
            // The queue's time is apart from the computation's.
            #expect(timings.filter { $0.queued > .milliseconds(50) }.count == 3)
            #expect(timings.filter { $0.computed > .milliseconds(50) }.map(\.batchCount) == [1])
        }
    }

    /// A batch is as large as is asked for, and one with an example that is refused spoils no other.
    @Test func boundedAndApart() async throws {
        let model = SlowClassifier()
        let batcher = ModelBatcher(model, largestBatch: 4)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { try await batcher.predictions(for: rows(1)).0.count == 1 }
            try await until { model.asked == [1] }
            for (number, value) in [Float(0), -1, 0].enumerated() {
                group.addTask {
                    do {
                        return try await batcher.predictions(for: rows(2, value)).0.count == 2 && value == 0
                    } catch let error as ServingError {
                        return error.status == 400 && value == -1
                    }
                }
                try await until { batcher.waitingCount == number + 1 }
            }
            model.open()
            for try await isRight in group { #expect(isRight) }
        }
        // The first two of three are one batch of four, which is refused; then each is asked alone.
        #expect(model.asked == [1, 4, 2, 2, 2])
    }

    @Test func aDelayWaitsForCompany() async throws {
        let model = SlowClassifier()
        model.open()
        let batcher = ModelBatcher(model, delay: .milliseconds(500))
        async let first = batcher.predictions(for: rows(1))
        async let second = batcher.predictions(for: rows(1))
        let found = try await (first, second)
        #expect(found.0.1.batchCount == 2 && found.1.1.batchCount == 2)
        #expect(model.asked == [2])
    }

    /// What is computed on the spot follows from the operations, which shapes say.
    @Test func quick() {
        let model = SlowClassifier()
        #expect(ModelBatcher(model, operations: 40_000).isQuick(1))
        #expect(ModelBatcher(model, operations: 40_000).isQuick(100))
        #expect(!ModelBatcher(model, operations: 40_000).isQuick(101))
        #expect(!ModelBatcher(model, operations: .max).isQuick(2))
        #expect(!ModelBatcher(model).isQuick(1))
        #expect(!ModelBatcher(model, operations: 40_000, delay: .milliseconds(1)).isQuick(1))
    }

    private func until(_ holds: () -> Bool) async throws {
        for _ in 0..<2_000 where !holds() { try await Task.sleep(for: .milliseconds(5)) }
        try #require(holds(), "nothing came of it in ten seconds")
    }
}
