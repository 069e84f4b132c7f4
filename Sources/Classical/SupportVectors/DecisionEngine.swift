import Arrays
import CKernels
import ExampleData
import Support

/// The decision functions of a trained machine: one matrix product over the distinct support vectors, kernel values in
/// place, then a product with the coefficients, class by class.
///
/// A linear kernel is one vector of weights for each pair. Otherwise the products are those of training
/// (`FeatureRows.Form`); where `Float` could be wrong in the fourth digit after the point, or leaves its range, all is
/// done again in double precision.
struct DecisionEngine: Sendable {
    private let kernel: KernelFunction
    private let byteScale: Float
    private let supportVectors: FeatureMatrix
    private let supportCounts: [Int]
    /// Coefficients of each class, [S_class, columns], padded with zeros for the vectorised sum.
    private let coefficients: [[Float]]
    private let preciseCoefficients: NDArray<Double>
    private let columns: Int
    private let thresholds: [Double]
    private let form: FeatureRows.Form
    private let centre: KernelCentre?
    /// The support vectors as the product takes them, for examples of the same kind.
    private let rows: FeatureRows
    /// The thresholds for kernel values relative to `centre`.
    private let relativeThresholds: [Double]
    /// The sum of each pair's coefficients: 0, but for rounding in a file.
    private let coefficientSums: [Double]
    /// Of an RBF on rows of `Float`: all of it.
    private let panels: DecisionPanels?
    /// Of a linear kernel: w of each pair, [pairs, D].
    private let weights: FeatureRows?

    /// From so far on a decision made of `Float`s is made again.
    private static let coarse = 2e-4

    init(
        kernel: KernelFunction, byteScale: Float, supportVectors: FeatureMatrix, supportCounts: [Int],
        coefficients: NDArray<Double>, thresholds: [Double]
    ) {
        self.kernel = kernel
        self.byteScale = byteScale
        self.supportVectors = supportVectors
        self.supportCounts = supportCounts
        self.thresholds = thresholds
        preciseCoefficients = coefficients
        let problems = supportCounts.count - 1
        let columns = problems <= 2 ? problems : (problems + 15) / 16 * 16
        self.columns = columns
        let pairs = PairCoefficients(coefficients, supportCounts)
        var form = FeatureRows.form(of: supportVectors, for: kernel)
        let centre = KernelCentre(supportVectors, for: kernel)
        let all = Array(0..<supportVectors.count)
        if case .linear = kernel {
            // The products are of no use but for what they are made of.
            rows = FeatureRows(supportVectors, indices: [], scale: byteScale, form: .double)
            weights = pairs.weights(
                FeatureRows(supportVectors, indices: all, scale: byteScale, form: .double))
            (self.form, self.centre) = (.double, nil)
            (self.coefficients, relativeThresholds, coefficientSums) = ([], thresholds, [])
            panels = nil
            return
        }
        weights = nil
        var rows = FeatureRows(
            supportVectors, indices: all, scale: byteScale, form: form, centre: form == .double ? nil : centre
        )
        if form != .double, kernel.preciseSettings != nil,
            pairs.largestNorm * kernel.rounding(rows) > Self.coarse
        {
            form = .double
            rows = FeatureRows(supportVectors, indices: all, scale: byteScale, form: .double)
        }
        panels = DecisionPanels(kernel, rows, supportCounts, pairs)
        self.rows = rows
        (self.form, self.centre) = (form, form == .double ? nil : centre)
        self.coefficients = form == .double || panels != nil ? [] : pairs.padded(to: columns)
        if let anchors = rows.anchors {
            relativeThresholds = zip(thresholds, pairs.sums(of: anchors.values)).map { $0 - $1 }
            coefficientSums = pairs.sums(of: [Double](repeating: 1, count: supportVectors.count))
        } else {
            (relativeThresholds, coefficientSums) = (thresholds, [])
        }
    }

    /// [N, K (K - 1) / 2].
    ///
    /// - Throws: `badData` for a decision that is not finite.
    func decisionValues(of examples: FeatureMatrix) throws -> NDArray<Double> {
        let kinds: Bool =
            switch (supportVectors.storage, examples.storage) {
            case (.bytes, .bytes): true
            case (.bytes, _), (_, .bytes): false
            default: true
            }
        let isCustom = kernel.preciseSettings == nil
        let fits = kinds && (form != .bytes || FeatureRows.takesBytes(examples))
        var decisions = decisionValues(of: examples, fits || isCustom ? form : .double)
        if firstNotFinite(decisions) != nil, !isCustom, form != .double {
            decisions = decisionValues(of: examples, .double)
        }
        if let place = firstNotFinite(decisions) {
            throw DescentError(
                .badData, "a decision that is no finite number",
                at: "kernel '\(kernel)', row \(place / max(1, thresholds.count))",
                expected: "a finite number",
                got: "\(decisions.elements[place])",
                advice: "scale the features as in training, or train with a smaller gamma or degree")
        }
        return decisions
    }

    private func firstNotFinite(_ decisions: NDArray<Double>) -> Int? {
        decisions.withUnsafeElements { values in values.firstIndex { !$0.isFinite } }
    }

