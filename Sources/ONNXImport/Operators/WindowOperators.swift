import CGraph
import COneDNN
import Support

/// Operators on windows that are neither pooling nor plain convolutions.
enum WindowKernels {
    /// A convolution whose windows bend: the elements of each are moved by offsets, and weighed by a mask.
    static let bending: OperatorMaker = { node in
        let settings = try WindowSettings(node)
        let groups = try node.int("group", or: 1)
        let offsetGroups = try node.int("offset_group", or: 1)
        return { arguments in
            let budget = arguments.budget
            let (x, weights, offsets) = (try arguments(0), try arguments(1), try arguments(2))
            let (bias, mask) = (try arguments.optional(3), try arguments.optional(4))
            try x.expectRank(4)
            for tensor in [x, weights, offsets, bias, mask].compactMap({ $0 }) { try tensor.expect(.float32) }
            let windows = try ConvolutionKernels.windows(x, weights, bias, groups: groups, settings)
            let (images, channels, outputs) = (x.shape[0], x.shape[1], weights.shape[0])
            let (kernel, plane) = (Shapes.product(windows.kernel), Shapes.product(windows.results))
            guard offsetGroups > 0, offsetGroups <= channels, channels % offsetGroups == 0 else {
                throw DescentError(.badData, "groups that do not divide the channels", got: "\(offsetGroups)")
            }
            let moved = try Shapes.checkedProduct([offsetGroups, kernel])
            try offsets.expectShape([images, try Shapes.checkedProduct([moved, 2])] + windows.results)
            try mask?.expectShape([images, moved] + windows.results)
            let rows = try Shapes.checkedProduct([channels, kernel])
            let columns = try ONNXTensor(.float32, [rows, plane], budget)
            let y = try ONNXTensor(.float32, [images, outputs] + windows.results, budget)
            var form = cg_bending(
                channels: channels, height: x.shape[2], width: x.shape[3], out_height: windows.results[0],
                out_width: windows.results[1], kernel_height: windows.kernel[0],
                kernel_width: windows.kernel[1], stride_height: windows.strides[0],
                stride_width: windows.strides[1], top: windows.before[0], left: windows.before[1],
                dilation_height: windows.dilations[0], dilation_width: windows.dilations[1],
                offset_groups: offsetGroups)
            func floats(_ tensor: ONNXTensor, _ start: Int) -> UnsafeMutablePointer<Float> {
                tensor.base.assumingMemoryBound(to: Float.self) + start
            }
            for image in 0..<(y.count > 0 ? images : 0) {
                cg_bend_columns(
                    &form, floats(x, image * channels * x.shape[2] * x.shape[3]),
                    floats(offsets, image * moved * 2 * plane),
                    mask.map { floats($0, image * moved * plane) },
                    floats(columns, 0))
                for group in 0..<groups {
                    let (m, k) = (outputs / groups, rows / groups)
                    try ProductKernels.product(
                        .float32, m, plane, k, floats(weights, group * m * k),
                        floats(columns, group * k * plane), floats(y, (image * outputs + group * m) * plane))
                }
            }
            guard let bias else { return [y] }
            return [
                try ElementwiseKernels.binary(CG_ADD, y, bias.reshaped([1, outputs, 1, 1]), budget)
            ]
        }
    }

    /// Sums windows to images: the adjoint of their taking out.
    static let columnsToImages: OperatorMaker = { node in
        let settings = try WindowSettings(node)
        return { arguments in
            let x = try arguments(0)
            let (image, block) = (try arguments(1).ints(), try arguments(2).ints())
            try x.expect(.float32)
            try x.expectRank(3)
            guard image.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }), block.allSatisfy({ $0 > 0 && $0 < 1 << 40 })
            else { throw DescentError(.badData, "windows that are none", got: "\(block) in \(image)") }
            let windows = try settings.windows(over: image, kernel: block)
            let kernel = try Shapes.checkedProduct(block)
            let places = try Shapes.checkedProduct(windows.results)
            guard x.shape[1] % kernel == 0, x.shape[2] == places else {
                throw DescentError(
                    .badData, "columns that do not fit the windows", expected: "[N, C \(kernel), \(places)]",
                    got: "\(x.shape)")
            }
            let channels = x.shape[1] / kernel
            let y = try arguments.tensor(.float32, [x.shape[0], channels] + image)
            let (from, to) = (x.view(as: Float.self), y.view(as: Float.self))
            to.update(repeating: 0)
            let (inner, outer, own) = (
                Shapes.strides(block), Shapes.strides(windows.results), Shapes.strides(image)
            )
            let count = Shapes.product(image)
            for row in 0..<(y.count > 0 && places > 0 ? x.shape[0] * x.shape[1] : 0) {
                let (plane, element) = (row / kernel, row % kernel)
                for place in 0..<places {
                    var at: Int? = plane * count
                    for axis in image.indices {
                        let pixel =
                            place / outer[axis] % windows.results[axis] * windows.strides[axis]
                            - windows.before[axis]
                            + element / inner[axis] % block[axis] * windows.dilations[axis]
                        at = pixel >= 0 && pixel < image[axis] ? at.map { $0 + pixel * own[axis] } : nil
                    }
                    if let at { to[at] += from[row * places + place] }
                }
            }
            return [y]
        }
    }

    /// The middle of a tensor, or a border of zeros around it: axes of given lengths.
    static let centred: OperatorMaker = { node in
        let listed = try node.ints("axes")
        return { arguments in
            let x = try arguments(0)
            let target = try arguments(1).ints()
            let axes = try (listed ?? Array(0..<x.rank)).map { try Shapes.axis($0, rank: x.rank) }
            guard axes.count == target.count, target.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }) else {
                throw DescentError(
                    .badData, "another number of lengths than of axes", expected: "\(axes.count)",
                    got: "\(target)")
            }
            var before = [Int](repeating: 0, count: x.rank)
            var after = before
            var starts = before
            var ends = x.shape
            for (axis, length) in zip(axes, target) {
                let less = x.shape[axis] - length
                if less >= 0 {
                    starts[axis] = less / 2
                    ends[axis] = less / 2 + length
                } else {
                    before[axis] = -less / 2
                    after[axis] = -less - before[axis]
                }
            }
            let cut = try SlicingKernels.slice(
                x, starts: starts, ends: ends, axes: nil, steps: nil, arguments.budget)
            return [
                try SlicingKernels.pad(
                    cut, before: before, after: after, mode: "constant", value: nil, arguments.budget)
            ]
        }
    }
}

extension OperatorRegistry {
    static var windowOperators: Family {
        [
            ("DeformConv", 19, WindowKernels.bending), ("Col2Im", 18, WindowKernels.columnsToImages),
            ("CenterCropPad", 18, WindowKernels.centred),
        ]
    }
}
