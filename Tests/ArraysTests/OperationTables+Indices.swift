import Arrays

// Indices of one to four entries: read, assigned to, updated in place.

extension OperationCase {
    func indexing<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) throws -> Typed {
        let i = try entries()
        guard op == "assign" else {
            switch i.count {
            case 1: return Typed(x[i[0]])
            case 2: return Typed(x[i[0], i[1]])
            case 3: return Typed(x[i[0], i[1], i[2]])
            default: return Typed(x[i[0], i[1], i[2], i[3]])
            }
        }
        let value: NDArray<Scalar> = try array(1)
        return try changing(x) { changed in
            switch i.count {
            case 1: changed[i[0]] = value
            case 2: changed[i[0], i[1]] = value
            case 3: changed[i[0], i[1], i[2]] = value
            default: changed[i[0], i[1], i[2], i[3]] = value
            }
        }
    }

    /// `x[...] += value`.
    func updating<Scalar: NumericScalar>(_ x: NDArray<Scalar>) throws -> Typed {
        let i = try entries()
        let value: NDArray<Scalar> = try array(1)
        return try changing(x) { changed in
            switch i.count {
            case 1: changed[i[0]] += value
            case 2: changed[i[0], i[1]] += value
            case 3: changed[i[0], i[1], i[2]] += value
            default: changed[i[0], i[1], i[2], i[3]] += value
            }
        }
    }

    /// A changed copy; the array itself must stay as it was.
    private func changing<Scalar>(
        _ x: NDArray<Scalar>, _ change: (inout NDArray<Scalar>) -> Void
    ) throws -> Typed {
        var changed = x
        change(&changed)
        guard x == (try array(0)) else { throw VectorFile.Missing(name: "the original, unchanged") }
        return Typed(changed)
    }

    private func entries() throws -> [ArrayIndex] {
        try (content["index"] as? [Any] ?? []).map { entry -> ArrayIndex in
            if let place = entry as? Int { return .element(place) }
            if let text = entry as? String { return text == "newaxis" ? .newAxis : .ellipsis }
            let object = entry as? [String: Any] ?? [:]
            if let bounds = object["slice"] as? [Any] {
                return .slice(from: bounds[0] as? Int, to: bounds[1] as? Int, by: bounds[2] as? Int ?? 1)
            }
            if let mask = object["mask"] as? [String: Any] {
                return .mask(try VectorFile.integers(mask).asType(Bool.self))
            }
            return .places(try VectorFile.integers(object["places"] as? [String: Any] ?? [:]))
        }
    }
}
