import Arrays
import ExampleData
import Foundation
import TestSupport

@testable import Classical

/// Vectors/exact_vectors.json, made by make_exact_vectors.py with libsvm 3.37.0, liblinear 2.50.0, scikit-learn 1.9.1.
struct ExactVectors: Decodable {
    struct Far: Decodable {
        struct Case: Decodable {
            let kernel: String
            let cost: Double
            let decisions: [Double]
        }
        let x: [[Double]]
        let y: [Int32]
        let test: [[Double]]
        let truth: [Int32]
        let cases: [Case]
    }

    struct Guide: Decodable {
        let x: [[Double]]
        let y: [Int32]
        let test: [[Double]]
        let decisions: [Double]
    }

    struct Linear: Decodable {
        struct Case: Decodable {
            let loss: String
            let cost: Double
            let bias: Float
            let weights: [String: Double]
            let primal: Double
        }
        let x: [[Double]]
        let y: [Int32]
        let cases: [Case]
    }

    struct Logistic: Decodable {
        let weights: [Double]
        let intercept: Double
    }

    let far: Far
    let guide: Guide
    let logistic: Logistic
    let linear: Linear

    static func load() throws -> ExactVectors {
        try vectors("exact_vectors.json")
    }

    /// Rows as numbers.
    static func numbers(_ rows: [[Double]]) -> FeatureMatrix {
        .floats(NDArray(shape: [rows.count, rows[0].count], elements: rows.flatMap { $0.map(Float.init) }))
    }

    static func examples(_ rows: [[Double]], _ classes: [Int32]) -> LabeledExamples {
        LabeledExamples(
            numbers(rows), classes: classes, classNames: (0...(classes.max() ?? 0)).map { "\($0)" })
    }
}
