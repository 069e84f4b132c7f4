import ArrayFiles
import Arrays
import Networks
import Support

/// Weights in the textbook's form: a pickled dictionary of NumPy arrays W1, b1, W2, b2, ..., one pair for each layer with
/// weights, in order.
///
/// ```swift
/// let architecture = try Architecture(named: "simple-conv", inputs: 784, classes: 10)
/// let network = try NumberedWeights(contentsOf: "params.pkl").network(of: architecture)
/// ```
package struct NumberedWeights {
    private let file: PickledValue
    private let arrays: NamedValues<StoredArray>
    private let path: String

    /// Reads the arrays in the file.
    ///
    /// - Throws: as `PickledValue`: `missingInput`, or `badData` with the byte and what is not allowed.
    package init(contentsOf path: String) throws {
        file = try PickledValue(contentsOf: path)
        arrays = try file.arrays()
        self.path = path
    }

    /// Creates a network of the architecture with these weights.
    ///
    /// Those scripts drop elements in training without scaling the others, and scale afterwards instead: after a dropout of
    /// rate r, every element is multiplied by 1 - r in use (Srivastava et al. 2014, section 10). Here the weights that
    /// follow are scaled, which is the same.
    ///
    /// - Throws: `badData` when an array is missing, has another shape, or belongs to no layer.
    package func network(of architecture: Architecture) throws -> Sequential {
        let network = architecture.makeNetwork()
        var number = 0
        var kept: Float = 1
        for (description, layer) in zip(architecture.layers, network.layers) {
            if let dropout = layer as? Dropout { kept *= Float(1 - dropout.rate) }
            let parameters = layer.parameters
            guard !parameters.isEmpty else { continue }
            number += 1
            guard parameters.count == 2 else {
                throw DescentError(
                    .usage, "such a file holds weights and biases only", at: path,
                    expected: "a network of dense and convolutional layers", got: description.shortName)
            }
            parameters[0].value = try array("W\(number)", shape: parameters[0].shape) * kept
            parameters[1].value = try array("b\(number)", shape: parameters[1].shape)
            kept = 1
        }
        guard arrays.count == 2 * number else {
            throw DescentError(
                .badData, "the file belongs to another network", at: path,
                expected: "\(2 * number) arrays for \(architecture.name)", got: "\(arrays.count)")
        }
        return network
    }

    private func array(_ name: String, shape: [Int]) throws -> NDArray<Float> {
        let stored: StoredArray
        do {
            stored = try file.array(named: name)
        } catch let error as DescentError {
            throw error.place == nil ? error.at(path) : error
        }
        let array: NDArray<Float>
        switch stored {
        case .float32(let values): array = values
        case .float64(let values):
            array = NDArray(shape: values.shape, elements: values.elements.map { Float($0) })
        default:
            throw DescentError(
                .badData, "'\(name)' holds no weights", at: path, expected: "float32 or float64",
                got: stored.elementType.rawValue)
        }
        guard array.shape == shape else {
            throw DescentError(
                .badData, "'\(name)' has another shape", at: path, expected: "\(shape)", got: "\(array.shape)"
            )
        }
        return array
    }
}
