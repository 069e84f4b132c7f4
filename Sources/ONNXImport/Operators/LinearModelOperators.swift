import Glibc
import Support

/// What models of the set ai.onnx.ml make of their sums.
enum ScoreTransform: String, Sendable {
    case none = "NONE"
    case softmax = "SOFTMAX"
    case logistic = "LOGISTIC"
    case softmaxOfNonzero = "SOFTMAX_ZERO"
    case probit = "PROBIT"

    init(_ node: Node) throws {
        let name = try node.text("post_transform", or: "NONE")
        guard let transform = Self(rawValue: name) else {
            throw DescentError(.badData, "a post_transform that is not supported", got: "'\(name)'")
        }
        self = transform
    }

    static func logistic(_ x: Double) -> Double {
        x >= 0 ? 1 / (1 + exp(-x)) : 1 - 1 / (1 + exp(x))
    }

    /// The probit function as onnxruntime has it: sqrt(2) times an inverse of the error function by Winitzki's formula.
    static func probit(_ x: Double) -> Double {
        let y = 2 * x - 1
        let logarithm = log((1 - y) * (1 + y))
        let half = 2 / (Double.pi * 0.147) + logarithm / 2
        let root = sqrt(max(sqrt(half * half - logarithm / 0.147) - half, 0))
        return 2.0.squareRoot() * (y < 0 ? -root : root)
    }

    func callAsFunction(_ scores: [Double]) -> [Double] {
        switch self {
        case .none: return scores
        case .logistic: return scores.map(Self.logistic)
        case .probit: return scores.map(Self.probit)
        case .softmax, .softmaxOfNonzero:
            let largest = scores.max() ?? 0
            let powers = scores.map { self == .softmaxOfNonzero && abs($0) < 1e-7 ? 0 : exp($0 - largest) }
            let sum = powers.reduce(0, +)
            return sum > 0 ? powers.map { $0 / sum } : powers
        }
    }
}

/// The names of a classifier's classes: numbers or texts.
enum ClassLabels: Sendable {
    case numbers([Int])
    case texts([String])

    /// nil where the node has none.
    init?(_ node: Node, numbers name: String) throws {
        if let texts = try node.texts("classlabels_strings"), !texts.isEmpty {
            self = .texts(texts)
        } else if let numbers = try node.ints(name), !numbers.isEmpty {
            self = .numbers(numbers)
        } else {
            return nil
        }
    }

    var count: Int {
        switch self {
        case .numbers(let numbers): numbers.count
        case .texts(let texts): texts.count
        }
    }

    /// The names of rows whose classes are given by their places.
    func tensor(_ places: [Int], _ budget: MemoryBudget) throws -> ONNXTensor {
        guard places.allSatisfy({ 0..<count ~= $0 }) else {
            throw DescentError(.badData, "more classes than have names", got: "\(count) names")
        }
        switch self {
        case .numbers(let numbers):
            return try ONNXTensor(places.map { Int64(numbers[$0]) }, shape: [places.count], budget)
        case .texts(let texts):
            return try ONNXTensor(texts: places.map { texts[$0] }, shape: [places.count], budget)
        }
    }
}

/// Rows of numbers, as the models of the set ai.onnx.ml take them.
struct LearnedRows {
    let values: [Double]
    let count: Int
    let width: Int

    /// One row where the tensor has one axis.
    init(_ x: ONNXTensor, _ budget: MemoryBudget) throws {
        guard x.rank == 1 || x.rank == 2, x.type != .string else {
            throw DescentError(
                .badData, "a tensor that is no rows of numbers", expected: "[N, D]",
                got: "\(x.type) \(x.shape)")
        }
        (count, width) = x.rank == 1 ? (1, x.shape[0]) : (x.shape[0], x.shape[1])
        values = try x.doubles(budget)
    }

    subscript(_ row: Int) -> ArraySlice<Double> { values[row * width..<(row + 1) * width] }
}

/// Linear models of the set ai.onnx.ml.
struct LinearModel: Sendable {
    let coefficients: [Double]
    let intercepts: [Double]
    let transform: ScoreTransform

    init(_ node: Node) throws {
        coefficients = try node.floats("coefficients")?.map { Double($0) } ?? []
        intercepts = try node.floats("intercepts")?.map { Double($0) } ?? []
        transform = try ScoreTransform(node)
    }

    /// The sums of each row for each of `targets`.
    func sums(_ rows: LearnedRows, targets: Int, _ budget: MemoryBudget) throws -> [[Double]] {
        guard targets > 0, targets < 1 << 24, coefficients.count == targets * rows.width,
            intercepts.isEmpty || intercepts.count == targets
        else {
            throw DescentError(
                .badData, "coefficients that do not fit the rows", expected: "\(targets) x \(rows.width)",
                got: "\(coefficients.count)")
        }
        _ = try ONNXTensor(.float64, [rows.count, targets], budget)
        return (0..<rows.count).map { row in
            let own = rows[row]
            return (0..<targets).map { target in
                var sum = intercepts.isEmpty ? 0 : intercepts[target]
                for (column, value) in own.enumerated() {
                    sum += value * coefficients[target * rows.width + column]
                }
                return sum
            }
        }
    }

    static let regressor: OperatorMaker = { node in
        let model = try LinearModel(node)
        let targets = try node.int("targets", or: 1)
        return { arguments in
            let rows = try LearnedRows(arguments(0), arguments.budget)
            let sums = try model.sums(rows, targets: targets, arguments.budget).map { model.transform($0) }
            return [
                try ONNXTensor(
                    sums.flatMap { $0 }.map { Float($0) }, shape: [rows.count, targets], arguments.budget)
            ]
        }
    }

    static let classifier: OperatorMaker = { node in
        let model = try LinearModel(node)
        guard let labels = try ClassLabels(node, numbers: "classlabels_ints") else {
            throw DescentError(.badData, "a classifier without names of classes")
        }
        return { arguments in
            let rows = try LearnedRows(arguments(0), arguments.budget)
            let targets =
                model.intercepts.isEmpty
                ? model.coefficients.count / max(rows.width, 1) : model.intercepts.count
            let sums = try model.sums(rows, targets: targets, arguments.budget)
            // One sum for two classes is that of the second.
            if targets == 1 {
                let places = sums.map { $0[0] > 0 ? 1 : 0 }
                let scores = sums.flatMap { sum -> [Float] in
                    let score = model.transform == .softmax ? 1 : model.transform(sum)[0]
                    return labels.count == 2 ? [Float(1 - score), Float(score)] : [Float(score)]
                }
                return [
                    try labels.tensor(places, arguments.budget),
                    try ONNXTensor(
                        scores, shape: [rows.count, labels.count == 2 ? 2 : 1], arguments.budget),
                ]
            }
            let places = sums.map { sum in sum.indices.reduce(0) { sum[$1] > sum[$0] ? $1 : $0 } }
            return [
                try labels.tensor(places, arguments.budget),
                try ONNXTensor(
                    sums.flatMap { model.transform($0) }.map { Float($0) }, shape: [rows.count, targets],
                    arguments.budget),
            ]
        }
    }
}

extension OperatorRegistry {
    static var linearModelOperators: Family {
        [
            ("ai.onnx.ml.LinearRegressor", 1, LinearModel.regressor),
            ("ai.onnx.ml.LinearClassifier", 1, LinearModel.classifier),
        ]
    }
}
