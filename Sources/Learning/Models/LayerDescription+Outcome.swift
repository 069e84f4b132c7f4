import Arrays
import Autodiff
import Networks
import Support

extension LayerDescription {
    /// What is known of a layer before it is made.
    struct Outcome {
        /// The shape of one example afterwards.
        var shape: [Int]
        /// How many numbers the layer learns.
        var parameters: Int
        /// Floating-point operations for one example forward: two for each multiplication with its addition; one for each
        /// number of a window that is pooled, and of an example that only passes through a function.
        var operations: Int
    }

    /// What the layer makes of one example of `shape`, found without making it: sizes from a file may be anything, and
    /// memory is taken only for networks that hold together. No number overflows.
    ///
    /// - Throws: `usage` that says what does not fit.
    func outcome(for shape: [Int]) throws -> Outcome {
        let outcome: Outcome
        do {
            outcome = try fittedOutcome(for: shape)
        } catch let error as DescentError {
            throw error.at(typeName)
        }
        // A layer may keep what there is; only what it makes larger is bounded.
        guard
            ShapeRules.product(outcome.shape) <= max(Self.largestExample, ShapeRules.product(shape))
        else {
            throw DescentError(
                .usage, "the layer makes too much of an example", at: typeName,
                expected: "at most \(Self.largestExample) numbers", got: "\(outcome.shape)")
        }
        return outcome
    }

    private func fittedOutcome(for shape: [Int]) throws -> Outcome {
        let product = ShapeRules.product
        let size = product(shape)
        switch self {
        case .dense(let inputs, let outputs, _):
            let output = try ShapeRules.dense(shape, inputs: inputs, outputs: outputs)
            let weights = product([inputs, outputs])
            return Outcome(shape: output, parameters: weights + outputs, operations: product([2, weights]))
        case .convolution(let channels, let outputs, let windows, let groups, let hasBias, _):
            let output = try ShapeRules.convolution(
                shape, channels: channels, outputs: outputs, windows: windows)
            let weights = product([outputs, channels / groups, windows.kernel.height, windows.kernel.width])
            return Outcome(
                shape: output, parameters: weights + (hasBias ? outputs : 0),
                operations: product([2, weights, output[1], output[2]]))
        case .transposedConvolution(let channels, let outputs, let windows, let groups, _):
            let output = try ShapeRules.transposedConvolution(
                shape, channels: channels, outputs: outputs, windows: windows)
            let weights = product([channels, outputs / groups, windows.kernel.height, windows.kernel.width])
            return Outcome(
                shape: output, parameters: weights + outputs,
                operations: product([2, weights, shape[1], shape[2]]))
        case .maxPooling(let windows), .averagePooling(let windows, _):
            let output = try ShapeRules.pooling(
                shape, windows: windows, takingLargest: self == .maxPooling(windows))
            return Outcome(
                shape: output, parameters: 0,
                operations: product(output + [windows.kernel.height, windows.kernel.width]))
        case .globalAveragePooling:
            return Outcome(shape: try ShapeRules.globalPooling(shape), parameters: 0, operations: size)
        case .batchNormalization(let channels, _, _):
            return Outcome(
                shape: try ShapeRules.batchNormalization(shape, channels: channels),
                parameters: 2 * channels, operations: size)
        case .layerNormalization(let inner, _):
            return Outcome(
                shape: try ShapeRules.layerNormalization(shape, over: inner),
                parameters: product([2, product(inner)]), operations: size)
        case .dropout, .activation: return Outcome(shape: shape, parameters: 0, operations: size)
        case .flatten: return Outcome(shape: [size], parameters: 0, operations: 0)
        case .residual(let body, let projection):
            var inside = Outcome(shape: shape, parameters: 0, operations: size)
            for layer in body { inside.append(try layer.outcome(for: inside.shape)) }
            var around = Outcome(shape: shape, parameters: 0, operations: 0)
            if let projection { around.append(try projection.outcome(for: shape)) }
            let sum = try ShapeRules.sum(inside.shape, around: around.shape)
            inside.append(around)
            inside.shape = sum
            return inside
        case .reshape(let target):
            return Outcome(shape: try ShapeRules.reshape(shape, to: target), parameters: 0, operations: 0)
        }
    }
}

extension LayerDescription.Outcome {
    /// Takes in what follows; sums stay as far from overflow as products.
    mutating func append(_ next: LayerDescription.Outcome) {
        let most = ShapeRules.product([.max])
        shape = next.shape
        parameters = min(most, parameters + min(most, next.parameters))
        operations = min(most, operations + min(most, next.operations))
    }
}
