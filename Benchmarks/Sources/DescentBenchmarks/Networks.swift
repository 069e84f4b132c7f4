import Descent

extension Benchmark {
    /// The convolutional networks, each trained and used, with the ratios to the best peer that are asked for.
    static var networks: [Benchmark] {
        [
            NetworkGoals(
                name: "lenet", training: 60_000 / 22_900, batch100: 200_000 / 124_600, batch1: 44 / 15),
            NetworkGoals(
                name: "simple-conv", training: 45_000 / 13_500, batch100: 160_000 / 113_200, batch1: 27 / 15),
            NetworkGoals(
                name: "deep-conv", training: 6000 / 4490, trainingInHalf: 9000 / 6500, batch100: 1,
                batch1: 59 / 50),
            NetworkGoals(
                name: "wide-conv", training: 4300 / 2360, trainingInHalf: 6000 / 3500, batch100: 1,
                batch100InHalf: 24_000 / 16_400, batch1: 89 / 80),
        ].flatMap { goals in
            [Precision.float32, .bfloat16].map { training(goals, $0) }
                + [inference(goals, batch: 100, .float32), inference(goals, batch: 100, .bfloat16)]
                + [inference(goals, batch: 1, .float32)]
        }
    }

    private static func name(_ what: String, _ network: String, _ precision: Precision) -> String {
        "\(what)\(precision == .bfloat16 ? " in bf16" : ""): \(network)"
    }

    /// Steps of Adam on random batches of 128 images.
    private static func training(_ goals: NetworkGoals, _ precision: Precision) -> Benchmark {
        let batch = 128
        let halves = precision == .bfloat16
        return Benchmark(
            name: name("training", goals.name, precision),
            unit: .perSecond(items: Double(batch), of: "images"),
            askedRatio: halves ? goals.trainingInHalf : goals.training, usesThreads: false,
            peers: (halves
                ? [
                    ("pytorch_network", "bf16"), ("pytorch_network", "channels-last-bf16"),
                    ("pytorch_network", "compiled-bf16"), ("tensorflow_network", "bf16"),
                ]
                : [
                    ("pytorch_network", "eager"), ("pytorch_network", "channels-last"),
                    ("pytorch_network", "compiled"), ("tensorflow_network", "function"),
                    ("tensorflow_network", "xla"),
                ]).map { script, variant in
                    goals.peer(script, "train", batch: batch, variant: variant)
                }
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            var learner = try NetworkTraining(goals.name, data.train, batch: batch, precision: precision)
            return .body({ learner.step() }, accuracy: { learner.accuracy(on: data.test) })
        }
    }

    /// The network's scores for test images that lie in memory as floats.
    private static func inference(_ goals: NetworkGoals, batch: Int, _ precision: Precision) -> Benchmark {
        let halves = precision == .bfloat16
        return Benchmark(
            name: name("inference, batch \(batch)", goals.name, precision),
            unit: batch == 1 ? .microseconds : .perSecond(items: Double(batch), of: "images"),
            askedRatio: batch == 1 ? goals.batch1 : halves ? goals.batch100InHalf : goals.batch100,
            usesThreads: false,
            peers: (halves
                ? [("pytorch_network", "channels-last-bf16")]
                : [
                    ("onnx_network", "bound"), ("onnx_network", "one-thread"), ("pytorch_network", "eager"),
                    ("pytorch_network", "channels-last"),
                ]).map { script, variant in
                    goals.peer(script, "infer", batch: batch, variant: variant)
                }
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let images = try DatasetSource.mnist.read(directory: folder).test.images[0..<batch]
            let network = try Architecture(named: goals.name, inputs: 784, classes: 10).makeNetwork(seed: 1)
            let input = NDArray<Float>(
                shape: [batch, 784], elements: images.elements.map { Float($0) / 255 })
            let model = try network.compiled(for: [784], precision: precision)
            return .body { precondition((try? model(input))?.count == 10 * batch) }
        }
    }
}

/// A network by its name, and how many times as good as the best peer it is asked to be; nil where nothing is.
private struct NetworkGoals {
    let name: String
    var training: Double?
    var trainingInHalf: Double?
    var batch100: Double?
    var batch100InHalf: Double?
    var batch1: Double?

    func peer(_ script: String, _ work: String, batch: Int, variant: String) -> Peer {
        Peer(
            script: script,
            job: .values([
                "--network", name, "--work", work, "--batch", String(batch), "--variant", variant,
            ]))
    }
}
