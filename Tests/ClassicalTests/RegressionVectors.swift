import Arrays
import Classification
import ExampleData
import Foundation
import Regression
import TestSupport

@testable import Classical

/// What libsvm and scikit-learn answer (`Vectors/make_regression_vectors.py`; the versions are in the file).
struct RegressionVectors: Decodable {
    struct Machine: Decodable {
        let options: String
        let objective, rho: Double
        let epsilon: Double?
        let support: [Int]
        let coefficients, decisions: [Double]
        let model: String

        /// The number behind an option of `svm-train`.
        func value(_ name: String) -> Double? {
            let words = options.split(separator: " ").map(String.init)
            return words.firstIndex(of: name).flatMap { Double(words[$0 + 1]) }
        }

        var kernel: KernelFunction {
            let gamma = KernelWidth.value(value("-g") ?? 1)
            return switch value("-t") {
            case 0: .linear
            case 1: .polynomial(degree: Int(value("-d") ?? 3), gamma: gamma, constant: value("-r") ?? 0)
            case 3: .sigmoid(gamma: gamma, constant: value("-r") ?? 0)
            default: .rbf(gamma: gamma)
            }
        }

        var isOneClass: Bool { value("-s") == 2 }

        var regression: SupportVectorRegression {
            var machine = SupportVectorRegression(kernel: kernel, cost: value("-c") ?? 1)
            machine.tube = value("-s") == 4 ? .nu(value("-n") ?? 0.5) : .epsilon(value("-p") ?? 0.1)
            machine.tolerance = value("-e") ?? 1e-3
            return machine
        }

        var oneClass: OneClassMachine {
            var machine = OneClassMachine(kernel: kernel, nu: value("-n") ?? 0.5)
            machine.tolerance = value("-e") ?? 1e-3
            return machine
        }
    }
    struct Scikit: Decodable {
        let machine: String
        let values: [Double]
        let support: [Int]
        let c, gamma: Double?
        let parameter: Double
    }
    struct Ridge: Decodable {
        let set: String
        let alpha: Double
        let weights, values: [[Double]]
        let intercepts: [Double]
    }
    struct Neighborhood: Decodable {
        let set, weights, metric: String
        let k: Int
        let values: [[Double]]
    }
    let x, test, wide, wideTargets, wideTest, grid, gridTargets: [[Float]]
    let y: [Float]
    let machines: [Machine]
    let scikit: [Scikit]
    let ridge: [Ridge]
    let neighbors: [Neighborhood]

    static func load() throws -> RegressionVectors { try vectors("regression.json") }

    /// The examples of a set, and the rows that its cases ask about.
    func examples(_ set: String) -> (examples: LabeledExamples, queries: FeatureMatrix) {
        switch set {
        case "wide":
            (
                LabeledExamples(.floats(NDArray(wide)), values: NDArray(wideTargets)),
                .floats(NDArray(wideTest))
            )
        case "grid":
            (LabeledExamples(.floats(NDArray(grid)), values: NDArray(gridTargets)), .floats(NDArray(grid)))
        default: (LabeledExamples(.floats(NDArray(x)), values: NDArray(y)), .floats(NDArray(test)))
        }
    }
}
