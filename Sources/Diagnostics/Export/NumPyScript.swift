import ArrayFiles
import Arrays
import Autodiff
import Datasets
import ExampleData
import Networks
import Support
import Training

/// A training run as a NumPy script: the same first weights, the same batches, the same rule; its losses agree to about
/// 1e-6 as long as rounding has not grown.
///
/// ```swift
/// try NumPyScript(trainer, network, name: "two-layer", source: .idx("mnist/"), trainCount: 60_000, testCount: 10_000)
///     .write(to: "run.py")
/// ```
public struct NumPyScript {
    /// The source of the script's examples.
    public enum Source: Equatable, Sendable {
        /// Four IDX files in this directory, gzipped or not, under MNIST's names.
        case idx(String)
        /// A file that is written beside the script.
        case npz(Dataset)

        /// Returns whether the script reads the same examples from both.
        public static func == (one: Source, other: Source) -> Bool {
            switch (one, other) {
            case (.idx(let one), .idx(let other)): one == other
            case (.npz(let one), .npz(let other)): one.checksum == other.checksum && one.name == other.name
            default: false
            }
        }
    }

    private let trainer: Trainer
    private let update: NumPyUpdate
    private let layers: [Dense]
    /// The standard deviations of each layer's first weights, in Python.
    private let deviations: [String]
    private let name: String
    private let source: Source
    private let counts: (train: Int, test: Int)

    /// Creates the script of `trainer.fit(network, ...)` on the first `trainCount` examples of the source.
    ///
    /// - Throws: `usage` when the network has other than dense layers, or the run does not begin with new weights.
    public init(
        _ trainer: Trainer, _ network: Sequential, name: String, source: Source, trainCount: Int,
        testCount: Int
    ) throws {
        let known = ["identity", "sigmoid", "tanh", "relu"]
        layers = try network.layers.enumerated().map { index, layer in
            guard let dense = layer as? Dense, known.contains("\(dense.activation)") else {
                let activation = (layer as? Dense).map { " with \($0.activation)" } ?? ""
                throw DescentError(
                    .usage, "only dense layers with common activations become a NumPy script",
                    at: "layer \(index)", expected: "dense with \(known.joined(separator: ", "))",
                    got: "\(type(of: layer))\(activation)",
                    advice: "train such a network, or leave the script out")
            }
            return dense
        }
        deviations = try layers.enumerated().map { index, layer in
            let initializer = layer.weight.initializer
            guard let deviation = initializer.rule.numPyDeviation(inputs: layer.weight.shape[0]) else {
                throw DescentError(
                    .usage, "this initializer is not one that a NumPy script is written for",
                    at: "layer \(index)", expected: "normal, xavier, he or zeros", got: "\(initializer)")
            }
            return deviation
        }
        guard [.crossEntropy, .meanSquaredError].contains(trainer.loss) else {
            throw DescentError(
                .usage, "this loss is not one that a NumPy script is written for", at: "loss",
                expected: "cross-entropy or mean-squared-error", got: "\(trainer.loss)")
        }
        guard trainer.reinitializesWeights else {
            throw DescentError(
                .usage, "only a run from new weights becomes a NumPy script", at: "reinitializesWeights")
        }
        let usual = ["optimizer", "loss", "batch size", "epochs", "seed", "training examples, at most"]
        guard trainer.settings.allSatisfy({ usual.contains($0.name) }) else {
            throw DescentError(
                .usage, "a NumPy script knows the optimiser only", at: "`script`",
                got: trainer.toolsSummary,
                advice: "leave the other tools out")
        }
        guard let update = trainer.optimizer.numPyUpdate else {
            throw DescentError(
                .usage, "this optimizer is not one that a NumPy script is written for", at: "optimizer",
                got: trainer.optimizer.description)
        }
        self.update = update
        self.trainer = trainer
        self.name = name
        self.source = source
        counts = (min(trainCount, trainer.trainLimit ?? trainCount), testCount)
    }

