import Arrays
import Autodiff
import ExampleData
import Support

/// The objective of finite differences: the loss of one batch as a function of a network's parameters, by full forward
/// passes in `Double`.
///
/// Each call computes every layer and the loss anew; nothing is kept from the pass before.
package protocol BatchObjective: AnyObject {
    /// The parameters that can be moved, in the order to which `ParameterPlace.parameter` refers.
    var parameters: [Parameter] { get }

    /// Returns the loss at the present values of all parameters.
    func loss() -> Double

    /// Returns central differences of the loss at each place: two passes each. Results do not depend on the number of
    /// threads.
    ///
    /// - Precondition: the places exist; step is not 0.
    func differences(at places: ArraySlice<ParameterPlace>, step: Double, loss: Double) -> [CentralDifference]
}

/// The index of one element among a network's parameters.
package struct ParameterPlace: Sendable, Equatable {
    /// The parameter's index.
    package var parameter: Int
    /// The element's index among the parameter's elements, row by row.
    package var element: Int

    /// Creates the index of the element `element` of the parameter `parameter`.
    package init(parameter: Int, element: Int) {
        self.parameter = parameter
        self.element = element
    }
}

/// The central differences of the loss at one element w, from up = L(w + h), down = L(w - h) and L(w).
package struct CentralDifference: Sendable, Equatable {
    /// (up - down) / 2h: the derivative, to O(h^2) where the loss is smooth.
    package var slope: Double
    /// (up - 2 L(w) + down) / h: the difference between the slopes to the right and to the left. Where the loss is smooth it
    /// is h L''(w), small with h; where a kink (of ReLU, of a maximum) lies between, it does not go to zero.
    package var bend: Double

    /// Creates a difference from its two values.
    package init(slope: Double, bend: Double) {
        self.slope = slope
        self.bend = bend
    }
}

/// The objective of any network, on a tape that records no gradients.
///
/// Layers behave as in training, because gradients are taken of that behaviour; buffers (running means) are put back by
/// `restore()`.
package final class TapeObjective: BatchObjective {
    /// The trainable parameters, each once.
    package let parameters: [Parameter]
    private let network: any Layer
    private let batchLoss: Loss
    private let inputs: FeatureMatrix
    private let rows: [Int32]
    private let labels: [Int32]
    private var values: [NDArray<Double>]
    /// Whether the last pass went through a primitive whose slope jumps: ReLU, the largest of a window, a hinge.
    package private(set) var hasKinks = false
    private let measured: [(parameter: Parameter, value: NDArray<Float>)]

    /// Creates the objective of the examples `rows` of `inputs`; `labels[i]` is the class of `rows[i]`.
    ///
    /// - Precondition: the network takes rows of that width; rows and labels in range, as many of each, at least one.
    package init(_ network: any Layer, loss: Loss, inputs: FeatureMatrix, rows: [Int32], labels: [Int32]) {
        require(
            !rows.isEmpty && rows.count == labels.count, "\(labels.count) labels for \(rows.count) rows")
        self.network = network
        batchLoss = loss
        self.inputs = inputs
        self.rows = rows
        self.labels = labels
        if !(network is Sequential) { network.seedFirstValues() }
        parameters = network.parameters.filter(\.isTrainable)
        values = parameters.map(\.doubles)
        measured = network.parameters.filter(\.isBuffer).map { ($0, $0.value) }
    }

    /// Returns the loss of one pass.
    package func loss() -> Double {
        run(Tape<Double>(recordsGradients: false)).value.elements[0]
    }

    /// Returns the central differences at `places`, one after another; the threads work inside a pass.
    package func differences(
        at places: ArraySlice<ParameterPlace>, step: Double, loss: Double
    ) -> [CentralDifference] {
        places.map { place in
            let kept = values[place.parameter].withUnsafeElements { $0[place.element] }
            func moved(by distance: Double) -> Double {
                values[place.parameter].withUnsafeMutableElements { $0[place.element] = kept + distance }
                return self.loss()
            }
            let (up, down) = (moved(by: step), moved(by: -step))
            values[place.parameter].withUnsafeMutableElements { $0[place.element] = kept }
            return CentralDifference(slope: (up - down) / (2 * step), bend: (up - 2 * loss + down) / step)
        }
    }

    /// Returns the gradients by back-propagation, one for each parameter; zeros where the loss does not depend on it.
    package func gradients() -> [NDArray<Double>] {
        let tape = Tape<Double>()
        let gradients = tape.gradients(of: run(tape))
        return parameters.map { gradients[$0] ?? NDArray(shape: $0.shape, repeating: 0) }
    }

    /// Restores the buffers that these passes have changed, and the parameters if they were nudged.
    package func restore() {
        for (parameter, value) in measured { parameter.value = value }
        values = parameters.map(\.doubles)
    }

    /// Moves every element of the parameters a little up or down, by 0.5 to 1.5 thousandths of its parameter's size (root
    /// mean square, 1 for zeros), and by at least 15 times `step`: away from where slopes jump. The network's own weights
    /// stay as they are; `restore()` ends it. The directions follow from `seed`.
    package func nudge(seed: Int, step: Double) {
        var random = RandomState(seed)
        values = parameters.map { parameter in
            let own = parameter.doubles
            let squares = own.elements.reduce(0) { $0 + $1 * $1 }
            let size = squares > 0 ? (squares / Double(own.count)).squareRoot() : 1
            let most = max(1e-3 * size, 30 * step)
            let moved = own.elements.map { value in
                let distance = most * (0.5 + random.uniform())
                return random.uniform() < 0.5 ? value - distance : value + distance
            }
            return NDArray(shape: own.shape, elements: moved)
        }
    }

    private func run(_ tape: Tape<Double>) -> Tensor<Double> {
        for (parameter, value) in zip(parameters, values) { _ = tape.variable(for: parameter) { value } }
        defer { hasKinks = tape.hasKinks }
        return batchLoss(network(tape.input(inputs, rows: rows)), labels: labels)
    }
}

extension Parameter {
    /// The values in double precision.
    var doubles: NDArray<Double> { NDArray(shape: shape, elements: value.elements.map { Double($0) }) }
}
