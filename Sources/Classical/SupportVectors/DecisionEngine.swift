import Arrays
import CKernels

/// The decision functions of a trained machine: one matrix product over the distinct support vectors, kernel values in
/// place, then a product with the coefficients, class by class.
struct DecisionEngine: Sendable {
    private let kernel: KernelFunction
    private let byteScale: Float
    private let supportVectors: Examples
    private let supportCounts: [Int]
    /// Coefficients of each class, [S_class, columns], padded with zeros for the vectorised sum.
    private let coefficients: [[Float]]
    private let columns: Int
    private let thresholds: [Double]
    /// The support vectors as the product takes them, for examples of the same kind.
    private let rows: FeatureRows
    private let origin: [Float]?

    init(
        kernel: KernelFunction, byteScale: Float, supportVectors: Examples, supportCounts: [Int],
        coefficients: NDArray<Double>, thresholds: [Double]
    ) {
        self.kernel = kernel
        self.byteScale = byteScale
        self.supportVectors = supportVectors
        self.supportCounts = supportCounts
        self.thresholds = thresholds
        let problems = supportCounts.count - 1
        let columns = problems <= 2 ? problems : (problems + 15) / 16 * 16
        self.columns = columns
        let total = supportVectors.count
        var padded: [[Float]] = []
        coefficients.withUnsafeElements { values in
            var first = 0
            for count in supportCounts {
                var block = [Float](repeating: 0, count: count * columns)
                for place in 0..<count {
                    for problem in 0..<problems {
                        block[place * columns + problem] = Float(values[problem * total + first + place])
                    }
                }
                padded.append(block)
                first += count
            }
        }
        self.coefficients = padded
        if case .rbf = kernel { origin = supportVectors.origin() } else { origin = nil }
        var asBytes = FeatureRows.takesBytes(supportVectors)
        if case .custom = kernel { asBytes = false }
        rows = FeatureRows(
            supportVectors, indices: Array(0..<total), scale: byteScale, asBytes: asBytes, origin: origin)
    }

    /// [N, K (K - 1) / 2].
    func decisionValues(of examples: Examples) -> NDArray<Double> {
        let asBytes = rows.isBytes && FeatureRows.takesBytes(examples)
        let support =
            asBytes == rows.isBytes
            ? rows
            : FeatureRows(
                supportVectors, indices: Array(0..<supportVectors.count), scale: byteScale, asBytes: false,
                origin: origin)
        let pairs = thresholds.count
        let count = examples.count
        // 128 rows by 1,024 support vectors are half of a core's second cache.
        let block = 128
        return NDArray(shape: [count, pairs]) { target in
            guard let base = target.baseAddress else { return }
            // Each part writes its own rows.
            inParts((count + block - 1) / block) { part in
                let range = part * block..<min(count, (part + 1) * block)
                let left = FeatureRows(
                    examples, indices: Array(range), scale: byteScale, asBytes: asBytes, origin: origin)
                fill(left, support, into: base + range.lowerBound * pairs)
            }
        }
    }

    /// The decisions of the rows `left`, count x pairs values.
    private func fill(_ left: FeatureRows, _ support: FeatureRows, into target: UnsafeMutablePointer<Double>)
    {
        let packed = KernelBlock(kernel, left, rows: 0..<left.count)
        let chunk = 1024
        let classCount = supportCounts.count
        let pairs = thresholds.count
        for row in 0..<left.count {
            for pair in 0..<pairs { target[row * pairs + pair] = -thresholds[pair] }
        }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: left.count * chunk) { values in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: left.count * columns) { sums in
                guard let values = values.baseAddress, let sumsBase = sums.baseAddress else { return }
                var start = 0
                for own in 0..<classCount {
                    sums.initialize(repeating: 0)
                    let end = start + supportCounts[own]
                    for first in stride(from: start, to: end, by: chunk) {
                        let range = first..<min(end, first + chunk)
                        packed.fill(support, columns: range, into: values, stride: chunk)
                        coefficients[own].withUnsafeBufferPointer { coefficients in
                            guard let base = coefficients.baseAddress else { return }
                            ck_svm_combine(
                                values, Int64(left.count), Int64(chunk), Int64(range.count),
                                base + (first - start) * columns, Int64(columns), sumsBase)
                        }
                    }
                    for other in 0..<classCount where other != own {
                        let (low, high) = (min(own, other), max(own, other))
                        let pair = low * (2 * classCount - low - 1) / 2 + high - low - 1
                        let column = other > own ? other - 1 : other
                        for row in 0..<left.count {
                            target[row * pairs + pair] += sums[row * columns + column]
                        }
                    }
                    start = end
                }
            }
        }
    }
}
