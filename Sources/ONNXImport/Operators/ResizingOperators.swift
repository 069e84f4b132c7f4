import CGraph
import Support

/// Resizing, one axis after another.
struct ResizingSettings: Sendable {
    var mode = "nearest"
    var coordinates = "half_pixel"
    var nearest = "round_prefer_floor"
    var cubic: Double = -0.75
    var excludesOutside = false
    var smooths = false
    var extrapolation: Double = 0

    init(_ node: Node) throws {
        mode = try node.text("mode", or: "nearest")
        coordinates = try node.text("coordinate_transformation_mode", or: "half_pixel")
        nearest = try node.text("nearest_mode", or: "round_prefer_floor")
        cubic = Double(try node.float("cubic_coeff_a", or: -0.75))
        excludesOutside = try node.flag("exclude_outside")
        smooths = try node.flag("antialias")
        extrapolation = Double(try node.float("extrapolation_value", or: 0))
        guard ["nearest", "linear", "cubic", "bilinear"].contains(mode) else {
            throw DescentError(.badData, "a mode that is not known", got: "'\(mode)'")
        }
        if mode == "bilinear" { mode = "linear" }
    }

    /// Returns where an element of the result looks in the source.
    func source(_ x: Int, in n: Int, out m: Int, scale: Double, region: (Double, Double)) throws -> Double {
        let x = Double(x)
        switch coordinates {
        case "half_pixel": return (x + 0.5) / scale - 0.5
        case "pytorch_half_pixel": return m > 1 ? (x + 0.5) / scale - 0.5 : 0
        case "asymmetric": return x / scale
        case "align_corners":
            // The length before it is rounded down, as the reference has it.
            let length = scale * Double(n)
            return m > 1 && length > 1 ? x * Double(n - 1) / (length - 1) : 0
        case "half_pixel_symmetric":
            let adjustment = Double(m) / (scale * Double(n))
            let offset = Double(n) / 2 * (1 - adjustment)
            return offset + (x + 0.5) / scale - 0.5
        case "tf_half_pixel_for_nn": return (x + 0.5) / scale
        case "tf_crop_and_resize":
            let (start, end) = region
            return m > 1
                ? start * Double(n - 1) + x * (end - start) * Double(n - 1) / Double(m - 1)
                : 0.5 * (start + end) * Double(n - 1)
        default: throw DescentError(.badData, "coordinates that are not known", got: "'\(coordinates)'")
        }
    }

    /// The elements of the source, with their weights, that one element of the result is made of.
    func taps(_ place: Double, in n: Int, scale: Double) throws -> [(place: Int, weight: Double)] {
        guard place.isFinite, abs(place) < 1e15 else { throw DescentError(.badData, "a place that is none") }
        if mode == "nearest" {
            let index: Double
            switch nearest {
            case "round_prefer_floor": index = (place - 0.5).rounded(.up)
            case "round_prefer_ceil": index = (place + 0.5).rounded(.down)
            case "floor": index = place.rounded(.down)
            case "ceil": index = place.rounded(.up)
            default: throw DescentError(.badData, "a way to round that is not known", got: "'\(nearest)'")
            }
            return [(min(max(Int(index), 0), n - 1), 1)]
        }
        // Where it becomes smaller and is smoothed, the window grows by as much.
        let stretch = smooths ? min(scale, 1) : 1
        let reach = (mode == "cubic" ? 2.0 : 1.0) / stretch
        guard reach < Double(n) * 4 + 16 else { throw DescentError(.badData, "a scale that is too small") }
        let first = Int((place - reach).rounded(.down)) + 1
        let last = max(first, Int((place + reach).rounded(.up)) - 1)
        var found: [(place: Int, weight: Double)] = []
        var total = 0.0
        for index in first...last {
            let weight = self.weight((Double(index) - place) * stretch)
            if excludesOutside, index < 0 || index >= n { continue }
            total += weight
            found.append((min(max(index, 0), n - 1), weight))
        }
        if found.isEmpty { return [(min(max(Int(place.rounded()), 0), n - 1), 1)] }
        guard excludesOutside || smooths, total != 0 else { return found }
        return found.map { ($0.place, $0.weight / total) }
    }

