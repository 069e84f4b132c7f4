import Arrays
import Testing

/// Reductions, statistics, functions of elements and mixed types against NumPy 2.4.6 (the files that
/// make_reduction_vectors.py, make_statistics_vectors.py and make_element_vectors.py write): shape, type and values, the
/// same bits unless a case allows units in the last place.
@Suite struct TopicTests {
    @Test(arguments: ["reductions.json", "statistics.json", "elements.json"])
    func everyCaseIsNumPys(_ name: String) throws {
        let file = try VectorFile(name)
        let cases = try file.list("cases")
        let arrays = try file.list("arrays")
        #expect(cases.count > 1000 && file.numpy == "2.4.6")
        for (number, content) in cases.enumerated() {
            let item = OperationCase(content, arrays)
            let expected = try Typed(item.object("result"))
            let place = "\(name) \(number): \(item.summary)"
            guard let got = try item.evaluateTopic() else {
                Issue.record("\(place): nothing evaluates it")
                continue
            }
            #expect(got.dtype == expected.dtype, "\(place)")
            #expect(got.values.shape == expected.values.shape, "\(place)")
            let same = OperationTests.agree(
                got.values, expected.values, ulps: item.integer("ulp") ?? 0, single: expected.dtype == "f4")
            #expect(same, "\(place): got \(got.values), expected \(expected.values)")
        }
    }
}

extension OperationCase {
    /// The result in this package, or nil for an operation that no table knows.
    func evaluateTopic() throws -> Typed? {
        if op.hasPrefix("range_") { return range() }
        if op.hasPrefix("mixed") { return try mixed() }
        if op == "select" {
            return Typed(
                NDArray<Double>.select(
                    [try array(0), try array(1)], [try array(2), try array(3)], default: -1))
        }
        if op == "where" { return Typed(NDArray<Double>.where(try array(0), try array(1), try array(2))) }
        switch args.first?["dtype"] as? String ?? "" {
        case "f8": return try floatingTopic(Double.self) ?? numericTopic(Double.self) ?? topic(Double.self)
        case "f4": return try floatingTopic(Float.self) ?? numericTopic(Float.self) ?? topic(Float.self)
        case "i8": return try integerTopic(Int.self) ?? numericTopic(Int.self) ?? topic(Int.self)
        case "i4": return try integerTopic(Int32.self) ?? numericTopic(Int32.self) ?? topic(Int32.self)
        case "u1": return try integerTopic(UInt8.self) ?? numericTopic(UInt8.self) ?? topic(UInt8.self)
        default: return try topic(Bool.self)
        }
    }

    private func topic<Scalar: ArrayScalar>(_ type: Scalar.Type) throws -> Typed? {
        let x: NDArray<Scalar> = try array(0)
        return try reduced(x) ?? accumulated(x) ?? statistics(x) ?? searched(x) ?? moved(x)
    }

    var keep: Bool { flag("keep") }
    var axis: Int? { integer("axis") }
    var axes: [Int]? { content["axis"] as? [Int] }

    /// The three forms of a reduction.
    func three<Value>(
        _ whole: @autoclosure () -> Value, _ one: (Int) -> NDArray<Value>,
        _ several: ([Int]) -> NDArray<Value>
    ) -> Typed {
        if let axes { return Typed(several(axes)) }
        if let axis { return Typed(one(axis)) }
        return Typed(NDArray(whole()))
    }

    /// A reduction that has initial values and masks.
    private func reduced<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) throws -> Typed? {
        let mask: NDArray<Bool>? = flag("masked") ? try array(1) : nil
        let number = (content["initial"] as? Double).map { NDArray($0) }
        let sum = number?.asType(Scalar.SumScalar.self).item()
        let element = number?.asType(Scalar.self).item()
        let (k, ddof) = (keep, integer("ddof") ?? 0)
        switch op {
        case "sum":
            return three(
                x.sum(initial: sum, where: mask),
                { x.sum(axis: $0, keepingDimensions: k, initial: sum, where: mask) },
                { x.sum(axis: $0, keepingDimensions: k, initial: sum, where: mask) })
        case "product":
            return three(
                x.product(initial: sum, where: mask),
                { x.product(axis: $0, keepingDimensions: k, initial: sum, where: mask) },
                { x.product(axis: $0, keepingDimensions: k, initial: sum, where: mask) })
        case "max":
            return three(
                x.max(initial: element, where: mask),
                { x.max(axis: $0, keepingDimensions: k, initial: element, where: mask) },
                { x.max(axis: $0, keepingDimensions: k, initial: element, where: mask) })
        case "min":
            return three(
                x.min(initial: element, where: mask),
                { x.min(axis: $0, keepingDimensions: k, initial: element, where: mask) },
                { x.min(axis: $0, keepingDimensions: k, initial: element, where: mask) })
        case "mean":
            return three(
                x.mean(where: mask), { x.mean(axis: $0, keepingDimensions: k, where: mask) },
                { x.mean(axis: $0, keepingDimensions: k, where: mask) })
        case "variance":
            return three(
                x.variance(ddof: ddof, where: mask),
                { x.variance(axis: $0, ddof: ddof, keepingDimensions: k, where: mask) },
                { x.variance(axis: $0, ddof: ddof, keepingDimensions: k, where: mask) })
        case "std":
            return three(
                x.std(ddof: ddof, where: mask),
                { x.std(axis: $0, ddof: ddof, keepingDimensions: k, where: mask) },
                { x.std(axis: $0, ddof: ddof, keepingDimensions: k, where: mask) })
        case "any":
            return three(
                x.any(where: mask), { x.any(axis: $0, keepingDimensions: k, where: mask) },
                { x.any(axis: $0, keepingDimensions: k, where: mask) })
        case "all":
            return three(
                x.all(where: mask), { x.all(axis: $0, keepingDimensions: k, where: mask) },
                { x.all(axis: $0, keepingDimensions: k, where: mask) })
        case "countNonzero":
            return three(
                x.countNonzero(), { x.countNonzero(axis: $0, keepingDimensions: k) },
                { x.countNonzero(axis: $0, keepingDimensions: k) })
        case "median":
            return three(
                x.median(), { x.median(axis: $0, keepingDimensions: k) },
                { x.median(axis: $0, keepingDimensions: k) })
        case "argMax":
            return three(x.argMax(), { x.argMax(axis: $0, keepingDimensions: k) }, { _ in [] })
        case "argMin":
            return three(x.argMin(), { x.argMin(axis: $0, keepingDimensions: k) }, { _ in [] })
        case "bool_sum": return Typed(NDArray(x.sum()))
        case "bool_mean": return Typed(NDArray(x.mean()))
        default: return nil
        }
    }

    private func accumulated<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) throws -> Typed? {
        switch op {
        case "cumulativeSum": Typed(x.cumulativeSum(axis: axis))
        case "cumulativeProduct": Typed(x.cumulativeProduct(axis: axis))
        case "cumulativeMaximum": Typed(x.cumulativeMaximum(axis: axis ?? 0))
        case "cumulativeMinimum": Typed(x.cumulativeMinimum(axis: axis ?? 0))
        case "sorted": Typed(x.sorted(axis: axis ?? -1))
        case "argSorted": Typed(x.argSorted(axis: axis ?? -1))
        case "maximum": Typed(maximum(x, try array(1)))
        case "minimum": Typed(minimum(x, try array(1)))
        default: nil
        }
    }
}
