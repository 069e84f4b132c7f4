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
    private let loader: BatchLoader
    private let network: Sequential
    private var learn: TrainingStep

    init(_ data: Dataset, hidden: Int, batch: Int) {
        network = Sequential {
            Dense(784, hidden, activation: .sigmoid)
            Dense(hidden, 10)
        }
        var random = RandomState(1)
        network.initialize(using: &random)
        learn = TrainingStep(network, optimizer: .sgd(learningRate: 0.1))
        loader = BatchLoader(
            data.train,
            sampler: BatchSampler(
                count: data.train.count, batchSize: batch, lastBatch: .leftOut, random: random))
    }

    mutating func step() {
        // Nothing that is in memory throws.
        guard let batch = try? loader.next() else { return }
        _ = learn(batch)
    }

    func accuracy(on images: LabeledExamples) -> Double {
        let predicted = (try? network.predictions(for: .bytes(images.images)))?.labels ?? []
        let correct = zip(predicted, images.classes).count { $0 == $1 }
        return Double(correct) / Double(images.count)
    }
}
