import Descent

extension Benchmark {
    /// The notebook's training step, the drawing of its batch included: 784-50-10, sigmoid, softmax with
    /// cross-entropy, SGD, 100 of MNIST's 60,000 images.
    static var trainingStep: Benchmark {
        Benchmark(
            name: "training step 784-50-10, batch 100", unit: .perSecond(items: 1, of: "steps"),
            peers: [
                Peer(script: "numpy_notebook"), Peer(script: "numpy_float32"), Peer(script: "pytorch_step"),
                Peer(script: "jax_jit"), Peer(script: "jax_scan"),
            ]
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            var timed = Training(data)
            return .body(
                { timed.step() },
                accuracy: {
                    var fresh = Training(data)
                    for _ in 0..<Peer.stepsInAll { fresh.step() }
                    return fresh.accuracy(on: data.test)
                })
        }
    }
}

/// A network that learns, one step for each call.
private struct Training {
    private let inputs: ByteRows
    private let labels: [Int32]
    private let network = Sequential {
        Dense(784, 50, activation: .sigmoid)
        Dense(50, 10)
    }
    private var learn: TrainingStep
    private var random = RandomState(1)
    /// Drawn one step ahead, as `Trainer` has them, so that they are fetched meanwhile.
    private var next: [Int32] = []

    init(_ data: Dataset) {
        inputs = ByteRows(data.train.images)
        labels = data.train.labels.elements.map { Int32($0) }
        network.initialize(using: &random)
        learn = TrainingStep(network, optimizer: .sgd(learningRate: 0.1))
        next = drawRows()
    }

    private mutating func drawRows() -> [Int32] {
        random.randint(0, inputs.count, shape: [100]).elements.map { Int32($0) }
    }

    mutating func step() {
        let rows = next
        next = drawRows()
        _ = learn(inputs, labels: labels, rows: rows, nextRows: next)
    }

    func accuracy(on images: LabeledImages) -> Double {
        let predicted = predict(network, ByteRows(images.images)).labels
        let correct = zip(predicted, images.labels.elements).count { $0 == Int32($1) }
        return Double(correct) / Double(images.count)
    }
}
