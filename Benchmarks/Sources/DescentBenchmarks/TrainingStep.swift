import Descent

extension Benchmark {
    /// A training step like the notebook's (784-50-10, batch 100), the drawing of its batch included: sigmoid,
    /// softmax with cross-entropy, SGD, a batch of MNIST's 60,000 images.
    static func trainingStep(hidden: Int, batch: Int, askedRatio: Double) -> Benchmark {
        Benchmark(
            name: "training step 784-\(hidden)-10, batch \(batch)", unit: .perSecond(items: 1, of: "steps"),
            askedRatio: askedRatio,
            peers: ["numpy_notebook", "numpy_float32", "pytorch_step", "jax_jit", "jax_scan"].map {
                Peer(script: $0, sizes: ["--hidden", String(hidden), "--batch", String(batch)])
            }
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            var timed = Training(data, hidden: hidden, batch: batch)
            return .body(
                { timed.step() },
                accuracy: {
                    var fresh = Training(data, hidden: hidden, batch: batch)
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
    private let network: Sequential
    private let batch: Int
    private var learn: TrainingStep
    private var random = RandomState(1)
    /// Drawn one step ahead, as `Trainer` has them, so that they are fetched meanwhile.
    private var next: [Int32] = []

    init(_ data: Dataset, hidden: Int, batch: Int) {
        network = Sequential {
            Dense(784, hidden, activation: .sigmoid)
            Dense(hidden, 10)
        }
        self.batch = batch
        inputs = ByteRows(data.train.images)
        labels = data.train.labels.elements.map { Int32($0) }
        network.initialize(using: &random)
        learn = TrainingStep(network, optimizer: .sgd(learningRate: 0.1))
        next = drawRows()
    }

    private mutating func drawRows() -> [Int32] {
        random.randint(0, inputs.count, shape: [batch]).elements.map { Int32($0) }
    }

    mutating func step() {
        let rows = next
        next = drawRows()
        _ = learn(inputs, labels: labels, rows: rows, nextRows: next)
    }

    func accuracy(on images: LabeledImages) -> Double {
        let predicted = (try? network.predictions(for: ByteRows(images.images)))?.labels ?? []
        let correct = zip(predicted, images.labels.elements).count { $0 == Int32($1) }
        return Double(correct) / Double(images.count)
    }
}
