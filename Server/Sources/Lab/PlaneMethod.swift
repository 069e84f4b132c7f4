import Descent
import Foundation
import Pipelines

/// A classical method on the same points of the plane as a network: a support vector machine, or nearest neighbours.
public struct PlaneMethod: Codable, Equatable, Sendable {
    /// The methods.
    public enum Kind: String, Codable, Sendable { case svm, knn }

    /// The method.
    public var kind = Kind.svm
    /// The kernel of the machine: `rbf`, `linear`, `polynomial`.
    public var kernel = "rbf"
    /// C of the machine.
    public var cost = 1.0
    /// gamma of the kernel.
    public var gamma = 1.0
    /// The number of neighbours.
    public var k = 5

    /// Creates a method with the settings with which the page begins.
    public init() {}

    /// Decodes a method; what is missing keeps its default.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.decodeIfPresent(Kind.self, forKey: .kind) ?? .svm
        kernel = try values.decodeIfPresent(String.self, forKey: .kernel) ?? "rbf"
        cost = try values.decodeIfPresent(Double.self, forKey: .cost) ?? 1
        gamma = try values.decodeIfPresent(Double.self, forKey: .gamma) ?? 1
        k = try values.decodeIfPresent(Int.self, forKey: .k) ?? 5
    }

    /// What a method makes of the plane.
    public struct Picture: Encodable, Sendable {
        /// The part of the plane.
        public var range: [Double]
        /// The names of the classes.
        public var classNames: [String]
        /// The points that were learned from: x, y, class.
        public var points: [[Double]]
        /// The points that are only looked at.
        public var testPoints: [[Double]]
        /// The decisions.
        public var boundary: LabSnapshot.Boundary
        /// The decision function of a machine of two classes at the points of the same grid, 1 and -1 on the margins.
        public var decisions: [Float]?
        /// The numbers of the points that are support vectors.
        public var supportVectors: [Int]
        /// The accuracy on the points that were learned from, and on the others.
        public var trainAccuracy: Double, testAccuracy: Double
        /// The seconds of learning.
        public var seconds: Double
    }

    /// Learns from the points, and returns the picture.
    ///
    /// - Throws: `usage` for data that are no points of the plane, and for settings beyond their bounds; the method's own errors.
    public func picture(of data: LabData) throws -> Picture {
        guard data.isPlane else {
            throw DescentError(
                .usage, "the examples are no points of the plane", at: "data",
                advice: "choose data of two features")
        }
        try LabSettings.check("kernel", kernel, in: ["rbf", "linear", "polynomial"])
        try LabSettings.check("cost", cost, in: 1e-3...1e4)
        try LabSettings.check("gamma", gamma, in: 1e-3...1e3)
        try LabSettings.check("k", k, in: 1...500)
        guard data.train.count <= 1_500 else {
            throw DescentError(
                .usage, "too many points for sliders", at: "trainLimit", expected: "at most 1500",
                got: "\(data.train.count)", advice: "limit the examples to learn from")
        }
        let begin = ContinuousClock.now
        switch kind {
        case .knn:
            let classifier = try NearestNeighbors(k: min(k, data.train.count)).fit(data.train)
            return try picture(classifier, data, nil, seconds: (ContinuousClock.now - begin) / .seconds(1))
        case .svm:
            var machine = SupportVectorMachine(kernel: function, cost: cost)
            machine.stepLimit = 1_000_000
            let classifier = try machine.fit(data.train)
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            return try picture(classifier, data, classifier, seconds: seconds)
        }
    }

    private var function: KernelFunction {
        switch kernel {
        case "linear": .linear
        case "polynomial": .polynomial(degree: 3, gamma: .value(gamma), constant: 1)
        default: .rbf(gamma: .value(gamma))
        }
    }

    private func picture(
        _ classifier: some Classifier, _ data: LabData, _ machine: SupportVectorClassifier?, seconds: Double
    ) throws -> Picture {
        let view = LabView(data)
        let range = view.range ?? [-1, 1, -1, 1]
        let description = view.description(parameters: 0)
        let grid = LabView.grid(range, LabView.fineSize)
        let answers = try classifier.answers(for: .floats(grid))
        func accuracy(_ examples: LabeledExamples) throws -> Double {
            let said = try classifier.classes(of: examples.features)
            let correct = zip(said, examples.classes).count { $0 == $1 }
            return Double(correct) / Double(max(1, examples.count))
        }
        return Picture(
            range: range, classNames: classifier.classNames, points: description.trainPoints,
            testPoints: description.testPoints,
            boundary: LabView.boundary(
                answers.classes, answers.scores.elements, classes: classifier.classNames.count),
            decisions: machine.flatMap { decisions($0, grid) },
            supportVectors: machine.map { supportVectors($0, data.train) } ?? [],
            trainAccuracy: try accuracy(data.train), testAccuracy: try accuracy(data.test), seconds: seconds)
    }

    /// The decision function at the grid's points: a sum over the support vectors.
    private func decisions(_ machine: SupportVectorClassifier, _ grid: NDArray<Float>) -> [Float]? {
        guard machine.classNames.count == 2, let threshold = machine.thresholds.first else { return nil }
        let vectors = machine.supportVectors.unscaledFloats.elements
        let (factors, places) = (machine.coefficients.elements, grid.elements)
        return stride(from: 0, to: places.count, by: 2).map { place in
            let (x, y) = (Double(places[place]), Double(places[place + 1]))
            var sum = -threshold
            for (index, factor) in factors.enumerated() {
                let (u, v) = (Double(vectors[2 * index]), Double(vectors[2 * index + 1]))
                switch kernel {
                case "linear": sum += factor * (x * u + y * v)
                case "polynomial":
                    let base = gamma * (x * u + y * v) + 1
                    sum += factor * base * base * base
                default:
                    let distance = (x - u) * (x - u) + (y - v) * (y - v)
                    sum += factor * Foundation.exp(-gamma * distance)
                }
            }
            return sum.isFinite ? Float(sum) : 0
        }
    }

    /// The points that became support vectors: the machine keeps their values, class by class.
    private func supportVectors(_ machine: SupportVectorClassifier, _ examples: LabeledExamples) -> [Int] {
        func pairs(_ elements: [Float]) -> [SIMD2<Float>] {
            stride(from: 0, to: elements.count, by: 2).map { SIMD2(elements[$0], elements[$0 + 1]) }
        }
        let known = Set(pairs(machine.supportVectors.unscaledFloats.elements))
        let points = pairs(examples.features.unscaledFloats.elements)
        return points.indices.filter { known.contains(points[$0]) }
    }
}
