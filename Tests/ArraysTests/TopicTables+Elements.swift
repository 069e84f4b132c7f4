import Arrays

// What each operation of elements.json, and those of reductions.json without NaN, are in this package.

extension OperationCase {
    func floatingTopic<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        func y() throws -> NDArray<Scalar> { try array(1) }
        switch op {
        case "exp2": return Typed(exp2(x))
        case "cbrt": return Typed(cbrt(x))
        case "arcsinh": return Typed(arcsinh(x))
        case "arccosh": return Typed(arccosh(x))
        case "arctanh": return Typed(arctanh(x))
        case "deg2rad": return Typed(deg2rad(x))
        case "rad2deg": return Typed(rad2deg(x))
        case "signbit": return Typed(signbit(x))
        case "fix": return Typed(fix(x))
        case "sinc": return Typed(sinc(x))
        case "nan_to_num": return Typed(x.replacingNaN())
        case "nan_to_num_values":
            return Typed(x.replacingNaN(with: 7, positiveInfinity: 8, negativeInfinity: -9))
        case "hypot": return Typed(hypot(x, try y()))
        case "copysign": return Typed(copysign(x, try y()))
        case "logaddexp": return Typed(logaddexp(x, try y()))
        case "logaddexp2": return Typed(logaddexp2(x, try y()))
        case "fmax": return Typed(fmax(x, try y()))
        case "fmin": return Typed(fmin(x, try y()))
        case "clip": return clipped(x)
        case "isClose", "allClose", "isEqual": return try close(x)
        default: return nanReduced(x)
        }
    }

    private func clipped<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> Typed {
        func bound(_ key: String) -> Scalar? {
            (content[key] as? String).flatMap(Double.init).map(Scalar.init)
        }
        switch (bound("low"), bound("high")) {
        case (let low?, let high?): return Typed(x.clipped(to: low...high))
        case (let low?, nil): return Typed(x.clipped(to: low...))
        case (nil, let high?): return Typed(x.clipped(to: ...high))
        case (nil, nil): return Typed(x)
        }
    }

    private func close<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) throws -> Typed {
        let y: NDArray<Scalar> = try array(1)
        let (tolerances, equal) = (numbers("tolerances").map { Scalar($0) }, flag("equal"))
        switch op {
        case "isClose":
            return Typed(
                isClose(
                    x, y, relativeTolerance: tolerances[0], absoluteTolerance: tolerances[1], equalNaN: equal)
            )
        case "allClose":
            let all = allClose(
                x, y, relativeTolerance: tolerances[0], absoluteTolerance: tolerances[1], equalNaN: equal)
            let miss = mismatch(
                x, y, relativeTolerance: tolerances[0], absoluteTolerance: tolerances[1], equalNaN: equal)
            guard all == (miss == nil) else { throw VectorFile.Missing(name: "one answer of both") }
            return Typed(NDArray(all))
        default: return Typed(NDArray(x.isEqual(to: y, equalNaN: equal)))
        }
    }

    private func nanReduced<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> Typed? {
        let (k, ddof) = (keep, integer("ddof") ?? 0)
        switch op {
        case "nanSum":
            return three(
                x.nanSum(), { x.nanSum(axis: $0, keepingDimensions: k) },
                { x.nanSum(axis: $0, keepingDimensions: k) })
        case "nanProduct":
            return three(
                x.nanProduct(), { x.nanProduct(axis: $0, keepingDimensions: k) },
                { x.nanProduct(axis: $0, keepingDimensions: k) })
        case "nanMean":
            return three(
                x.nanMean(), { x.nanMean(axis: $0, keepingDimensions: k) },
                { x.nanMean(axis: $0, keepingDimensions: k) })
        case "nanVariance":
            return three(
                x.nanVariance(ddof: ddof), { x.nanVariance(axis: $0, ddof: ddof, keepingDimensions: k) },
                { x.nanVariance(axis: $0, ddof: ddof, keepingDimensions: k) })
        case "nanStd":
            return three(
                x.nanStd(ddof: ddof), { x.nanStd(axis: $0, ddof: ddof, keepingDimensions: k) },
                { x.nanStd(axis: $0, ddof: ddof, keepingDimensions: k) })
        case "nanMax":
            return three(
                x.nanMax(), { x.nanMax(axis: $0, keepingDimensions: k) },
                { x.nanMax(axis: $0, keepingDimensions: k) })
        case "nanMin":
            return three(
                x.nanMin(), { x.nanMin(axis: $0, keepingDimensions: k) },
                { x.nanMin(axis: $0, keepingDimensions: k) })
        case "nanMedian":
            return three(
                x.nanMedian(), { x.nanMedian(axis: $0, keepingDimensions: k) },
                { x.nanMedian(axis: $0, keepingDimensions: k) })
        case "nanQuantile": return nanQuantile(x)
        case "nanArgMax":
            return three(x.nanArgMax(), { x.nanArgMax(axis: $0, keepingDimensions: k) }, { _ in [] })
        case "nanArgMin":
            return three(x.nanArgMin(), { x.nanArgMin(axis: $0, keepingDimensions: k) }, { _ in [] })
        case "nanCumulativeSum": return Typed(x.nanCumulativeSum(axis: axis))
        case "nanCumulativeProduct": return Typed(x.nanCumulativeProduct(axis: axis))
        default: return nil
        }
    }

    private func nanQuantile<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> Typed {
        let q = numbers("q")[0]
        let names: [String: QuantileMethod] = [
            "nearest": .nearest, "midpoint": .midpoint, "hazen": .hazen, "lower": .lower,
        ]
        let method = names[content["method"] as? String ?? ""] ?? .linear
        return three(
            x.nanQuantile(q, method: method), { x.nanPercentile(q * 100, axis: $0, method: method) },
            { x.nanQuantile(q, axis: $0, method: method) })
    }

    func numericTopic<Scalar: NumericScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        func y() throws -> NDArray<Scalar> { try array(1) }
        switch op {
        case "fmod": return Typed(fmod(x, try y()))
        case "divmod_0": return Typed(x.floorDividedAndRemainder(by: try y()).quotient)
        case "divmod_1": return Typed(x.floorDividedAndRemainder(by: try y()).remainder)
        case "modulo_scalar":
            var changed = x.broadcast(to: try y().shape)
            changed %= try y()
            let result = x.item() % (try y())
            guard changed == result else { throw VectorFile.Missing(name: "% and %= alike") }
            return Typed(result)
        case "power": return Typed(power(x, try y()))
        case "power_scalar": return Typed(power(x.item(), try y()))
        case "peakToPeak":
            return three(
                x.peakToPeak(), { x.peakToPeak(axis: $0, keepingDimensions: keep) },
                { x.peakToPeak(axis: $0, keepingDimensions: keep) })
        case "differences": return Typed(x.differences(order: integer("order") ?? 1, axis: axis ?? -1))
        case "differences_between":
            return Typed(x.differences(axis: axis ?? -1, prepending: try y(), appending: try y()))
        case "elementDifferences": return Typed(x.elementDifferences())
        case "elementDifferences_between":
            return Typed(x.elementDifferences(beginning: try y(), ending: try y()))
        default: return nil
        }
    }

    func integerTopic<Scalar: IntegerScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        func y() throws -> NDArray<Scalar> { try array(1) }
        switch op {
        case "shift_left": return Typed(x << (try y()))
        case "shift_right": return Typed(x >> (try y()))
        case "bit_and": return Typed(x .& (try y()))
        case "bit_or": return Typed(x .| (try y()))
        case "bit_xor": return Typed(x .^ (try y()))
        case "invert": return Typed(~x)
        case "isClose":
            let y: NDArray<Int> = try array(1)
            return Typed(isClose(x, y))
        case "whole_with_fraction":
            switch (content["sign"] as? String ?? "", flag("left")) {
            case ("+", true): return Typed(x + 2.5)
            case ("-", true): return Typed(x - 2.5)
            case ("*", true): return Typed(x * 2.5)
            case ("/", true): return Typed(x / 2.5)
            case ("+", false): return Typed(2.5 + x)
            case ("-", false): return Typed(2.5 - x)
            case ("*", false): return Typed(2.5 * x)
            default: return Typed(2.5 / x)
            }
        default: return nil
        }
    }

    /// `arange` of the bounds, which are text because they do not all fit in JSON's numbers.
    func range() -> Typed? {
        let texts = content["bounds"] as? [String] ?? []
        func steps<Scalar: NumericScalar & LosslessStringConvertible>(_ type: Scalar.Type) -> Typed? {
            let bounds = texts.compactMap(Scalar.init)
            return bounds.count == 3 ? Typed(NDArray.arange(bounds[0], bounds[1], bounds[2])) : nil
        }
        switch op {
        case "range_f8": return steps(Double.self)
        case "range_i8": return steps(Int.self)
        case "range_i4": return steps(Int32.self)
        default: return steps(UInt8.self)
        }
    }
}
