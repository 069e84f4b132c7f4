import Arrays
import CKernels
import Support

/// The support vectors and coefficients of an RBF machine as `ck_svm_decide` takes them: products, kernel values and sums
/// in one go, with no matrix of kernel values in between, which is faster than a matrix product alone by a library that
/// packs the support vectors anew for each block of rows.
struct DecisionPanels: Sendable {
    /// Panels of each class: the first and the one after the last.
    let ranges: [Range<Int>]
    /// Coefficients of a support vector: 1, or a multiple of the panel's lanes.
    let columns: Int
    private let width: Int
    private let gamma: Float
    private let panels: [Float]
    private let norms: [Float]
    private let coefficients: [Float]

    /// nil for another kernel, and for rows that are not `Float`.
    init?(_ kernel: KernelFunction, _ rows: FeatureRows, _ counts: [Int], _ pairs: PairCoefficients) {
        guard case .floats(let values) = rows.values, case .rbf(.value(let gamma)) = kernel, rows.scale == 1
        else {
            return nil
        }
        let lanes = Int(CK_SVM_PANEL)
        let columns = counts.count == 2 ? 1 : (counts.count - 1 + lanes - 1) / lanes * lanes
        (self.columns, self.gamma, width) = (columns, Float(gamma), rows.width)
        let width = rows.width
        var ranges: [Range<Int>] = []
        var total = 0
        for count in counts {
            ranges.append(total..<total + (count + lanes - 1) / lanes)
            total = ranges[ranges.count - 1].upperBound
        }
        self.ranges = ranges
        var panels = [Float](repeating: 0, count: total * lanes * width)
        var norms = [Float](repeating: 0, count: total * lanes)
        var coefficients = [Float](repeating: 0, count: total * lanes * columns)
        let blocks = pairs.padded(to: columns)
        var first = 0
        panels.withUnsafeMutableBufferPointer { panels in
            values.withUnsafeBufferPointer { values in
                for (own, count) in counts.enumerated() where count > 0 {
                    guard let target = panels.baseAddress, let source = values.baseAddress else { return }
                    let start = ranges[own].lowerBound * lanes
                    ck_svm_pack_panels(
                        source + first * width, count, width, target + start * width)
                    for place in 0..<count { norms[start + place] = rows.norms[first + place] }
                    for (place, value) in blocks[own].enumerated() {
                        coefficients[start * columns + place] = value
                    }
                    first += count
                }
            }
        }
        (self.panels, self.norms, self.coefficients) = (panels, norms, coefficients)
    }

    /// Calls `body` with each class and its sums, [rows, columns].
    func forEachClass(_ left: FeatureRows, _ body: (Int, UnsafePointer<Double>) -> Void) {
        guard case .floats(let values) = left.values else { mistake("rows that are not Floats") }
        require(left.width == width, "rows of another width")
        var sums = [Double](repeating: 0, count: left.count * columns)
        var decisions = ck_svm_decisions()
        (decisions.width, decisions.columns, decisions.gamma) = (width, columns, gamma)
        let work = left.count * (max(columns, Int(CK_SVM_PANEL)) + width)
        panels.withUnsafeBufferPointer { panels in
            norms.withUnsafeBufferPointer { norms in
                coefficients.withUnsafeBufferPointer { coefficients in
                    decisions.panels = panels.baseAddress
                    decisions.norms = norms.baseAddress
                    decisions.coefficients = coefficients.baseAddress
                    withUnsafeTemporaryAllocation(of: Float.self, capacity: work) { work in
                        for (own, range) in ranges.enumerated() {
                            for place in sums.indices { sums[place] = 0 }
                            ck_svm_decide(
                                &decisions, values, left.norms, left.count, range.lowerBound,
                                range.upperBound, &sums, work.baseAddress)
                            sums.withUnsafeBufferPointer { sums in
                                if let base = sums.baseAddress { body(own, base) }
                            }
                        }
                    }
                }
            }
        }
    }
}
