import Arrays
import Autodiff
import ExampleData
import Networks
import Synchronization
import Testing

@testable import Inference

/// Networks with layers that this package does not know, compiled more than once and called by many.
@Suite struct ForeignLayerTests {
    /// Passes its input on and notes how many calls there are at once, and of how many examples.
    private final class Watched: Layer {
        let calls = Mutex((now: 0, most: 0, sizes: [Int]()))

        func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
            calls.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
                $0.sizes.append(x.shape[0])
            }
            let end = ContinuousClock.now + .milliseconds(2)
            while ContinuousClock.now < end {}
            calls.withLock { $0.now -= 1 }
            return x
        }
    }

    /// Asks another compiled network before it passes its input on.
    private struct Asking: Layer {
        let other: CompiledNetwork

        func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
            _ = try? other(NDArray(shape: [1, 2], repeating: 1))
            return x
        }
    }

    /// Both networks have the same layer, and each would run it beside the other.
    @Test func aLayerOfTwoNetworksIsRunByOneThreadAtATime() async throws {
        let layer = Watched()
        let networks = try [layer.compiled(for: [2]), Sequential([layer]).compiled(for: [2])]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<10 { _ = try networks[task % 2](NDArray(shape: [1, 2], repeating: 1)) }
                }
            }
            try await group.waitForAll()
        }
        let calls = layer.calls.withLock { $0 }
        #expect(calls.most == 1 && calls.sizes.count >= 80)
    }

    @Test(.timeLimit(.minutes(1))) func aLayerMayAskANetworkOfItsKind() throws {
        let layer = Watched()
        let network = try Asking(other: layer.compiled(for: [2])).compiled(for: [2])
        let before = layer.calls.withLock { $0.sizes.count }
        #expect(try network(NDArray(shape: [1, 2], repeating: 3)).elements == [3, 3])
        #expect(layer.calls.withLock { $0.sizes.count } == before + 1)
    }

    /// The activations of all examples at once may be more than the memory holds.
    @Test func manyExamplesGoThroughInChunks() throws {
        let layer = Watched()
        let network = try layer.compiled(for: [2])
        layer.calls.withLock { $0.sizes = [] }
        let input = NDArray<Float>(shape: [2500, 2], elements: (0..<5000).map { Float($0) })
        let output = try network(input)
        #expect(output.shape == [2500, 2] && output.elements == input.elements)
        #expect(layer.calls.withLock { $0.sizes } == [1000, 1000, 500])
    }

    @Test func noExamplesHaveTheProbabilitiesOfAllClasses() throws {
        let network = try Sequential { Dense(2, 3) }.compiled(for: [2])
        let rows = FeatureMatrix.bytes(NDArray<UInt8>(shape: [4, 2], repeating: 1))
        let none = try network.predictions(for: rows, rows: 1..<1, probabilities: true)
        #expect(none.probabilities?.shape == [0, 3] && none.labels.isEmpty)
        let empty = NDArray<Float>(shape: [0, 2], elements: [])
        #expect(try network.predictions(for: empty, probabilities: true).probabilities?.shape == [0, 3])
    }

    /// Each ends its program with both numbers.
    @Test func labelsAreAsManyAsExamples() async {
        func says(_ words: String, _ result: ExitTest.Result?) -> Bool {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self).contains(words)
        }
        let few = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rows = FeatureMatrix.bytes(NDArray<UInt8>(shape: [4, 2], repeating: 1))
            _ = try Sequential { Dense(2, 3) }.predictions(for: rows, labels: [0, 1])
        }
        #expect(says("2 labels for 4 examples", few))
        let many = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let examples = NDArray<Float>(shape: [1, 2], repeating: 1)
            _ = try Sequential { Dense(2, 3) }.compiled(for: [2]).predictions(for: examples, labels: [0, 1])
        }
        #expect(says("2 labels for 1 examples", many))
        let session = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try InferenceSession(Sequential { Dense(2, 3) }, for: [2])
                .predictions(for: TwoTargets(), loss: .crossEntropy)
        }
        #expect(says("2 labels for 1 examples", session))
        let outside = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rows = FeatureMatrix.bytes(NDArray<UInt8>(shape: [4, 2], repeating: 1))
            _ = try Sequential { Dense(2, 3) }.predictions(for: rows, rows: 2..<6)
        }
        #expect(says("rows 2..<6 of 4 examples", outside))
    }
}

/// One example with two targets.
private struct TwoTargets: ExampleSource {
    let count = 1
    let exampleShape = [2]
    let targets = Targets.classes([0, 1])
    let classNames = ["a", "b"]
    let contentChecksum = ""
    func features(of rows: [Int32]) -> FeatureMatrix {
        .floats(NDArray(shape: [rows.count, 2], repeating: 1))
    }
}
