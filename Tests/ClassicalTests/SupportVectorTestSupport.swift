import Arrays
import ExampleData
import Foundation
import TestSupport

@testable import Classical

/// Vectors/support_vectors.json, made by make_support_vectors.py with libsvm 3.37.0, liblinear 2.50.0 and scikit-learn
/// 1.9.1.
struct SupportVectorFile: Decodable {
    struct Case: Decodable {
        let options: String
        let objectives: [Double]
        let labels: [Int]
        let rho: [Double]
        let support: [Int]
        let counts: [Int]
        let decisions: [[Double]]
        let predictions: [Int]
        let model: String
        let probabilities: [[Double]]?
    }

    struct Linear: Decodable {
        let name: String
        let labels: [Int]
        let weights: [[Double]]
    }

    struct Sigmoid: Decodable {
        let decisions: [Double]
        let positive: [Bool]
        let slope: Double
        let offset: Double
    }

    let x: [[Double]]
    let y: [Int]
    let test: [[Double]]
    let cases: [Case]
    let linear: [Linear]
    let sigmoid: Sigmoid

    static func load() throws -> SupportVectorFile {
        try vectors("support_vectors.json")
    }

    /// The training examples with the classes in this order.
    func examples(_ labels: [Int]) -> LabeledExamples {
        LabeledExamples(
            numbers(x), classes: y.map { Int32(labels.firstIndex(of: $0) ?? 0) },
            classNames: labels.map { "\($0)" })
    }

    var testExamples: FeatureMatrix { numbers(test) }

    private func numbers(_ rows: [[Double]]) -> FeatureMatrix {
        .floats(NDArray(shape: [rows.count, rows[0].count], elements: rows.flatMap { $0.map(Float.init) }))
    }
}

/// A machine from svm-train's options.
func machine(options: String, features: Int) -> SupportVectorMachine {
    var values: [String: Double] = [:]
    var weights: [String: Double] = [:]
    let words = options.split(separator: " ").map(String.init)
    for place in stride(from: 0, to: words.count - 1, by: 2) {
        let value = Double(words[place + 1]) ?? .nan
        if words[place].hasPrefix("-w") {
            weights[String(words[place].dropFirst(2))] = value
        } else {
            values[words[place]] = value
        }
    }
    let gamma = KernelWidth.value(values["-g"] ?? 1 / Double(features))
    let constant = values["-r"] ?? 0
    let kernel: KernelFunction =
        switch values["-t"] ?? 2 {
        case 0: .linear
        case 1: .polynomial(degree: Int(values["-d"] ?? 3), gamma: gamma, constant: constant)
        case 3: .sigmoid(gamma: gamma, constant: constant)
        default: .rbf(gamma: gamma)
        }
    var machine = SupportVectorMachine(kernel: kernel, cost: values["-c"] ?? 1)
    if values["-s"] == 1 { machine.formulation = .nu(values["-n"] ?? 0.5) }
    machine.tolerance = values["-e"] ?? 1e-3
    machine.classWeights = .named(weights)
    return machine
}

/// Two rings of noisy points, drawn by seed: N x 2, two classes.
func rings(_ count: Int, seed: Int) -> LabeledExamples {
    var random = RandomState(seed)
    let noise = random.randn(count, 2).elements
    let angles = random.rand(count).elements
    var values: [Float] = []
    var classes: [Int32] = []
    for row in 0..<count {
        let radius = row % 2 == 0 ? 1.0 : 2.0
        values.append(Float(radius * cos(2 * .pi * angles[row]) + 0.35 * noise[2 * row]))
        values.append(Float(radius * sin(2 * .pi * angles[row]) + 0.35 * noise[2 * row + 1]))
        classes.append(Int32(row % 2))
    }
    return LabeledExamples(
        .floats(NDArray(shape: [count, 2], elements: values)), classes: classes,
        classNames: ["inner", "outer"])
}

/// K clouds of points in D dimensions, drawn by seed.
func clouds(_ count: Int, classes classCount: Int, features: Int, seed: Int, spread: Double = 1)
    -> LabeledExamples
{
    var random = RandomState(seed)
    let centres = random.randn(classCount, features).elements
    let noise = random.randn(count, features).elements
    var values: [Float] = []
    for row in 0..<count {
        for column in 0..<features {
            values.append(
                Float(
                    1.5 * centres[row % classCount * features + column] + spread
                        * noise[row * features + column]))
        }
    }
    return LabeledExamples(
        .floats(NDArray(shape: [count, features], elements: values)),
        classes: (0..<count).map { Int32($0 % classCount) },
        classNames: (0..<classCount).map { "class \($0)" })
}

/// The same examples as bytes: 255 where a value is largest, 0 where it is least.
func asBytes(_ examples: LabeledExamples) -> LabeledExamples {
    let values = examples.features.unscaledFloats.elements
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let bytes = values.map { UInt8(($0 - least) / (most - least) * 255) }
    return LabeledExamples(
        .bytes(NDArray(shape: examples.features.shape, elements: bytes)), classes: examples.classes,
        classNames: examples.classNames)
}

/// Runs `body` with each number of threads, and puts the number back.
func withThreadCounts<Result>(_ counts: [Int], _ body: (Int) throws -> Result) rethrows -> [Result] {
    let before = Threads.count
    defer { Threads.setCount(before) }
    return try counts.map { count in
        Threads.setCount(count)
        return try body(count)
    }
}

/// Runs `body` with the path of a file in a directory of its own, which is removed afterwards.
func withTemporaryFile<Result>(_ body: (String) throws -> Result) throws -> Result {
    try withTemporaryDirectory { try body($0 + "/file") }
}
