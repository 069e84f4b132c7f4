import CGraph
import Support

/// Parts of tensors, and tensors with a border.
enum SlicingKernels {
    static func slice(
        _ x: ONNXTensor, starts: [Int], ends: [Int], axes: [Int]?, steps: [Int]?, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let axes = axes ?? Array(starts.indices)
        let steps = steps ?? starts.map { _ in 1 }
        guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count else {
            throw DescentError(.badData, "starts, ends, axes and steps of different counts")
        }
        var shape = x.shape
        let own = Shapes.strides(x.shape)
        var strides = own
        var first = 0
        var seen: Set<Int> = []
        for index in starts.indices {
            let axis = try Shapes.axis(axes[index], rank: x.rank)
            guard seen.insert(axis).inserted else {
                throw DescentError(.badData, "an axis twice", got: "\(axes)")
            }
            let length = x.shape[axis]
            let step = steps[index]
            guard step != 0, step != .min else { throw DescentError(.badData, "a step of zero") }
            func bounded(_ place: Int, _ low: Int, _ high: Int) -> Int {
                min(max(place < 0 ? place + length : place, low), high)
            }
            if step > 0 {
                let start = bounded(starts[index], 0, length)
                let end = bounded(ends[index], 0, length)
                shape[axis] = start < end ? (end - start - 1) / step + 1 : 0
                first += start * own[axis]
            } else {
                let start = bounded(starts[index], -1, length - 1)
                let end = bounded(ends[index], -1, length - 1)
                shape[axis] = start > end ? (start - end - 1) / -step + 1 : 0
                first += max(start, 0) * own[axis]
            }
            strides[axis] = shape[axis] > 1 ? own[axis] * step : own[axis]
        }
        return try ShapeKernels.strided(x, shape: shape, strides: strides, first, budget)
    }

    /// A border of the elements that `mode` says; pads below zero cut.
    static func pad(
        _ x: ONNXTensor, before: [Int], after: [Int], mode: String, value: ONNXTensor?, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        // What is cut is cut first.
        let starts = before.map { max(0, -$0) }
        let ends = zip(x.shape, after).map { $0 + min(0, $1) }
        var result = x
        if zip(starts, zip(ends, x.shape)).contains(where: { $0 != 0 || $1.0 != $1.1 }) {
            guard zip(starts, ends).allSatisfy({ $0 <= $1 }) else {
                throw DescentError(.badData, "pads that cut more than there is", got: "\(before), \(after)")
            }
            result = try slice(x, starts: starts, ends: ends, axes: nil, steps: nil, budget)
        }
        let low = before.map { max(0, $0) }
        let high = after.map { max(0, $0) }
        if low.allSatisfy({ $0 == 0 }), high.allSatisfy({ $0 == 0 }) { return result }
        return mode == "constant"
            ? try bordered(result, low, high, value, budget)
            : try continued(result, low, high, mode, budget)
    }

    private static func bordered(
        _ x: ONNXTensor, _ low: [Int], _ high: [Int], _ value: ONNXTensor?, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let shape = try sum(x.shape, low, high)
        guard x.type != .string else { throw typeMisfit(x.type) }
        let y = try ONNXTensor(x.type, shape, budget)
        let zero: [UInt64] = [0]
        if let value {
            guard value.count == 1, value.type == x.type else {
                throw DescentError(.badData, "a value that is no single \(x.type)", got: "\(value.type)")
            }
            cg_fill(y.elementSize, y.count, value.base, y.base)
        } else {
            zero.withUnsafeBytes { cg_fill(y.elementSize, y.count, $0.baseAddress, y.base) }
        }
        let strides = Shapes.strides(shape)
        let start = zip(low, strides).reduce(0) { $0 + $1.0 * $1.1 }
        if x.count > 0 {
            cg_copy(
                x.elementSize, Int32(x.rank), x.shape, x.base, Shapes.strides(x.shape),
                y.base + start * y.elementSize, strides)
        }
        return y
    }

