import Arrays

// What each operation of operations.json is in this package.

extension OperationCase {
    func creation() -> Typed? {
        let bounds = numbers("bounds")
        let whole = integers("bounds")
        switch op {
        case "arange":
            switch bounds.count {
            case 1: return Typed(NDArray<Double>.arange(bounds[0]))
            case 2: return Typed(NDArray<Double>.arange(bounds[0], bounds[1]))
            default: return Typed(NDArray<Double>.arange(bounds[0], bounds[1], bounds[2]))
            }
        case "arange_int": return Typed(NDArray<Int>.arange(whole[0], whole[1], whole[2]))
        case "linspace":
            return Typed(
                NDArray<Double>.linspace(
                    bounds[0], bounds[1], integer("count") ?? 0, endpoint: flag("endpoint")))
        case "eye": return Typed(NDArray<Double>.eye(whole[0], whole[1], offset: whole[2]))
        default: return nil
        }
    }

    func floating<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        switch op {
        case "divide": return Typed(x / (try array(1)))
        case "arctan2": return Typed(arctan2(x, try array(1)))
        case "exp": return Typed(exp(x))
        case "log": return Typed(log(x))
        case "sqrt": return Typed(sqrt(x))
        case "tanh": return Typed(tanh(x))
        case "expm1": return Typed(expm1(x))
        case "log1p": return Typed(log1p(x))
        case "log2": return Typed(log2(x))
        case "log10": return Typed(log10(x))
        case "sin": return Typed(sin(x))
        case "cos": return Typed(cos(x))
        case "tan": return Typed(tan(x))
        case "arcsin": return Typed(arcsin(x))
        case "arccos": return Typed(arccos(x))
        case "arctan": return Typed(arctan(x))
        case "sinh": return Typed(sinh(x))
        case "cosh": return Typed(cosh(x))
        case "floor": return Typed(floor(x))
        case "ceil": return Typed(ceil(x))
        case "rint": return Typed(rint(x))
        case "trunc": return Typed(trunc(x))
        case "reciprocal": return Typed(reciprocal(x))
        case "isnan": return Typed(isNaN(x))
        case "isinf": return Typed(isInfinite(x))
        case "isfinite": return Typed(isFinite(x))
        case "round": return Typed(x.rounded(decimals: integer("decimals") ?? 0))
        default: return nil
        }
    }

    func integral<Scalar: IntegerScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        switch op {
        case "divide": return Typed(x / (try array(1)))
        case "one_hot": return Typed(NDArray<Double>.oneHot(x.asType(), classes: 4))
        default: return nil
        }
    }

    func numeric<Scalar: NumericScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        func y() throws -> NDArray<Scalar> { try array(1) }
        switch op {
        case "add": return Typed(x + (try y()))
        case "subtract": return Typed(x - (try y()))
        case "multiply": return Typed(x * (try y()))
        case "modulo": return Typed(x % (try y()))
        case "floor_divide": return Typed(x.floorDivided(by: try y()))
        case "maximum": return Typed(maximum(x, try y()))
        case "minimum": return Typed(minimum(x, try y()))
        case "less": return Typed(x .< (try y()))
        case "less_equal": return Typed(x .<= (try y()))
        case "greater": return Typed(x .> (try y()))
        case "greater_equal": return Typed(x .>= (try y()))
        case "power": return Typed(power(x, try y()))
        case "abs": return Typed(abs(x))
        case "sign": return Typed(sign(x))
        case "square": return Typed(square(x))
        case "negative": return Typed(-x)
        case "clip":
            guard let low = Scalar(number("low")), let high = Scalar(number("high")) else { return nil }
            return Typed(x.clipped(to: low...high))
        case "max", "min", "argmax", "argmin": return extreme(x)
        case "dot": return Typed(dot(x, try y()))
        case "matmul": return Typed(matmul(x, try y()))
        case "outer": return Typed(outer(x, try y()))
        case "update": return try updating(x)
        default: return nil
        }
    }

    private func extreme<Scalar: NumericScalar>(_ x: NDArray<Scalar>) -> Typed {
        let keep = flag("keep")
        if let axes = content["axis"] as? [Int] {
            return op == "max"
                ? Typed(x.max(axis: axes, keepingDimensions: keep))
                : Typed(x.min(axis: axes, keepingDimensions: keep))
        }
        guard let axis = integer("axis") else {
            switch op {
            case "max": return Typed(NDArray(x.max()))
            case "min": return Typed(NDArray(x.min()))
            case "argmax": return Typed(NDArray<Int>(x.argMax()))
            default: return Typed(NDArray<Int>(x.argMin()))
            }
        }
        switch op {
        case "max": return Typed(x.max(axis: axis, keepingDimensions: keep))
        case "min": return Typed(x.min(axis: axis, keepingDimensions: keep))
        case "argmax": return Typed(x.argMax(axis: axis, keepingDimensions: keep))
        default: return Typed(x.argMin(axis: axis, keepingDimensions: keep))
        }
    }

    func general<Scalar: ArrayScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try op == "where" ? array(1) : array(0)
        switch op {
        case "equal": return Typed(x .== (try array(1)))
        case "not_equal": return Typed(x .!= (try array(1)))
        case "where": return Typed(NDArray.where(try array(0), x, try array(2)))
        case "sum", "mean", "product", "std", "variance", "any", "all", "cumsum": return reduction(x)
        case "reshape": return Typed(x.reshaped(to: integers("shape")))
        case "transpose": return Typed(x.permuted(integers("axes")))
        case "expand_dims": return Typed(x.expandingDimensions(at: integer("axis") ?? 0))
        case "moveaxis": return Typed(x.movingAxis(integer("source") ?? 0, to: integer("destination") ?? 0))
        case "squeeze": return Typed(x.squeezed())
        case "broadcast_to": return Typed(x.broadcast(to: integers("shape")))
        case "concatenate", "stack":
            let arrays = try args.indices.map { try array($0, as: type) }
            let axis = integer("axis") ?? 0
            return Typed(op == "stack" ? stack(arrays, axis: axis) : concatenate(arrays, axis: axis))
        case "astype": return conversion(x)
        case "index", "assign": return try indexing(x)
        default: return nil
        }
    }

    private func reduction<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) -> Typed {
        let keep = flag("keep")
        if let axes = content["axis"] as? [Int] {
            return op == "sum"
                ? Typed(x.sum(axis: axes, keepingDimensions: keep))
                : Typed(x.mean(axis: axes, keepingDimensions: keep))
        }
        guard let axis = integer("axis") else {
            switch op {
            case "sum": return Typed(NDArray(x.sum()))
            case "mean": return Typed(NDArray(x.mean()))
            case "product": return Typed(NDArray(x.product()))
            case "std": return Typed(NDArray(x.std()))
            case "variance": return Typed(NDArray(x.variance(ddof: integer("ddof") ?? 0)))
            case "any": return Typed(NDArray<Bool>(x.any()))
            case "all": return Typed(NDArray<Bool>(x.all()))
            default: return Typed(x.cumulativeSum())
            }
        }
        switch op {
        case "sum": return Typed(x.sum(axis: axis, keepingDimensions: keep))
        case "mean": return Typed(x.mean(axis: axis, keepingDimensions: keep))
        case "product": return Typed(x.product(axis: axis, keepingDimensions: keep))
        case "std": return Typed(x.std(axis: axis, keepingDimensions: keep))
        case "variance":
            return Typed(x.variance(axis: axis, ddof: integer("ddof") ?? 0, keepingDimensions: keep))
        case "any": return Typed(x.any(axis: axis, keepingDimensions: keep))
        case "all": return Typed(x.all(axis: axis, keepingDimensions: keep))
        default: return Typed(x.cumulativeSum(axis: axis))
        }
    }

    private func conversion<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) -> Typed? {
        switch content["type"] as? String {
        case "f4": Typed(x.asType(Float.self))
        case "f8": Typed(x.asType(Double.self))
        case "i4": Typed(x.asType(Int32.self))
        case "i8": Typed(x.asType(Int.self))
        case "u1": Typed(x.asType(UInt8.self))
        case "b1": Typed(x.asType(Bool.self))
        default: nil
        }
    }
}

extension NumericScalar {
    /// A bound of clip, which the vectors have for floating point only.
    fileprivate init?(_ value: Double) {
        if let exact = Self.self as? Double.Type, let value = exact.init(value) as? Self {
            self = value
        } else if let value = Float(value) as? Self {
            self = value
        } else {
            return nil
        }
    }
}