    /// A file that was written.
    public struct Written: Equatable, Sendable {
        /// The file's path.
        public let path: String
        /// The file's size.
        public let byteCount: Int
    }

    /// Writes the script, and the examples beside it (`run.npz` for `run.py`) where it has no other files to read.
    ///
    /// - Returns: the script, and the file that was written beside it.
    /// - Throws: `cannotCreate`, also when a file is there that is no such script, or not one's examples; `inputOutput`.
    @discardableResult
    public func write(to path: String) throws -> [Written] {
        try refuseOthers(at: path)
        var written = [path]
        if case .npz(let data) = source {
            written.append(dataPath(path))
            var file = NPZ()
            for (part, examples) in [("train", data.train), ("test", data.test)] {
                file.set(examples.images, named: "\(part)_images")
                file.set(
                    NDArray(examples.classes.map { UInt8(truncatingIfNeeded: $0) }), named: "\(part)_labels")
            }
            try file.write(to: dataPath(path), compressed: true)
        }
        try AtomicFile.write(text(path), to: path)
        return written.map { Written(path: $0, byteCount: Files.identity($0)?.size ?? 0) }
    }

    /// Refuses to replace anything but a script, and the file beside it except together with one: its name was not given.
    private func refuseOthers(at path: String) throws {
        let isScript = try AtomicFile.replaced(by: path).map { target in
            try Files.identity(target)?.size == 0
                || Files.read(path, limit: 1 << 24).starts(with: NumPyParts.head.utf8.prefix(80))
        }
        var others = isScript == false ? [path] : []
        if case .npz = source, isScript != true, Files.exists(dataPath(path)) {
            others.append(dataPath(path))
        }
        guard let other = others.first else { return }
        throw DescentError(
            .cannotCreate, "a file that no such run has written is in the way", at: other,
            advice: "move it, or give another name to the script")
    }

    private func dataPath(_ path: String) -> String {
        (path.hasSuffix(".py") ? String(path.dropLast(3)) : path) + ".npz"
    }

    /// Returns the script for the path `path`.
    func text(_ path: String) -> String {
        let sizes = [layers[0].weight.shape[0]] + layers.map { $0.weight.shape[1] }
        let activations = layers.map { Self.quoted("\($0.activation)") }.joined(separator: ", ")
        let deviations = deviations.joined(separator: ", ")
        let where_: String
        let loading: String
        switch source {
        case .idx(let directory):
            where_ = "DATA = \(Self.quoted(directory))  # the directory with the four IDX files"
            loading = NumPyParts.idx
        case .npz:
            where_ =
                "DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "
                + "\(Self.quoted(PathText.name(of: dataPath(path)))))"
            loading = NumPyParts.npz
        }
        let mean = trainer.loss != .crossEntropy
        return """
            \(NumPyParts.head)
            # ---- the run -----------------------------------------------------------------------------------------
            \(where_)
            TRAIN, TEST = \(counts.train), \(counts.test)  # how many examples are used
            SIZES = \(sizes)  # numbers an example has before the first layer and after each: \(name.filter { $0 != "\n" })
            ACTIVATIONS = [\(activations)]  # what each layer applies to x w + b; softmax follows the last
            # The weights' first values are normal with these deviations. Too large, and sigmoids saturate; too small,
            # and the signal dies out. 1/sqrt(n) keeps its size before sigmoid and tanh (Glorot and Bengio 2010),
            # sqrt(2/n) before ReLU, which throws half of it away (He et al. 2015).
            DEVIATIONS = [\(deviations)]
            BATCH, EPOCHS, SEED = \(trainer.batchSize), \(trainer.epochs), \(trainer.seed)

            scalar = np.float32  # as Descent computes; float64 gives the same losses to six digits


            \(loading)

            \(NumPyParts.network)

            \(mean ? NumPyParts.meanSquaredError : NumPyParts.crossEntropy)

            \(NumPyParts.gradient)

            # ---- the rule that changes the weights ---------------------------------------------------------------
            \(NumPyParts.update(update))

            \(NumPyParts.training)

            """
    }

    /// Returns a Python string.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
