import Descent
import Foundation

/// The pictures that are made of a network: decisions over the plane, units, weights, misread examples.
struct LabView {
    private let data: LabData
    /// Left, right, below, above.
    let range: [Double]?
    private let fine: FeatureMatrix?
    private let coarse: NDArray<Float>?

    /// The points of a side of the plane's picture, and of a unit's.
    static let fineSize = 64
    static let coarseSize = 24
    /// The units of a layer, and the pictures of weights, that are shown.
    static let shownUnits = 8
    static let shownFilters = 24
    static let shownMisread = 12

    init(_ data: LabData) {
        self.data = data
        guard data.isPlane else {
            (range, fine, coarse) = (nil, nil, nil)
            return
        }
        let range = Self.range(of: data)
        self.range = range
        fine = .floats(Self.grid(range, Self.fineSize))
        coarse = Self.grid(range, Self.coarseSize)
    }

    /// The square around all points, with a margin.
    private static func range(of data: LabData) -> [Double] {
        let elements = [data.train, data.test].flatMap { $0.features.unscaledFloats.elements }
        var sides: [(low: Double, high: Double)] = []
        for axis in 0..<2 {
            let values = stride(from: axis, to: elements.count, by: 2).map { Double(elements[$0]) }
            sides.append((values.min() ?? -1, values.max() ?? 1))
        }
        let reach = max(1e-3, sides.map { $0.high - $0.low }.max() ?? 2) * 0.58
        return sides.flatMap { side in
            let middle = (side.low + side.high) / 2
            return [middle - reach, middle + reach]
        }
    }

    static func grid(_ range: [Double], _ size: Int) -> NDArray<Float> {
        func places(_ low: Double, _ high: Double) -> [Float] {
            (0..<size).map { Float(low + (high - low) * (Double($0) + 0.5) / Double(size)) }
        }
        let (across, up) = (places(range[0], range[1]), places(range[2], range[3]))
        return NDArray(shape: [size * size, 2], elements: up.flatMap { y in across.flatMap { [$0, y] } })
    }

    func description(parameters: Int) -> LabDescription {
        func points(_ examples: LabeledExamples) -> [[Double]] {
            guard data.isPlane else { return [] }
            let elements = examples.features.unscaledFloats.elements
            return examples.classes.prefix(1_500).enumerated().map { index, number in
                [Double(elements[2 * index]), Double(elements[2 * index + 1]), Double(number)]
            }
        }
        return LabDescription(
            kind: data.isPlane ? "plane" : data.imageShape == nil ? "rows" : "image",
            classNames: data.train.classNames, trainCount: data.train.count, testCount: data.test.count,
            featureCount: data.train.featureCount, parameterCount: parameters,
            imageSize: data.imageShape.map { [$0.height, $0.width] }, range: range, axes: data.axes,
            trainPoints: points(data.train), testPoints: points(data.test), notes: data.notes)
    }

    func boundary(_ compiled: CompiledNetwork) throws -> LabSnapshot.Boundary? {
        guard let fine else { return nil }
        let said = try compiled.predictions(for: fine, probabilities: true)
        return Self.boundary(
            said.labels, said.probabilities?.elements ?? [], classes: compiled.outputShape[0])
    }

    static func boundary(_ labels: [Int32], _ shares: [Float], classes: Int) -> LabSnapshot.Boundary {
        let certain = labels.enumerated().map { place, number in
            byte(shares[place * classes + Int(number)] * 255)
        }
        return LabSnapshot.Boundary(
            size: fineSize, classes: text(labels.map { UInt8(clamping: $0) }), shares: text(certain))
    }

    /// The activity of the shown units of each hidden layer over the plane, and the weights between those that are shown.
    func units(of network: Sequential) -> (units: [[String]], edges: [[[Float]]]) {
        guard let coarse else { return ([], []) }
        let tape = Tape<Float>(recordsGradients: false, isTraining: false)
        var tensor = tape.constant(coarse)
        var (units, edges): ([[String]], [[[Float]]]) = ([], [])
        for layer in network.layers {
            tensor = layer(tensor)
            guard let dense = layer as? Dense else { continue }
            edges.append(Self.edges(of: dense.weight.value))
            units.append(Self.maps(of: tensor.value))
        }
        // The last are the scores of the classes, which the plane itself shows.
        return (Array(units.dropLast()), edges)
    }

    private static func maps(of values: NDArray<Float>) -> [String] {
        let (elements, width) = (values.elements, values.shape[1])
        return (0..<min(width, shownUnits)).map { unit in
            signed(stride(from: unit, to: elements.count, by: width).map { elements[$0] })
        }
    }

    private static func edges(of weights: NDArray<Float>) -> [[Float]] {
        let (elements, width) = (weights.elements, weights.shape[1])
        return (0..<min(weights.shape[0], shownUnits)).map { from in
            (0..<min(width, shownUnits)).map { to in
                let weight = elements[from * width + to]
                return weight.isFinite ? (weight * 1_000).rounded() / 1_000 : 0
            }
        }
    }

    func filters(of network: Sequential) -> LabSnapshot.Filters? {
        guard let shape = data.imageShape, let dense = network.layers.first as? Dense else { return nil }
        let (elements, width) = (dense.weight.value.elements, dense.bias.count)
        let area = shape.height * shape.width
        let pictures = (0..<min(width, Self.shownFilters)).map { unit in
            // The channels of a colour picture together.
            Self.signed(
                (0..<area).map { pixel in
                    (0..<shape.channels).reduce(Float(0)) {
                        $0 + elements[($1 * area + pixel) * width + unit]
                    }
                })
        }
        return LabSnapshot.Filters(height: shape.height, width: shape.width, pictures: pictures)
    }

    func misread(_ said: [Int32], _ compiled: CompiledNetwork) throws -> [LabSnapshot.Misread] {
        let classes = data.test.classes
        let wrong = Array(
            said.indices.lazy.filter { said[$0] != classes[$0] }.prefix(Self.shownMisread))
        guard !wrong.isEmpty else { return [] }
        let examples = data.test.features.gathered(wrong.map { Int32($0) })
        let shares =
            try compiled.predictions(for: examples, probabilities: true).probabilities?.elements ?? []
        let (count, width) = (compiled.outputShape[0], examples.featureCount)
        let isGrey = data.imageShape?.channels == 1
        let pixels = isGrey ? examples.unscaledFloats.elements : []
        return wrong.enumerated().map { place, index in
            let share = shares[place * count + Int(said[index])]
            let own = isGrey ? pixels[place * width..<(place + 1) * width].map(Self.byte) : []
            return LabSnapshot.Misread(
                index: index, label: Int(classes[index]), said: Int(said[index]),
                share: share.isFinite ? share : 0, pixels: isGrey ? Self.text(own) : nil)
        }
    }

    /// Numbers of both signs as bytes: 128 is 0, the largest has 0 or 255.
    private static func signed(_ values: [Float]) -> String {
        let scale = values.reduce(Float(1e-6)) { max($0, $1.isFinite ? $1.magnitude : 0) }
        return text(values.map { byte(128 + 127 * $0 / scale) })
    }

    private static func byte(_ value: Float) -> UInt8 {
        value.isFinite ? UInt8(max(0, min(255, value.rounded()))) : 128
    }

    private static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
