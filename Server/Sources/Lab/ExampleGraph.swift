import Descent

/// The computation of one example, of which any number can be moved.
struct ExampleGraph {
    /// A place in the graph.
    struct Place: Hashable {
        enum Kind: String { case input, weight, bias, sum, activation, softmax, loss }

        var kind: Kind
        /// The layer, from 1; 0 for what belongs to none.
        var layer = 0

        var isParameter: Bool { kind == .weight || kind == .bias }

        var name: String {
            switch kind {
            case .input: "x"
            case .weight: "W\(layer)"
            case .bias: "b\(layer)"
            case .sum: "z\(layer)"
            case .activation: "a\(layer)"
            case .softmax: "p"
            case .loss: "L"
            }
        }
    }

    struct Pass {
        var values: [Place: NDArray<Double>] = [:]
        var gradients: [Place: NDArray<Double>] = [:]
        var loss = 0.0
        var said = 0
    }

    let label: Int32
    let places: [Place]
    private let input: NDArray<Double>
    private var weights: [NDArray<Double>]
    private var biases: [NDArray<Double>]
    private let activation: Activation
    private let classCount: Int
    /// The features that are shown: the largest.
    private let features: [Int]

    init(_ training: LabTraining, example: Int) throws {
        let examples = training.data.train
        // Bytes are pixels here, and a network takes them as 0...1.
        let scale = training.data.imageShape == nil ? 1.0 : 1.0 / 255
        let elements = examples.features.gathered([Int32(example)]).unscaledFloats.elements.map {
            Double($0) * scale
        }
        input = NDArray(shape: [1, elements.count], elements: elements)
        features = elements.indices.sorted { elements[$0].magnitude > elements[$1].magnitude }
            .prefix(SlowMotion.shown).sorted()
        let dense = training.network.layers.compactMap { $0 as? Dense }
        weights = dense.map { $0.weight.value.asType(Double.self) }
        biases = dense.map { $0.bias.value.asType(Double.self) }
        activation = try Activation(parsing: training.settings.activation)
        (label, classCount) = (examples.classes[example], examples.classNames.count)
        var places = [Place(kind: .input)]
        for layer in 1...dense.count {
            places += [Place(kind: .weight, layer: layer), Place(kind: .bias, layer: layer)]
            places.append(Place(kind: .sum, layer: layer))
            if layer < dense.count { places.append(Place(kind: .activation, layer: layer)) }
        }
        self.places = places + [Place(kind: .softmax), Place(kind: .loss)]
    }

    func shape(_ place: Place) -> [Int] {
        switch place.kind {
        case .input: input.shape
        case .weight: weights[place.layer - 1].shape
        case .bias: biases[place.layer - 1].shape
        case .sum, .activation: [1, biases[place.layer - 1].count]
        case .softmax: [1, classCount]
        case .loss: [1]
        }
    }

    func inputs(_ place: Place) -> [String] {
        let before = place.layer <= 1 ? "x" : "a\(place.layer - 1)"
        return switch place.kind {
        case .input, .weight, .bias: []
        case .sum: [before, "W\(place.layer)", "b\(place.layer)"]
        case .activation: ["z\(place.layer)"]
        case .softmax: ["z\(weights.count)"]
        case .loss: ["p"]
        }
    }

    /// The rows and columns of a place that are shown.
    func shown(_ place: Place) -> (rows: [Int], columns: [Int]) {
        let shape = shape(place)
        let columns = Array(0..<min(shape[shape.count - 1], SlowMotion.shown))
        return switch place.kind {
        case .input: ([0], features)
        case .weight where place.layer == 1: (features, columns)
        case .weight: (Array(0..<min(shape[0], SlowMotion.shown)), columns)
        default: ([0], columns)
        }
    }

    /// Computes all places, each with what `moved` adds to it; `seen` is called with each tensor.
    private func loss(
        _ tape: Tape<Double>, moved: (Place, Tape<Double>) -> Tensor<Double>?,
        seen: (Place, Tensor<Double>) -> Void = { _, _ in }
    ) -> Tensor<Double> {
        func place(_ place: Place, _ tensor: Tensor<Double>) -> Tensor<Double> {
            let sum = moved(place, tape).map { tensor + $0 } ?? tensor
            seen(place, sum)
            return sum
        }
        var value = place(Place(kind: .input), tape.constant(input))
        for layer in 1...weights.count {
            let weight = place(Place(kind: .weight, layer: layer), tape.constant(weights[layer - 1]))
            let bias = place(Place(kind: .bias, layer: layer), tape.constant(biases[layer - 1]))
            value = place(Place(kind: .sum, layer: layer), value.matmul(weight) + bias)
            if layer < weights.count {
                value = place(Place(kind: .activation, layer: layer), value.activated(activation))
            }
        }
        let shares = place(Place(kind: .softmax), value.softmax())
        var target = [Double](repeating: 0, count: classCount)
        target[Int(label)] = 1
        let hit = (shares * tape.constant(NDArray(shape: [1, classCount], elements: target))).sum()
        return place(Place(kind: .loss), -hit.log().reshaped(to: [1]))
    }

    /// All values, and all gradients by back-propagation: of zeros that are added to each place.
    func pass() -> Pass {
        let tape = Tape<Double>()
        var (pass, zeros): (Pass, [Place: Tensor<Double>]) = (Pass(), [:])
        let result = loss(
            tape,
            moved: { place, tape in
                let zero = tape.variable(NDArray(shape: shape(place), repeating: 0))
                zeros[place] = zero
                return zero
            }, seen: { pass.values[$0] = $1.value })
        let gradients = tape.gradients(of: result)
        for (place, zero) in zeros { pass.gradients[place] = gradients[zero] }
        pass.loss = result.value.elements[0]
        let shares = pass.values[Place(kind: .softmax)]?.elements ?? []
        pass.said = shares.indices.max { shares[$0] < shares[$1] } ?? 0
        return pass
    }

    /// The derivative by one number of a place, by moving it to both sides.
    func numericalGradient(_ place: Place, _ index: Int) -> Double {
        let shape = shape(place)
        return numericalDerivative(
            of: { (distance: Double) in
                let tape = Tape<Double>(recordsGradients: false)
                let result = loss(
                    tape,
                    moved: { other, tape in
                        guard other == place else { return nil }
                        var elements = [Double](repeating: 0, count: shape.reduce(1, *))
                        elements[index] = distance
                        return tape.constant(NDArray(shape: shape, elements: elements))
                    })
                return result.value.elements[0]
            }, at: 0, step: 1e-5)
    }

    /// The loss of the example after a step of plain gradient descent.
    func loss(after pass: Pass, rate: Double, decay: Double) -> Double {
        var later = self
        for layer in weights.indices {
            if let gradient = pass.gradients[Place(kind: .weight, layer: layer + 1)] {
                later.weights[layer] = weights[layer] - rate * (gradient + decay * weights[layer])
            }
            if let gradient = pass.gradients[Place(kind: .bias, layer: layer + 1)] {
                later.biases[layer] = biases[layer] - rate * gradient
            }
        }
        return later.loss(Tape<Double>(recordsGradients: false), moved: { _, _ in nil }).value.elements[0]
    }
}
