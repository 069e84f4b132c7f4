import Arrays
import ExampleData
import Foundation
import TestSupport

@testable import Classical

/// What scikit-learn and SciPy answer (`Vectors/make_classical_vectors.py`; the versions are in the file).
struct ClassicalVectors: Decodable {
    struct Neighborhood: Decodable {
        struct Case: Decodable {
            let metric, weights: String
            let distances: [[Double]]
            let indices: [[Int]]?
            let probabilities: [[Double]]?
            let classes: [Int32]?
        }
        let train: [[Float]]
        let classes: [Int32]
        let queries: [[Float]]
        let cases: [Case]
    }
    struct Flowers: Decodable {
        let rows: [[Float]]
        let classes: [Int32]
    }
    struct Logistic: Decodable {
        let c: Double
        let weights: [[Double]]
        let intercepts: [Double]
        let probabilities: [[Double]]
    }
    struct Bayes: Decodable {
        let means, variances, probabilities: [[Double]]
        let classes: [Int32]
    }
    struct Centroid: Decodable {
        let centroids: [[Double]]
        let classes: [Int32]
    }
    struct Components: Decodable {
        let count: Double
        let whiten: Bool
        let components: [[Double]]
        let variances, ratios: [Double]
        let transformed: [[Double]]
    }

    let numbers, bytes: Neighborhood
    let iris: Flowers
    let logistic, logisticStrong, logisticBinary: Logistic
    let bayes: Bayes
    let centroid: Centroid
    let standard, minMax: [[Double]]
    let pcaFlowers, pcaWhite, pcaShare, pcaSmall: Components
    let small: [[Float]]
    let images: [[[Int]]]
    let deskewed: [[[Double]]]

    static func load() throws -> ClassicalVectors {
        try vectors("classical.json")
    }

    /// Iris: 150 flowers of three kinds, four measures each.
    var flowers: LabeledExamples {
        LabeledExamples(
            .floats(NDArray(iris.rows)), classes: iris.classes,
            classNames: ["setosa", "versicolor", "virginica"])
    }
}

/// The largest difference between two sets of numbers of one shape; infinite for other shapes.
func largestDifference<Scalar: BinaryFloatingPoint>(_ found: NDArray<Scalar>, _ wanted: [[Double]]) -> Double
{
    guard found.shape == [wanted.count, wanted.first?.count ?? 0] else { return .infinity }
    return largestDifference(found.elements, wanted.joined())
}

/// Examples drawn by seed: bytes or numbers around a few centres, with some rows twice.
func drawnExamples(_ count: Int, _ width: Int, bytes: Bool, seed: Int, levels: Int = 256) -> FeatureMatrix {
    var random = RandomState(seed)
    let centers = random.rand(8, width).elements
    var values: [Double] = []
    for row in 0..<count {
        let noise = random.randn(width).elements
        let center = row % 8
        let isCopy = row % 11 == 10
        for column in 0..<width {
            let value = 0.5 * centers[center * width + column] + 0.1 * noise[column] + 0.25
            values.append(isCopy ? values[(row - 5) * width + column] : min(max(value, 0), 1))
        }
    }
    if bytes {
        let whole = values.map { UInt8(($0 * Double(levels - 1)).rounded()) }
        return .bytes(NDArray(shape: [count, width], elements: whole))
    }
    return .floats(NDArray(shape: [count, width], elements: values.map { Float($0) }))
}

/// Calls `body` with one, two, three and seven threads.
func withThreadCounts(_ body: (Int) throws -> Void) rethrows {
    let usual = Threads.count
    defer { Threads.setCount(usual) }
    for count in [1, 2, 3, 7] {
        Threads.setCount(count)
        try body(count)
    }
}
