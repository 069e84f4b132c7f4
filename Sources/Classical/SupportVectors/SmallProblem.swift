import Arrays
import CKernels
import Support

/// The working set's own problem: arrays of `capacity` elements, of which `count` are in use, and a dense kernel matrix.
final class SmallProblem {
    private(set) var count = 0
    /// The tolerance of the last solution.
    var solvedTo = Double.infinity
    private let sets: Int
    private let stride: Int
    /// capacity x stride; the system hands out only pages that are written.
    private let kernel: UnsafeMutablePointer<Float>
    private let byteCount: Int
    private var diagonal: [Double]
    var signs: [Double]
    var upper: [Double]
    var alpha: [Double]
    var f: [Double]
    private var up: [Double]
    private var low: [Double]

    init(_ capacity: Int, sets: Int) {
        self.sets = sets
        let lanes = Int(CK_SMO_PADDING)
        // Not a multiple of a page, or the rows of a column would share a few lines of the nearest cache.
        stride = (capacity + lanes - 1) / lanes * lanes + 16
        byteCount = (capacity * stride * 4 + 63) & ~63  // whole cache lines, as buffers are taken
        guard let memory = ck_buffer_take(byteCount) else {
            mistake("no memory for a working set of \(byteCount) bytes")
        }
        kernel = memory.bindMemory(to: Float.self, capacity: capacity * stride)
        diagonal = [Double](repeating: 0, count: stride)
        signs = diagonal
        upper = diagonal
        alpha = diagonal
        f = diagonal
        up = [Double](repeating: 0, count: sets * stride)
        low = up
    }

    deinit { ck_buffer_give(kernel, byteCount) }

    private var width: Int { (count + Int(CK_SMO_PADDING) - 1) / Int(CK_SMO_PADDING) * Int(CK_SMO_PADDING) }

    /// Makes room for `count` members; the first ones stay. The caller fills the others.
    func resize(to count: Int) {
        require(count <= stride - 16, "a working set larger than its room")
        self.count = count
    }

    /// Row and column `place` of the kernel matrix, from the whole row `row`: the places of `columns`; those before `old`
    /// are also written into their own rows.
    func fill(_ place: Int, from row: UnsafePointer<Float>, columns: [Int], old: Int) {
        let own = kernel + place * stride
        for (column, t) in columns.enumerated() { own[column] = row[t] }
        for column in 0..<old { kernel[column * stride + place] = own[column] }
        diagonal[place] = Double(own[place])
    }

    /// Steps until the violation is below the tolerance; how many, and the violation left.
    func solve(tolerance: Double, mostSteps: Int) -> (steps: Int, violation: Double) {
        let width = width
        for place in count..<width {
            (f[place], alpha[place], diagonal[place], upper[place], signs[place]) = (0, 0, 0, 0, 1)
            for row in 0..<count { kernel[row * stride + place] = 0 }
        }
        for place in 0..<sets * width {
            up[place] = .infinity
            low[place] = -.infinity
        }
        var violation = 0.0
        var problem = ck_smo()
        (problem.count, problem.width, problem.sets) = (count, width, Int32(sets))
        (problem.kernel, problem.stride) = (UnsafePointer(kernel), stride)
        // Each array has at least `width` elements (up and low: sets * width), which is all that the C side touches.
        let steps = diagonal.withUnsafeBufferPointer { diagonal in
            signs.withUnsafeBufferPointer { signs in
                upper.withUnsafeBufferPointer { upper in
                    alpha.withUnsafeMutableBufferPointer { alpha in
                        f.withUnsafeMutableBufferPointer { f in
                            up.withUnsafeMutableBufferPointer { up in
                                low.withUnsafeMutableBufferPointer { low in
                                    problem.diagonal = diagonal.baseAddress
                                    problem.signs = signs.baseAddress
                                    problem.upper = upper.baseAddress
                                    problem.alpha = alpha.baseAddress
                                    problem.f = f.baseAddress
                                    problem.up = up.baseAddress
                                    problem.low = low.baseAddress
                                    return ck_smo_solve(&problem, tolerance, mostSteps, &violation)
                                }
                            }
                        }
                    }
                }
            }
        }
        return (Int(steps), violation)
    }
}
