import CGraph
import Support

/// Operators of detectors that read an image in regions.
enum RegionKernels {
    /// The most samples of one region: a corner far outside asks for any number of them.
    private static let mostSamples = 1 << 24

    /// Images [N, C, H, W] and regions [R, width]; whether they fit.
    private static func check(_ x: ONNXTensor, _ regions: ONNXTensor, width: Int) throws {
        try x.expect(.float32)
        try x.expectRank(4)
        try regions.expect(.float32)
        try regions.expectShape([regions.shape.first ?? 0, width])
        guard withExtendedLifetime(regions, { regions.view(as: Float.self).allSatisfy(\.isFinite) }) else {
            throw DescentError(.badData, "a region whose corners are no numbers")
        }
        guard x.count > 0 || regions.count == 0 else {
            throw DescentError(.badData, "regions of no image", got: "\(x.shape)")
        }
    }

    /// Means, or the largest pixels, of the cells of regions, read between the pixels.
    static let align: OperatorMaker = { node in
        let mode = try node.text("mode", or: "avg")
        let coordinates = try node.text(
            "coordinate_transformation_mode", or: node.version < 16 ? "output_half_pixel" : "half_pixel")
        let (high, wide) = (try node.int("output_height", or: 1), try node.int("output_width", or: 1))
        let samples = try node.int("sampling_ratio", or: 0)
        let scale = try node.float("spatial_scale", or: 1)
        guard mode == "avg" || mode == "max",
            coordinates == "half_pixel" || coordinates == "output_half_pixel",
            high > 0, wide > 0, high < 1 << 16, wide < 1 << 16, samples >= 0, samples < 1 << 12
        else {
            throw DescentError(
                .badData, "cells that are none", got: "\(mode), \(coordinates), \(high) x \(wide)")
        }
        return { arguments in
            let budget = arguments.budget
            let (x, corners) = (try arguments(0), try arguments(1))
            try check(x, corners, width: 4)
            let count = corners.shape[0]
            let images = try IndexingKernels.places(arguments(2), length: x.shape[0], budget)
            try images.expectShape([count])
            let values = corners.view(as: Float.self)
            for region in 0..<count where samples == 0 {
                let each = (0..<2).map { axis in
                    let length = (values[region * 4 + 2 + axis] - values[region * 4 + axis]) * scale
                    return Double(max(length, 1)) + Double(axis == 0 ? wide : high)
                }
                guard each[0] * each[1] <= Double(mostSamples) else {
                    throw DescentError(
                        .badData, "a region of more pixels than are read",
                        expected: "at most \(mostSamples)", got: "region \(region)")
                }
            }
            guard samples * samples * high * wide <= mostSamples else {
                throw DescentError(.badData, "a region of more samples than are read")
            }
            let isHalf = coordinates == "half_pixel"
            var form = cg_regions(
                channels: x.shape[1], height: x.shape[2], width: x.shape[3], count: count, cells_high: high,
                cells_wide: wide, samples: samples, scale: scale, offset: isHalf ? 0.5 : 0,
                largest: mode == "max" ? 1 : 0, widens: isHalf ? 0 : 1)
            let y = try ONNXTensor(.float32, [count, x.shape[1], high, wide], budget)
            cg_align_regions(
                &form, x.base.assumingMemoryBound(to: Float.self),
                corners.base.assumingMemoryBound(to: Float.self),
                images.base.assumingMemoryBound(to: Int64.self), y.base.assumingMemoryBound(to: Float.self))
            return [y]
        }
    }

    /// The largest pixels of the cells of regions whose corners are rounded to pixels.
    static let largest: OperatorMaker = { node in
        let cells = try node.ints("pooled_shape") ?? []
        let scale = try node.float("spatial_scale", or: 1)
        guard cells.count == 2, cells.allSatisfy({ $0 > 0 && $0 < 1 << 16 }) else {
            throw DescentError(.badData, "cells that are none", got: "\(cells)")
        }
        return { arguments in
            let budget = arguments.budget
            let (x, regions) = (try arguments(0), try arguments(1))
            try check(x, regions, width: 5)
            let (count, channels, height, width) = (regions.shape[0], x.shape[1], x.shape[2], x.shape[3])
            let y = try ONNXTensor(.float32, [count, channels, cells[0], cells[1]], budget)
            let (from, to) = (x.view(as: Float.self), y.view(as: Float.self))
            let corners = regions.view(as: Float.self)
            for region in 0..<count {
                let own = (0..<5).map { index -> Int in
                    let value = corners[region * 5 + index] * (index == 0 ? 1 : scale)
                    return Int(min(max(value, -1e9), 1e9).rounded())
                }
                guard own[0] >= 0, own[0] < x.shape[0] else {
                    throw DescentError(
                        .badData, "an index outside the axis", expected: "0..<\(x.shape[0])", got: "\(own[0])"
                    )
                }
                func range(_ low: Int, _ high: Int, _ cell: Int, _ cells: Int, _ limit: Int) -> Range<Int> {
                    let each = Float(max(high - low + 1, 1)) / Float(cells)
                    let first = min(max(Int((Float(cell) * each).rounded(.down)) + low, 0), limit)
                    let end = min(max(Int((Float(cell + 1) * each).rounded(.up)) + low, 0), limit)
                    return first..<max(first, end)
                }
                for channel in 0..<channels {
                    let plane = (own[0] * channels + channel) * height * width
                    for i in 0..<cells[0] {
                        let rows = range(own[2], own[4], i, cells[0], height)
                        for j in 0..<cells[1] {
                            let columns = range(own[1], own[3], j, cells[1], width)
                            var largest: Float?
                            for row in rows {
                                for column in columns {
                                    let value = from[plane + row * width + column]
                                    largest = max(largest ?? value, value)
                                }
                            }
                            to[((region * channels + channel) * cells[0] + i) * cells[1] + j] = largest ?? 0
                        }
                    }
                }
            }
            return [y]
        }
    }
}

