import Descent
import Foundation

extension Benchmark {
    /// Residual networks for colour pictures of CIFAR's size: the one that `--model auto` takes for 50,000 of them, and He's
    /// ResNet-20.
    static var residualNetworks: [Benchmark] {
        [
            ResidualNetwork(name: "residual:32,64,128", parameters: 308_266, loss: 2.25),
            ResidualNetwork(name: "residual:16x3,32x3,64x3", parameters: 272_282, loss: 2.50973),
        ].map(\.training)
    }
}

/// A residual network, and what its peers must have too: the number of parameters, and the loss of the first eight pictures with
/// parameters made by a formula.
private struct ResidualNetwork {
    let name: String
    let parameters: Int
    let loss: Float

    private static let (count, batch) = (5120, 128)

    /// Steps of Adam on random batches of 128 pictures.
    var training: Benchmark {
        let peers = [
            ("pytorch_residual", "eager"), ("pytorch_residual", "channels-last"),
            ("pytorch_residual", "compiled"), ("tensorflow_residual", "function"),
            ("tensorflow_residual", "xla"),
        ]
        return Benchmark(
            name: "training on 32x32x3: \(name)", unit: .perSecond(items: Double(Self.batch), of: "images"),
            askedRatio: 2, usesThreads: false,
            peers: peers.map { script, variant in
                Peer(
                    script: script,
                    job: .ownValues([
                        "--network", name, "--batch", String(Self.batch), "--variant", variant,
                        "--parameters", String(parameters), "--loss", String(loss),
                    ]))
            }
        ) { _ in
            let pictures = Self.pictures()
            try check(on: pictures)
            var learner = try NetworkTraining(
                name, pictures, imageShape: [3, 32, 32], batch: Self.batch, precision: .float32)
            return .body({ learner.step() }, accuracy: { learner.accuracy(on: pictures) })
        }
    }

    /// Noise around a colour for each of ten classes; the peers draw the same.
    private static func pictures() -> LabeledExamples {
        var random = RandomState(1)
        var bytes = random.bytes(count * 3072)
        for place in bytes.indices {
            let (label, channel) = (place / 3072 % 10, place % 3072 / 1024)
            bytes[place] = bytes[place] / 2 + UInt8(12 * (label * (channel + 1) % 10))
        }
        return LabeledExamples(
            .bytes(NDArray(shape: [count, 3, 32, 32], elements: bytes)),
            classes: (0..<count).map { Int32($0 % 10) }, classNames: (0..<10).map { "\($0)" })
    }

    /// - Throws: where the peers would be held to another network than ours.
    private func check(on pictures: LabeledExamples) throws {
        let network = try Architecture(named: name, inputs: 3072, imageShape: [3, 32, 32], classes: 10)
            .makeNetwork(seed: 1)
        let trained = network.namedParameters.filter { $0.parameter.isTrainable }
        for (index, named) in trained.enumerated() {
            let base = named.name.hasSuffix("scale") ? 1.0 : 0
            named.parameter.value = NDArray(
                shape: named.parameter.shape,
                elements: (0..<named.parameter.count).map {
                    Float(base + 0.1 * sin(0.7 * Double($0) + Double(index)))
                })
        }
        let (value, _) = valueAndGradients(of: network) { network in
            network(pictures.features, rows: (0..<8).map { Int32($0) }).softmaxCrossEntropy(
                labels: Array(0..<8))
        }
        guard network.parameterCount == parameters, abs(value - loss) <= 1e-4 * loss else {
            throw Subprocess.Failure(
                description: "\(name) has \(network.parameterCount) parameters and a loss of \(value)")
        }
    }
}