    private static func continued(
        _ x: ONNXTensor, _ low: [Int], _ high: [Int], _ mode: String, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        _ = try ONNXTensor.byteCount(x.type, sum(x.shape, low, high))
        var result = x
        for axis in x.shape.indices where low[axis] > 0 || high[axis] > 0 {
            let n = x.shape[axis]
            guard n > 0 else { throw DescentError(.badData, "a border of no elements") }
            let places = try (-low[axis]..<n + high[axis]).map { place -> Int64 in
                switch mode {
                case "edge": return Int64(min(max(place, 0), n - 1))
                case "wrap": return Int64(((place % n) + n) % n)
                case "reflect":
                    if n == 1 { return 0 }
                    let period = 2 * (n - 1)
                    let within = ((place % period) + period) % period
                    return Int64(within < n ? within : period - within)
                default: throw DescentError(.badData, "a mode that is not known", got: "'\(mode)'")
                }
            }
            result = try IndexingKernels.gather(
                result, ONNXTensor(places, shape: [places.count], budget), axis: axis, budget)
        }
        return result
    }

    private static func sum(_ a: [Int], _ b: [Int], _ c: [Int]) throws -> [Int] {
        try a.indices.map { axis in
            let (one, first) = a[axis].addingReportingOverflow(b[axis])
            let (two, second) = one.addingReportingOverflow(c[axis])
            guard !first, !second else { throw DescentError(.badData, "a size that overflows") }
            return two
        }
    }
}

extension OperatorRegistry {
    static var slicingOperators: Family {
        [
            (
                "Slice", 1,
                { node in
                    let starts = try node.ints("starts") ?? []
                    let ends = try node.ints("ends") ?? []
                    let axes = try node.ints("axes")
                    return {
                        [
                            try SlicingKernels.slice(
                                $0(0), starts: starts, ends: ends, axes: axes, steps: nil, $0.budget)
                        ]
                    }
                }
            ),
            (
                "Slice", 10,
                { _ in
                    {
                        [
                            try SlicingKernels.slice(
                                $0(0), starts: $0(1).ints(), ends: $0(2).ints(), axes: $0.optional(3)?.ints(),
                                steps: $0.optional(4)?.ints(), $0.budget)
                        ]
                    }
                }
            ),
        ]
    }

    static var paddingOperators: Family {
        [
            (
                "Pad", 2,
                { node in
                    let mode = try node.text("mode", or: "constant")
                    let pads = try node.ints("pads") ?? []
                    let value = try node.float("value", or: 0)
                    return { arguments in
                        let x = try arguments(0)
                        guard pads.count == 2 * x.rank else {
                            throw DescentError(
                                .badData, "pads that are not two for each axis", got: "\(pads)")
                        }
                        let fill = try ONNXTensor([value], shape: [], arguments.budget)
                            .cast(to: x.type, arguments.budget)
                        return [
                            try SlicingKernels.pad(
                                x, before: Array(pads[..<x.rank]), after: Array(pads[x.rank...]), mode: mode,
                                value: fill, arguments.budget)
                        ]
                    }
                }
            ),
            (
                "Pad", 11,
                { node in
                    let mode = try node.text("mode", or: "constant")
                    return { arguments in
                        let x = try arguments(0)
                        let pads = try arguments(1).ints()
                        let axes = try arguments.optional(3)?.ints() ?? Array(0..<x.rank)
                        guard pads.count == 2 * axes.count else {
                            throw DescentError(
                                .badData, "pads that are not two for each axis", got: "\(pads)")
                        }
                        var before = x.shape.map { _ in 0 }
                        var after = before
                        for (index, axis) in axes.enumerated() {
                            let axis = try Shapes.axis(axis, rank: x.rank)
                            before[axis] = pads[index]
                            after[axis] = pads[index + axes.count]
                        }
                        guard (before + after).allSatisfy({ abs($0.clamped) < 1 << 40 }) else {
                            throw DescentError(.badData, "pads that overflow")
                        }
                        return [
                            try SlicingKernels.pad(
                                x, before: before, after: after, mode: mode, value: arguments.optional(2),
                                arguments.budget)
                        ]
                    }
                }
            ),
        ]
    }
}

extension Int {
    /// The number, or the nearest whose magnitude is a number too.
    var clamped: Int { self == .min ? .min + 1 : self }
}
