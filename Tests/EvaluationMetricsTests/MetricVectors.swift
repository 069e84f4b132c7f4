import TestSupport

/// The answers of scikit-learn, SciPy and statsmodels, by `Vectors/make_metrics_vectors.py`.
struct MetricVectors: Decodable {
    struct Classification: Decodable {
        let actual: [Int32], predicted: [Int32], confusion: [[Int]]
        let accuracy: Double, accuracyInterval: [Double]
        let precision: [Double], recall: [Double], f1: [Double], support: [Int]
        let recallIntervals: [[Double]], macro: [Double], weighted: [Double]
    }
    struct Scores: Decodable {
        let probabilities: ListedArray, actual: [Int32], predicted: [Int32], topK: [Double]
        let binCounts: [Int], binAccuracy: [Double], binConfidence: [Double]
        let error: Double, largestError: Double, temperature: Double, lossBefore: Double, lossAfter: Double
        let calibratedFirst: [Double], curve: [[Double]], worst: [Int]
    }
    struct Regression: Decodable {
        let actual: [Double], predicted: [Double], mae: Double, interval: [Double], rmse: Double
        let r2: Double, median: Double, largest: Double, baseline: Double
    }
    struct Comparison: Decodable {
        let counts: [Int], exact: Double, chiSquare: Double, probability: Double
    }
    struct Importance: Decodable {
        let features: ListedArray, targets: [Double], weights: [Double], means: [Double]
        let deviations: [Double]
    }
    struct Novelty: Decodable {
        let features: ListedArray, strangers: ListedArray, threshold: Double, distances: [Double]
    }
    let classification: Classification, scores: Scores, regression: Regression
    let comparisons: [Comparison], importance: Importance, novelty: Novelty, collection: [[Int]]

    static func read() throws -> MetricVectors { try vectors("metrics.json") }
}
