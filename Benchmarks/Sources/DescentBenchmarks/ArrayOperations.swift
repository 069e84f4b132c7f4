import Descent

extension Benchmark {
    /// What a user writes with arrays of a million normal random numbers, 1000 x 1000, each result in new memory;
    /// peers/numpy_arrays.py does the same with the same numbers.
    static var arrayOperations: [Benchmark] {
        Operands<Float>.benchmarks(scalar: "Float", peerScalar: "float32")
            + Operands<Double>.benchmarks(scalar: "Double", peerScalar: "float64")
    }
}

/// The arrays that the operations work on.
private struct Operands<Scalar: FloatingScalar> {
    let a, b: NDArray<Scalar>
    let mask: NDArray<Bool>

    init() {
        var random = RandomState(1)
        a = random.randn(1000, 1000).asType(Scalar.self)
        b = random.randn(1000, 1000).asType(Scalar.self)
        mask = a .> 0
    }

    /// Each operation by the name that the peer knows it by. The goal of the issue covers the first twelve.
    private static var operations: [(name: String, body: (Operands) -> () -> Void)] {
        [
            ("add", { x in { _ = x.a + x.b } }),
            ("multiply", { x in { _ = x.a * x.b } }),
            ("exp", { x in { _ = exp(x.a) } }),
            ("sigmoid", { x in { _ = sigmoid(x.a) } }),
            ("sum", { x in { _ = x.a.sum() } }),
            ("sum axis 0", { x in { _ = x.a.sum(axis: 0) } }),
            ("sum axis 1", { x in { _ = x.a.sum(axis: 1) } }),
            ("argmax", { x in { _ = x.a.argMax() } }),
            ("matmul", { x in { _ = matmul(x.a, x.b) } }),
            ("transpose-copy", { x in { _ = x.a.T.contiguousCopy() } }),
            ("boolean mask", { x in { _ = x.a[x.mask] } }),
            ("slice assignment", sliceAssignment),
            ("sigmoid by parts", { x in { _ = 1 / (1 + exp(-x.a)) } }),
            ("std", { x in { _ = x.a.std() } }),
            ("cumulative sum", { x in { _ = x.a.cumulativeSum() } }),
            ("sort rows", { x in { _ = x.a.sorted() } }),
            ("sort whole", { x in { _ = x.a.reshaped(to: [1_000_000]).sorted() } }),
        ]
    }

    private static func sliceAssignment(_ x: Operands) -> () -> Void {
        var target = x.a.contiguousCopy()
        return { target[100..<900] = x.b[100..<900] }
    }

    static func benchmarks(scalar: String, peerScalar: String) -> [Benchmark] {
        operations.map { operation in
            Benchmark(
                name: "arrays: \(operation.name), \(scalar)", suite: "arrays", unit: .milliseconds,
                usesThreads: false,
                peers: [
                    Peer(
                        script: "numpy_arrays",
                        job: .rounds(["--operation", operation.name, "--scalar", peerScalar]))
                ]
            ) { _ in .body(operation.body(Operands())) }
        }
    }
}
