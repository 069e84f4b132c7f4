import CGraph
import Support

/// Pooling.
enum PoolingKernels {
    static let max: OperatorMaker = { node in
        let settings = try WindowSettings(node)
        let byColumns = try node.flag("storage_order")
        let wantsPlaces = node.wants(1)
        return { arguments in
            let laid = try arguments.asLaid(0)
            try laid.expectRank(3, orMore: true)
            let windows = try settings.windows(over: Array(laid.shape[2...]))
            if !wantsPlaces,
                let y = try BlockedKernels.pool(
                    laid, windows, mean: false, countsPadding: false, arguments.budget)
            {
                return [y]
            }
            let x = try laid.inRows(arguments.budget)
            let shape = Array(x.shape[..<2]) + windows.results
            let y = try arguments.tensor(x.type, shape)
            let places = wantsPlaces ? try arguments.tensor(.int64, shape) : nil
            let done = windows.withForm {
                cg_max_pool(
                    x.type.rawValue, x.shape[0] * x.shape[1], $0, byColumns ? 1 : 0, x.base, y.base,
                    places?.base.assumingMemoryBound(to: Int64.self))
            }
            guard done == 1 else { throw typeMisfit(x.type) }
            return [y] + (places.map { [$0] } ?? [])
        }
    }

    static let average: OperatorMaker = { node in
        let settings = try WindowSettings(node)
        let countsPadding = try node.flag("count_include_pad")
        return { arguments in
            let laid = try arguments.asLaid(0)
            try laid.expectRank(3, orMore: true)
            let windows = try settings.windows(over: Array(laid.shape[2...]))
            if let y = try BlockedKernels.pool(
                laid, windows, mean: true, countsPadding: countsPadding, arguments.budget)
            {
                return [y]
            }
            let x = try laid.inRows(arguments.budget)
            let y = try arguments.tensor(x.type, Array(x.shape[..<2]) + windows.results)
            let done = windows.withForm {
                cg_average_pool(
                    x.type.rawValue, x.shape[0] * x.shape[1], $0, countsPadding ? 1 : 0, x.base, y.base)
            }
            guard done == 1 else { throw typeMisfit(x.type) }
            return [y]
        }
    }

    static let norm: OperatorMaker = { node in
        let settings = try WindowSettings(node)
        let p = Double(try node.int("p", or: 2))
        return { arguments in
            let x = try arguments(0)
            try x.expectRank(3, orMore: true)
            try x.expect(.float32)
            let windows = try settings.windows(over: Array(x.shape[2...]))
            let y = try arguments.tensor(x.type, Array(x.shape[..<2]) + windows.results)
            windows.withForm {
                cg_norm_pool(
                    x.shape[0] * x.shape[1], $0, p, x.base.assumingMemoryBound(to: Float.self),
                    y.base.assumingMemoryBound(to: Float.self))
            }
            return [y]
        }
    }

    /// Over the whole planes.
    static func global(_ op: cg_reduction) -> OperatorMaker {
        { _ in
            { arguments in
                let laid = try arguments.asLaid(0)
                try laid.expectRank(3, orMore: true)
                if let windows = Windows(global: laid.shape),
                    let y = try BlockedKernels.pool(
                        laid, windows, mean: op == CG_MEAN, countsPadding: false, arguments.budget)
                {
                    return [y]
                }
                let x = try laid.inRows(arguments.budget)
                return [
                    try ReductionKernels.reduce(op, x, Array(2..<x.rank), keepsAxes: true, arguments.budget)
                ]
            }
        }
    }
}

extension OperatorRegistry {
    static var poolingOperators: Family {
        [
            ("MaxPool", 1, PoolingKernels.max), ("AveragePool", 1, PoolingKernels.average),
            ("LpPool", 2, PoolingKernels.norm),
            ("GlobalAveragePool", 1, PoolingKernels.global(CG_MEAN)),
            ("GlobalMaxPool", 1, PoolingKernels.global(CG_LARGEST)),
        ]
    }
}
