import Arrays

// The second half of the tables: order, rearrangement, logic, linear algebra.

extension OperationCase {
    func logical() throws -> Typed? {
        let x: NDArray<Bool> = try array(0)
        switch op {
        case "logical_and": return Typed(x .& (try array(1)))
        case "logical_or": return Typed(x .| (try array(1)))
        case "logical_xor": return Typed(x .^ (try array(1)))
        case "logical_not": return Typed(.!x)
        default: return nil
        }
    }

    func linear<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        switch op {
        case "solve": return Typed(try solve(x, try array(1)))
        case "inverse": return Typed(try inverse(x))
        case "determinant": return Typed(NDArray(determinant(x)))
        case "singular_values": return Typed(try svd(x).s)
        case "svd_product":
            let (u, s, vt) = try svd(x, fullMatrices: flag("full"))
            let k = s.count
            return Typed(dot(u[.all, 0..<k] * s, vt[0..<k]))
        case "norm": return Typed(NDArray(x.norm()))
        case "norm_axis":
            let order = Scalar((content["order"] as? String).flatMap(Double.init) ?? .nan)
            return Typed(x.norm(order: order, axis: integer("axis") ?? 0))
        case "norm_order": return Typed(NDArray(x.norm(order: try normOrder())))
        case "norm_axes":
            let axes = integers("axes")
            return Typed(
                x.norm(order: try normOrder(), axes: (axes[0], axes[1]), keepingDimensions: flag("keep")))
        default: return nil
        }
    }

    private func normOrder() throws -> NormOrder {
        switch content["order"] as? String ?? "" {
        case "fro": return .frobenius
        case "nuc": return .nuclear
        case let text: return .number(Double(text) ?? .nan)
        }
    }

    func ordered<Scalar: NumericScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        switch op {
        case "sort": return Typed(x.sorted(axis: integer("axis") ?? -1))
        case "argsort": return Typed(x.argSorted(axis: integer("axis") ?? -1))
        case "unique": return Typed(x.unique())
        case "unique_1": return Typed(x.uniqueDetails().firstPlaces)
        case "unique_2": return Typed(x.uniqueDetails().inverse)
        case "unique_3": return Typed(x.uniqueDetails().counts)
        case "bincount": return Typed(x.asType(Int.self).binCount(minimumLength: integer("minimum") ?? 0))
        case "bincount_weights": return Typed(x.asType(Int.self).binCount(weights: try array(1)))
        case "trace": return Typed(NDArray(trace(x)))
        default: return nil
        }
    }

    func rearranged<Scalar: ArrayScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        let axis = integer("axis")
        switch op {
        case "split": return joined(x.split(into: integer("parts") ?? 0, axis: axis ?? 0))
        case "array_split": return joined(x.split(evenlyInto: integer("parts") ?? 0, axis: axis ?? 0))
        case "split_at": return joined(x.split(at: integers("bounds"), axis: axis ?? 0))
        case "repeat": return Typed(x.repeated(integer("count") ?? 0, axis: axis))
        case "repeat_each": return Typed(x.repeated(integers("counts"), axis: axis))
        case "flip": return Typed(x.flipped(axis: axis))
        case "flip_axes": return Typed(x.flipped(axes: integers("axes")))
        case "roll": return Typed(x.rolled(integer("shift") ?? 0, axis: axis))
        case "take": return Typed(x.taking(integers("places"), axis: axis ?? 0))
        case "tile":
            let counts = integers("counts")
            switch counts.count {
            case 1: return Typed(x.tiled(counts[0]))
            case 2: return Typed(x.tiled(counts[0], counts[1]))
            default: return Typed(x.tiled(counts[0], counts[1], counts[2]))
            }
        case "pad": return padding(x)
        case "meshgrid": return Typed(meshgrid(x, try array(1))[integer("place") ?? 0])
        case "meshgrid3": return Typed(meshgrid(x, try array(1), try array(2))[integer("place") ?? 0])
        case "count_nonzero": return Typed(NDArray<Int>(x.countNonzero()))
        case "nonzero": return Typed(x.nonzero()[integer("place") ?? 0])
        case "diagonal": return Typed(x.diagonal(offset: integer("offset") ?? 0))
        default: return nil
        }
    }

    /// The parts' elements, then their shapes, in one vector.
    private func joined<Scalar: ArrayScalar>(_ parts: [NDArray<Scalar>]) -> Typed {
        let elements = parts.flatMap { $0.asType(Double.self).elements }
        return Typed(NDArray(elements + parts.flatMap { $0.shape.map(Double.init) }))
    }

    private func padding<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) -> Typed? {
        let widths = (content["widths"] as? [[Int]] ?? []).map { (before: $0[0], after: $0[1]) }
        switch content["mode"] as? String {
        case "constant":
            guard let value = 2.5 as? Scalar else { return nil }
            return Typed(x.padded(widths, mode: .constant(value)))
        case "edge": return Typed(x.padded(widths, mode: .edge))
        case "reflect": return Typed(x.padded(widths, mode: .reflect))
        case "symmetric": return Typed(x.padded(widths, mode: .symmetric))
        default: return Typed(x.padded(widths, mode: .wrap))
        }
    }
}