    private func weight(_ distance: Double) -> Double {
        let d = abs(distance)
        if mode == "linear" { return max(0, 1 - d) }
        let a = cubic
        if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
        return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
    }
}

enum ResizingKernels {
    static func resize(
        _ x: ONNXTensor, to shape: [Int], scales: [Double], regions: [(Double, Double)],
        _ settings: ResizingSettings, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let whole = try ONNXTensor(x.type, shape, budget)
        if whole.count == 0 { return whole }
        // The lists of places below take some memory for each element of an axis.
        _ = try ONNXTensor(.float64, [shape.max() ?? 0, 16], budget)
        guard x.count > 0 || Shapes.product(shape) == 0 else {
            throw DescentError(.badData, "no elements to make others of", got: "\(x.shape)")
        }
        var result = settings.mode == "nearest" ? x : try x.cast(to: .float32, budget)
        var outside: [[Bool]] = []
        for axis in shape.indices {
            let (n, m) = (x.shape[axis], shape[axis])
            outside.append([Bool](repeating: false, count: m))
            if n == m, scales[axis] == 1, settings.coordinates != "tf_crop_and_resize" { continue }
            var all: [[(place: Int, weight: Double)]] = []
            for index in 0..<m {
                let place = try settings.source(
                    index, in: n, out: m, scale: scales[axis], region: regions[axis])
                if settings.coordinates == "tf_crop_and_resize" {
                    outside[axis][index] = place < 0 || place > Double(n - 1)
                }
                all.append(try settings.taps(place, in: n, scale: scales[axis]))
            }
            if settings.mode == "nearest" {
                let places = all.map { Int64($0[0].place) }
                result = try IndexingKernels.gather(
                    result, ONNXTensor(places, shape: [m], budget), axis: axis, budget)
                continue
            }
            let taps = all.map(\.count).max() ?? 1
            var places = [Int32](repeating: 0, count: m * taps)
            var weights = [Float](repeating: 0, count: m * taps)
            for (index, list) in all.enumerated() {
                for (tap, entry) in list.enumerated() {
                    places[index * taps + tap] = Int32(entry.place)
                    weights[index * taps + tap] = Float(entry.weight)
                }
            }
            var next = result.shape
            next[axis] = m
            let y = try ONNXTensor(.float32, next, budget)
            cg_resample(
                Shapes.product(next[..<axis]), n, m, Shapes.product(next[(axis + 1)...]), taps, places,
                weights,
                result.base.assumingMemoryBound(to: Float.self), y.base.assumingMemoryBound(to: Float.self))
            result = y
        }
        result = try result.cast(to: x.type, budget)
        guard outside.contains(where: { $0.contains(true) }) else { return result }
        return try extrapolated(result, outside, settings.extrapolation, budget)
    }

    /// The value of the node where a crop reaches out of the source.
    private static func extrapolated(
        _ x: ONNXTensor, _ outside: [[Bool]], _ value: Double, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let mask = try ONNXTensor(.bool, x.shape, budget)
        let view = mask.view(as: UInt8.self)
        let strides = Shapes.strides(x.shape)
        for index in 0..<x.count {
            let isOut = x.shape.indices.contains { outside[$0][index / strides[$0] % x.shape[$0]] }
            view[index] = isOut ? 1 : 0
        }
        let fill = try ONNXTensor([value], shape: [], budget).cast(to: x.type, budget)
        return try SelectionKernels.choose(mask, fill, x, budget)
    }

