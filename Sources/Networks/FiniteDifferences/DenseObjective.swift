import Arrays
import Autodiff
import CKernels
import ExampleData
import Support

/// The objective of a network of dense layers, without a tape and without allocations: each thread has the parameters and
/// every layer's activations in a buffer of its own and computes whole forward passes by itself.
///
/// Rows that are mostly zero are multiplied without their zeros, as in training.
package final class DenseObjective: BatchObjective {
    /// Weight and bias of each layer, first to last.
    package let parameters: [Parameter]
    private let labels: [Int32]
    private let lossCode: Int32
    private let layers: [ck_pass_layer]
    private let batch: Examples
    /// Of each parameter where it begins and how its rows lie: element e is at start + e / columns * stride + e % columns.
    private let layouts: [(start: Int, columns: Int, stride: Int)]
    private let total: Int
    /// One buffer for each thread, each of `total` doubles from a multiple of 64 bytes.
    private let buffers: [UnsafeMutablePointer<Double>]

    /// The examples, whole or without their zeros.
    private struct Examples {
        var starts: [Int32] = [0]
        var columns: [Int32] = []
        var entries: [Double] = []
        var dense: [Double] = []
    }

    /// Creates the objective of the examples `rows` of `inputs`; nil for a network that is not a sequence of at least one
    /// dense layer with trainable parameters and an element-wise activation, for a loss other than cross-entropy and mean
    /// squared error, or for more than 4,096 rows.
    ///
    /// `skipsZeros`: whether rows without their zeros are used where the inputs have them.
    ///
    /// - Precondition: as for `TapeObjective`.
    package init?(
        _ network: any Layer, loss: Loss, inputs: FeatureMatrix, rows: [Int32], labels: [Int32],
        skipsZeros: Bool = true
    ) {
        require(
            !rows.isEmpty && rows.count == labels.count, "\(labels.count) labels for \(rows.count) rows")
        guard let sequence = network as? Sequential, !sequence.layers.isEmpty,
            rows.count <= Int(CK_PASS_MAX_ROWS)
        else { return nil }
        guard loss == .crossEntropy || loss == .meanSquaredError else { return nil }
        lossCode = loss == .crossEntropy ? 0 : 1
        var (layers, layouts, parameters): ([ck_pass_layer], [(Int, Int, Int)], [Parameter]) = ([], [], [])
        var end = 0
        func reserve(_ count: Int) -> Int {
            defer { end += (count + 7) / 8 * 8 }
            return end
        }
        var width = inputs.featureCount
        for layer in sequence.layers {
            // Frozen parameters are not among those that can be moved.
            guard let dense = layer as? Dense, dense.weight.shape[0] == width,
                let activation = dense.activation.kernel, dense.weight.isTrainable, dense.bias.isTrainable
            else { return nil }
            let outputs = dense.weight.shape[1]
            let stride = (outputs + 7) / 8 * 8
            let (weights, bias) = (reserve(width * stride), reserve(stride))
            layers.append(
                ck_pass_layer(
                    inputs: width, outputs: outputs, stride: stride,
                    activation: activation.code, parameter: activation.parameter,
                    weights: weights, bias: bias, values: reserve(rows.count * stride)))
            layouts += [(weights, outputs, stride), (bias, outputs, stride)]
            parameters += [dense.weight, dense.bias]
            width = outputs
        }
        // A parameter that two layers share would have to be moved twice.
        guard Set(parameters.map(ObjectIdentifier.init)).count == parameters.count else { return nil }
        require(labels.allSatisfy { $0 >= 0 && $0 < width }, "a label outside 0 ..< \(width)")
        _ = reserve(2 * rows.count * width)
        (self.layers, self.layouts, self.parameters, self.labels) = (layers, layouts, parameters, labels)
        total = end
        batch = Self.batch(inputs, rows, skipsZeros: skipsZeros && inputs.isMostlyZero)
        buffers = (0..<Threads.count).map { [total] _ in
            let buffer = UnsafeMutableRawPointer.allocate(byteCount: total * 8, alignment: 64)
            let numbers = buffer.bindMemory(to: Double.self, capacity: total)
            numbers.initialize(repeating: 0, count: total)
            return numbers
        }
        for (parameter, layout) in zip(parameters, layouts) {
            for (element, value) in parameter.value.elements.enumerated() {
                let place = layout.0 + element / layout.1 * layout.2 + element % layout.1
                for buffer in buffers { buffer[place] = Double(value) }
            }
        }
    }

    deinit {
        for buffer in buffers { UnsafeMutableRawPointer(buffer).deallocate() }
    }

    private static func batch(_ inputs: FeatureMatrix, _ rows: [Int32], skipsZeros: Bool) -> Examples {
        var batch = Examples()
        let width = inputs.featureCount
        let tape = Tape<Double>(recordsGradients: false)
        let values = tape.input(inputs, rows: rows).value
        values.withUnsafeElements { values in
            for row in rows.indices {
                for column in 0..<width {
                    // Each row is divided into blocks of columns.
                    if column > 0, column % Int(CK_PASS_BLOCK) == 0 {
                        batch.starts.append(Int32(batch.columns.count))
                    }
                    let value = values[row * width + column]
                    if !skipsZeros {
                        batch.dense.append(value)
                    } else if value != 0 {
                        batch.columns.append(Int32(column))
                        batch.entries.append(value)
                    }
                }
                batch.starts.append(Int32(batch.columns.count))
            }
        }
        return batch
    }

    /// Returns the loss of one pass.
    package func loss() -> Double {
        withPass { pass in ck_pass_loss(pass, buffers[0]) }
    }

    /// Returns the central differences at `places`. Each thread runs whole passes.
    package func differences(
        at places: ArraySlice<ParameterPlace>, step: Double, loss: Double
    ) -> [CentralDifference] {
        let offsets = places.map { place -> Int64 in
            let layout = layouts[place.parameter]
            require(
                parameters[place.parameter].value.count > place.element && place.element >= 0,
                "no such parameter")
            return Int64(
                layout.start + place.element / layout.columns * layout.stride + place.element % layout.columns
            )
        }
        var slopes = [Double](repeating: 0, count: offsets.count)
        var bends = slopes
        let targets: [UnsafeMutablePointer<Double>?] = buffers
        withPass { pass in
            ck_pass_differences(
                pass, targets, Int32(targets.count), offsets, offsets.count, step, loss, &slopes,
                &bends)
        }
        return zip(slopes, bends).map { CentralDifference(slope: $0, bend: $1) }
    }

    /// Calls `body` with the form that the kernels read; it is valid only during the call.
    private func withPass<Result>(_ body: (UnsafePointer<ck_pass>) -> Result) -> Result {
        let rows = labels.count
        let outputs = Int(layers.last?.outputs ?? 0)
        return layers.withUnsafeBufferPointer { layers in
            batch.starts.withUnsafeBufferPointer { starts in
                batch.columns.withUnsafeBufferPointer { columns in
                    batch.entries.withUnsafeBufferPointer { entries in
                        batch.dense.withUnsafeBufferPointer { dense in
                            labels.withUnsafeBufferPointer { labels in
                                var pass = ck_pass(
                                    rows: rows, layer_count: layers.count,
                                    layers: layers.baseAddress,
                                    starts: dense.isEmpty ? starts.baseAddress : nil,
                                    columns: columns.baseAddress,
                                    entries: entries.baseAddress, dense: dense.baseAddress,
                                    labels: labels.baseAddress, loss: lossCode,
                                    scores: total - 2 * rows * outputs,
                                    probabilities: total - rows * outputs)
                                return withUnsafePointer(to: &pass, body)
                            }
                        }
                    }
                }
            }
        }
    }
}