    private func decisionValues(of examples: FeatureMatrix, _ form: FeatureRows.Form) -> NDArray<Double> {
        let support =
            form == self.form
            ? rows
            : FeatureRows(
                supportVectors, indices: Array(0..<supportVectors.count), scale: byteScale, form: .double)
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
                    examples, indices: Array(range), scale: byteScale, form: form,
                    centre: form == .single ? centre : nil)
                let target = base + range.lowerBound * pairs
                if let weights {
                    fillLinear(left, weights, into: target)
                } else if form == .double {
                    fillPrecisely(left, support, into: target)
                } else if let panels {
                    fill(left, panels, into: target)
                } else {
                    fill(left, support, into: target)
                }
            }
        }
    }

    /// w x - rho of the rows `left`.
    private func fillLinear(
        _ left: FeatureRows, _ weights: FeatureRows, into target: UnsafeMutablePointer<Double>
    ) {
        let pairs = thresholds.count
        KernelBlock(.linear, left, rows: 0..<left.count).fillPrecisely(
            weights, columns: 0..<pairs, into: target, stride: pairs)
        for row in 0..<left.count {
            for pair in 0..<pairs { target[row * pairs + pair] -= thresholds[pair] }
        }
    }

    /// Adds a class's sums, [rows, width], to the pairs that it is in.
    private func add(
        _ sums: UnsafePointer<Double>, width: Int, of own: Int, rows: Int,
        to target: UnsafeMutablePointer<Double>
    ) {
        let (classCount, pairs) = (supportCounts.count, thresholds.count)
        for other in 0..<classCount where other != own {
            let pair = PairCoefficients.pair(min(own, other), max(own, other), classCount)
            let column = other > own ? other - 1 : other
            for row in 0..<rows { target[row * pairs + pair] += sums[row * width + column] }
        }
    }

    /// The decisions of the rows `left` in double precision, count x pairs values.
    private func fillPrecisely(
        _ left: FeatureRows, _ support: FeatureRows, into target: UnsafeMutablePointer<Double>
    ) {
        let packed = KernelBlock(kernel, left, rows: 0..<left.count)
        let chunk = 256
        let (pairs, problems, total) = (thresholds.count, supportCounts.count - 1, support.count)
        for row in 0..<left.count {
            for pair in 0..<pairs { target[row * pairs + pair] = -thresholds[pair] }
        }
        var values = [Double](repeating: 0, count: left.count * chunk)
        var sums = [Double](repeating: 0, count: left.count * problems)
        values.withUnsafeMutableBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                preciseCoefficients.withUnsafeElements { coefficients in
                    guard let values = values.baseAddress, let base = sums.baseAddress,
                        let coefficients = coefficients.baseAddress
                    else { return }
                    var start = 0
                    for own in supportCounts.indices {
                        sums.update(repeating: 0)
                        let end = start + supportCounts[own]
                        for first in stride(from: start, to: end, by: chunk) {
                            let range = first..<min(end, first + chunk)
                            packed.fillPrecisely(support, columns: range, into: values, stride: chunk)
                            ck_svm_combine_f64(
                                values, left.count, chunk, range.count,
                                coefficients + first,
                                total, problems, base)
                        }
                        add(base, width: problems, of: own, rows: left.count, to: target)
                        start = end
                    }
                }
            }
        }
    }

    private func fill(
        _ left: FeatureRows, _ panels: DecisionPanels, into target: UnsafeMutablePointer<Double>
    ) {
        let pairs = thresholds.count
        for row in 0..<left.count {
            for pair in 0..<pairs { target[row * pairs + pair] = -thresholds[pair] }
        }
        panels.forEachClass(left) { own, sums in
            add(sums, width: panels.columns, of: own, rows: left.count, to: target)
        }
    }

    /// The decisions of the rows `left`, count x pairs values.
    private func fill(_ left: FeatureRows, _ support: FeatureRows, into target: UnsafeMutablePointer<Double>)
    {
        let packed = KernelBlock(kernel, left, rows: 0..<left.count)
        let chunk = 1024
        let pairs = thresholds.count
        for row in 0..<left.count {
            for pair in 0..<pairs { target[row * pairs + pair] = -relativeThresholds[pair] }
            guard let anchors = left.anchors else { continue }
            for pair in 0..<pairs {
                target[row * pairs + pair] += coefficientSums[pair] * anchors.values[row]
            }
        }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: left.count * chunk) { values in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: left.count * columns) { sums in
                guard let values = values.baseAddress, let sumsBase = sums.baseAddress else { return }
                var start = 0
                for own in supportCounts.indices {
                    sums.initialize(repeating: 0)
                    let end = start + supportCounts[own]
                    for first in stride(from: start, to: end, by: chunk) {
                        let range = first..<min(end, first + chunk)
                        packed.fill(support, columns: range, into: values, stride: chunk)
                        coefficients[own].withUnsafeBufferPointer { coefficients in
                            guard let base = coefficients.baseAddress else { return }
                            ck_svm_combine(
                                values, left.count, chunk, range.count,
                                base + (first - start) * columns, columns, sumsBase)
                        }
                    }
                    add(sumsBase, width: columns, of: own, rows: left.count, to: target)
                    start = end
                }
            }
        }
    }
}