/// Operators that read an image at the places of a grid, or make one.
enum GridKernels {
    static let sample: OperatorMaker = { node in
        let mode = try node.text("mode", or: node.version < 20 ? "bilinear" : "linear")
        let border = try node.text("padding_mode", or: "zeros")
        let aligns = try node.flag("align_corners")
        let modes = [
            "bilinear": CG_GRID_LINEAR, "linear": CG_GRID_LINEAR, "nearest": CG_GRID_NEAREST,
            "bicubic": CG_GRID_CUBIC, "cubic": CG_GRID_CUBIC,
        ]
        let borders = ["zeros": CG_GRID_ZEROS, "border": CG_GRID_EDGE, "reflection": CG_GRID_REFLECTED]
        guard let kind = modes[mode], let edge = borders[border] else {
            throw DescentError(.badData, "a mode that is not known", got: "'\(mode)', '\(border)'")
        }
        return { arguments in
            let (x, grid) = (try arguments(0), try arguments(1))
            try x.expect(.float32)
            try x.expectRank(3, orMore: true)
            try grid.expect(.float32)
            let rank = x.rank - 2
            guard rank <= 3, grid.rank == x.rank, grid.shape[0] == x.shape[0], grid.shape[rank + 1] == rank
            else {
                throw DescentError(
                    .badData, "a grid that does not fit its images", expected: "[N, ..., \(rank)]",
                    got: "\(grid.shape) for \(x.shape)")
            }
            let places = Array(grid.shape[1...rank])
            let y = try arguments.tensor(.float32, Array(x.shape[..<2]) + places)
            cg_sample_grid(
                kind, edge, aligns ? 1 : 0, x.shape[0], x.shape[1], Int32(rank), Array(x.shape[2...]),
                Shapes.product(places), x.base.assumingMemoryBound(to: Float.self),
                grid.base.assumingMemoryBound(to: Float.self), y.base.assumingMemoryBound(to: Float.self))
            return [y]
        }
    }

    /// A grid of places that a matrix for each image has moved.
    static let affine: OperatorMaker = { node in
        let aligns = try node.flag("align_corners")
        return { arguments in
            let budget = arguments.budget
            let given = try arguments(0)
            let size = try arguments(1).ints()
            let rank = size.count - 2
            guard given.type.isReal, rank == 2 || rank == 3, given.shape == [size[0], rank, rank + 1] else {
                throw DescentError(
                    .badData, "matrices that do not fit the size", got: "\(given.shape) for \(size)")
            }
            let lengths = Array(size[2...])
            let grid = try ONNXTensor(.float64, [size[0]] + lengths + [rank], budget)
            let matrices = try given.doubles(budget)
            let view = grid.view(as: Double.self)
            let strides = Shapes.strides(lengths)
            let count = Shapes.product(lengths)
            for index in 0..<grid.count / rank {
                let (image, place) = (index / count, index % count)
                // The last axis is the first coordinate.
                let at = (0..<rank).reversed().map { axis -> Double in
                    let (pixel, length) = (
                        Double(place / strides[axis] % lengths[axis]), Double(lengths[axis])
                    )
                    if aligns { return length > 1 ? -1 + 2 * pixel / (length - 1) : -1 }
                    return -1 + (2 * pixel + 1) / length
                }
                for row in 0..<rank {
                    let start = (image * rank + row) * (rank + 1)
                    view[index * rank + row] = (0..<rank).reduce(matrices[start + rank]) {
                        $0 + matrices[start + $1] * at[$1]
                    }
                }
            }
            return [try grid.cast(to: given.type, budget)]
        }
    }
}

extension OperatorRegistry {
    static var regionOperators: Family {
        [
            ("RoiAlign", 10, RegionKernels.align), ("MaxRoiPool", 1, RegionKernels.largest),
            ("GridSample", 16, GridKernels.sample), ("AffineGrid", 20, GridKernels.affine),
        ]
    }
}
