import CGraph
import Support

/// Windows that slide over planes, as nodes describe them, and over planes of certain lengths.
struct WindowSettings: Sendable {
    let kernel: [Int]?
    let strides: [Int]?
    let dilations: [Int]?
    let pads: [Int]?
    let autoPad: String
    let roundsUp: Bool

    private static let largest = 1 << 40

    init(_ node: Node) throws {
        kernel = try node.ints("kernel_shape")
        strides = try node.ints("strides")
        dilations = try node.ints("dilations")
        pads = try node.ints("pads")
        autoPad = try node.text("auto_pad", or: "NOTSET")
        roundsUp = try node.flag("ceil_mode")
        for (name, list, least) in [
            ("kernel_shape", kernel, 1), ("strides", strides, 1), ("dilations", dilations, 1),
            ("pads", pads, 0),
        ] {
            guard list?.allSatisfy({ $0 >= least && $0 < Self.largest }) ?? true else {
                throw DescentError(.badData, "a window that is none", got: "\(name) \(list ?? [])")
            }
        }
        guard ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", ""].contains(autoPad) else {
            throw DescentError(.badData, "a padding that is not known", got: "'\(autoPad)'")
        }
    }

    /// Returns a list with one number for each axis.
    func list(_ list: [Int]?, _ rank: Int, _ standard: Int, _ name: String) throws -> [Int] {
        let result = list ?? [Int](repeating: standard, count: rank)
        guard result.count == rank else {
            throw DescentError(
                .badData, "another number of \(name) than of axes", expected: "\(rank)", got: "\(result)")
        }
        return result
    }

    /// Returns how many elements a window reaches over.
    ///
    /// - Throws: `badData` where that is so many that sums of it could overflow.
    static func reach(_ kernel: Int, _ dilation: Int) throws -> Int {
        let last = try Shapes.checkedProduct([kernel - 1, dilation])
        guard last < 1 << 60 else { throw DescentError(.badData, "a size that overflows") }
        return last + 1
    }

    /// Returns the windows over planes of `lengths`. `kernel`: the weights' lengths, where the node need not say them.
    func windows(over lengths: [Int], kernel given: [Int]? = nil) throws -> Windows {
        let rank = lengths.count
        guard rank >= 1, rank <= Int(CG_MAX_AXES) else {
            throw DescentError(.badData, "planes of too few or too many axes", got: "\(rank)")
        }
        guard let kernel = kernel ?? given else {
            throw DescentError(.badData, "a missing attribute", expected: "'kernel_shape'")
        }
        guard given == nil || given == kernel else {
            throw DescentError(
                .badData, "weights of another kernel than the node says", expected: "\(kernel)",
                got: "\(given ?? [])")
        }
        var result = Windows(
            lengths: lengths, results: lengths, kernel: try list(kernel, rank, 1, "kernel_shape"),
            strides: try list(strides, rank, 1, "strides"),
            before: [Int](repeating: 0, count: rank), after: [Int](repeating: 0, count: rank),
            dilations: try list(dilations, rank, 1, "dilations"))
        if let pads, autoPad == "NOTSET" || autoPad.isEmpty {
            guard pads.count == 2 * rank else {
                throw DescentError(.badData, "pads that are not two for each axis", got: "\(pads)")
            }
            result.before = Array(pads[..<rank])
            result.after = Array(pads[rank...])
        }
        for axis in 0..<rank {
            let length = lengths[axis]
            let stride = result.strides[axis]
            let reach = try Self.reach(result.kernel[axis], result.dilations[axis])
            if autoPad.hasPrefix("SAME") {
                let count = (length + stride - 1) / stride
                let total = max(0, (count - 1) * stride + reach - length)
                result.results[axis] = count
                result.before[axis] = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2
                result.after[axis] = total - result.before[axis]
                continue
            }
            let room = length + result.before[axis] + result.after[axis] - reach
            guard room >= 0 || (length == 0 && room >= -reach) else {
                throw DescentError(
                    .badData, "a window larger than the padded plane", expected: "at most \(room + reach)",
                    got: "\(reach)")
            }
            var count = room < 0 ? 0 : (roundsUp ? (room + stride - 1) / stride : room / stride) + 1
            // A last window must not begin in the padding.
            if roundsUp, count > 0, (count - 1) * stride >= length + result.before[axis] { count -= 1 }
            result.results[axis] = count
        }
        return result
    }
}

/// Windows over planes of certain lengths.
struct Windows {
    var lengths: [Int]
    var results: [Int]
    var kernel: [Int]
    var strides: [Int]
    var before: [Int]
    var after: [Int]
    var dilations: [Int]

    /// Calls `body` with the kernels' form.
    func withForm<Result>(_ body: (UnsafePointer<cg_windows>) throws -> Result) rethrows -> Result {
        let rank = lengths.count
        let all = lengths + results + kernel + strides + before + after + dilations
        return try all.withUnsafeBufferPointer { all in
            func at(_ index: Int) -> UnsafePointer<Int>? { all.baseAddress.map { $0 + index * rank } }
            var form = cg_windows(
                rank: Int32(rank), in: at(0), out: at(1), kernel: at(2), stride: at(3), before: at(4),
                after: at(5), dilation: at(6))
            return try body(&form)
        }
    }
}

extension Windows {
    /// One window over each whole plane of images [N, C, H, W]; nil for other tensors.
    init?(global shape: [Int]) {
        guard shape.count == 4, shape[2] > 0, shape[3] > 0 else { return nil }
        let plane = Array(shape[2...])
        self.init(
            lengths: plane, results: [1, 1], kernel: plane, strides: [1, 1], before: [0, 0], after: [0, 0],
            dilations: [1, 1])
    }
}