    /// The lengths and scales that a Resize node's inputs say.
    static func target(
        _ x: ONNXTensor, _ node: [Int]?, _ scales: ONNXTensor?, _ sizes: ONNXTensor?, policy: String,
        _ budget: MemoryBudget
    ) throws -> (shape: [Int], scales: [Double]) {
        let axes = try (node ?? Array(0..<x.rank)).map { try Shapes.axis($0, rank: x.rank) }
        var shape = x.shape
        var all = [Double](repeating: 1, count: x.rank)
        if let sizes, sizes.count > 0 {
            let lengths = try sizes.ints()
            guard lengths.count == axes.count, lengths.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }) else {
                throw DescentError(.badData, "sizes that are not one for each axis", got: "\(lengths)")
            }
            for (axis, length) in zip(axes, lengths) {
                shape[axis] = length
                all[axis] = Double(length) / Double(max(x.shape[axis], 1))
            }
            if policy != "stretch" {
                let ratios = axes.map { all[$0] }
                let scale = (policy == "not_larger" ? ratios.min() : ratios.max()) ?? 1
                for axis in axes {
                    all[axis] = scale
                    let length = (scale * Double(x.shape[axis])).rounded(.toNearestOrAwayFromZero)
                    guard length < 1e12 else { throw DescentError(.badData, "a size that overflows") }
                    shape[axis] = Int(length)
                }
            }
        } else if let scales, scales.count > 0 {
            let factors = try scales.doubles(budget)
            guard factors.count == axes.count,
                factors.allSatisfy({ $0.isFinite && $0 > 0 && $0 < 1e9 })
            else { throw DescentError(.badData, "scales that are not one for each axis", got: "\(factors)") }
            for (axis, factor) in zip(axes, factors) {
                all[axis] = factor
                let length = (Double(x.shape[axis]) * factor).rounded(.down)
                guard length < 1e12 else { throw DescentError(.badData, "a size that overflows") }
                shape[axis] = Int(length)
            }
        } else {
            throw DescentError(.badData, "neither scales nor sizes")
        }
        return (shape, all)
    }
}

extension OperatorRegistry {
    static var resizingOperators: Family {
        let upsample:
            @Sendable (Node, @escaping @Sendable (Arguments) throws -> ONNXTensor?) throws -> Operator = {
                node, scales in
                var settings = try ResizingSettings(node)
                settings.coordinates = "asymmetric"
                settings.nearest = "floor"
                return { [settings] arguments in
                    let x = try arguments(0)
                    let (shape, factors) = try ResizingKernels.target(
                        x, nil, scales(arguments), nil, policy: "stretch", arguments.budget)
                    return [
                        try ResizingKernels.resize(
                            x, to: shape, scales: factors, regions: x.shape.map { _ in (0, 1) }, settings,
                            arguments.budget)
                    ]
                }
            }
        return [
            (
                "Upsample", 7,
                { node in
                    let list = try node.floats("scales") ?? []
                    return try upsample(node) { try ONNXTensor(list, shape: [list.count], $0.budget) }
                }
            ),
            ("Upsample", 9, { try upsample($0) { try $0.optional(1) } }),
            ("Resize", 10, { try upsample($0) { try $0.optional(1) } }),
            (
                "Resize", 11,
                { node in
                    let settings = try ResizingSettings(node)
                    let axes = try node.ints("axes")
                    let policy = try node.text("keep_aspect_ratio_policy", or: "stretch")
                    return { arguments in
                        let x = try arguments(0)
                        let (shape, scales) = try ResizingKernels.target(
                            x, axes, arguments.optional(2), arguments.optional(3), policy: policy,
                            arguments.budget)
                        var regions = x.shape.map { _ in (0.0, 1.0) }
                        if let region = try arguments.optional(1), region.count > 0 {
                            let ends = try region.doubles(arguments.budget)
                            let named = try (axes ?? Array(0..<x.rank)).map {
                                try Shapes.axis($0, rank: x.rank)
                            }
                            guard ends.count == 2 * named.count else {
                                throw DescentError(.badData, "a region that is not two for each axis")
                            }
                            for (index, axis) in named.enumerated() {
                                regions[axis] = (ends[index], ends[index + named.count])
                            }
                        }
                        return [
                            try ResizingKernels.resize(
                                x, to: shape, scales: scales, regions: regions, settings, arguments.budget)
                        ]
                    }
                }
            ),
        ]
    }
}
