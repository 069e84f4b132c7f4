import Arrays
import Testing

/// The comparison behind `expectClose`: a found number a is close to a wanted b when
///
///     |a - b| <= max(absolute, relative |b|)
///
/// or both are the same infinity. NaN is close to nothing, not even to NaN.
package enum Closeness {
    /// The first number that is not close, in words; nil when all are. Other counts are never close, and no numbers at
    /// all are none that could be compared.
    package static func mismatch<Found: BinaryFloatingPoint, Wanted: BinaryFloatingPoint>(
        _ found: [Found], _ wanted: [Wanted], absolute: Double = 0, relative: Double = 0
    ) -> String? {
        guard found.count == wanted.count else { return "\(found.count) numbers, not \(wanted.count)" }
        guard !found.isEmpty else { return "no numbers to compare" }
        var far = 0
        var first: Int?
        let (a, b) = (doubles(found), doubles(wanted))
        for place in a.indices where !isClose(a[place], b[place], absolute, relative) {
            far += 1
            first = first ?? place
        }
        return first.map { "\(far) of \(found.count) differ; [\($0)] is \(found[$0]), not \(wanted[$0])" }
    }

    /// The numbers in double precision. The generic conversion takes a microsecond each without optimisation.
    fileprivate static func doubles<Scalar: BinaryFloatingPoint>(_ numbers: [Scalar]) -> [Double] {
        (numbers as? [Double]) ?? (numbers as? [Float]).map { $0.map(Double.init) }
            ?? numbers.map { Double($0) }
    }

    private static func isClose(_ a: Double, _ b: Double, _ absolute: Double, _ relative: Double) -> Bool {
        // Written so that a difference that is not a number is not close.
        a == b || abs(a - b) <= max(absolute, relative * abs(b)) && a.isFinite && b.isFinite
    }
}

/// Expects numbers to lie close to others, as `Closeness` says.
package func expectClose<Found: BinaryFloatingPoint, Wanted: BinaryFloatingPoint>(
    _ found: [Found], _ wanted: [Wanted], absolute: Double = 0, relative: Double = 0,
    _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    guard
        let mismatch = Closeness.mismatch(found, wanted, absolute: absolute, relative: relative)
    else { return }
    report(mismatch, comment(), sourceLocation)
}

/// Expects an array to have the shape of another and numbers close to its, as `Closeness` says.
package func expectClose<Found: FloatingScalar, Wanted: FloatingScalar>(
    _ found: NDArray<Found>, _ wanted: NDArray<Wanted>, absolute: Double = 0, relative: Double = 0,
    _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    guard found.shape == wanted.shape else {
        return report("shape \(found.shape), not \(wanted.shape)", comment(), sourceLocation)
    }
    expectClose(
        found.elements, wanted.elements, absolute: absolute, relative: relative, comment(),
        sourceLocation: sourceLocation)
}

/// Expects an array to have a shape and numbers close to the given ones, as `Closeness` says.
package func expectClose<Found: FloatingScalar>(
    _ found: NDArray<Found>, _ shape: [Int], _ wanted: [Double], absolute: Double = 0, relative: Double = 0,
    _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    guard found.shape == shape else {
        return report("shape \(found.shape), not \(shape)", comment(), sourceLocation)
    }
    expectClose(
        found.elements, wanted, absolute: absolute, relative: relative, comment(),
        sourceLocation: sourceLocation)
}

private func report(_ mismatch: String, _ comment: String, _ sourceLocation: SourceLocation) {
    Issue.record(
        "\(comment.isEmpty ? "" : "\(comment): ")\(mismatch)", sourceLocation: sourceLocation)
}

/// The largest |a - b| of numbers a found and b wanted. Infinite where one is not a number (`max()` would pass over it),
/// where the counts differ, and where there is nothing to compare.
package func largestDifference<Found: BinaryFloatingPoint, Wanted: BinaryFloatingPoint>(
    _ found: some Sequence<Found>, _ wanted: some Sequence<Wanted>
) -> Double {
    let (found, wanted) = (Closeness.doubles(Array(found)), Closeness.doubles(Array(wanted)))
    guard found.count == wanted.count, !found.isEmpty else { return .infinity }
    var largest = 0.0
    for (a, b) in zip(found, wanted) where a != b {
        let difference = abs(a - b)
        guard difference <= .greatestFiniteMagnitude else { return .infinity }
        largest = max(largest, difference)
    }
    return largest
}

/// The pairs of two lists for a loop that compares them. A shorter list or two empty ones would end the loop early, so
/// they fail the test.
package func paired<First: Sequence, Second: Sequence>(
    _ first: First, _ second: Second, sourceLocation: SourceLocation = #_sourceLocation
) -> [(First.Element, Second.Element)] {
    let (first, second) = (Array(first), Array(second))
    if first.count != second.count {
        Issue.record(
            "\(first.count) and \(second.count) elements cannot be paired", sourceLocation: sourceLocation)
    } else if first.isEmpty {
        Issue.record("there is nothing to compare", sourceLocation: sourceLocation)
    }
    return Array(zip(first, second))
}

/// The elements of a list for a loop, or a condition on all of them, that would hold of an empty one: that fails the
/// test.
package func notEmpty<List: Sequence>(
    _ list: List, sourceLocation: SourceLocation = #_sourceLocation
) -> [List.Element] {
    let list = Array(list)
    if list.isEmpty { Issue.record("there is nothing to compare", sourceLocation: sourceLocation) }
    return list
}

/// The numbers that words say. One that says none fails the test: the others would move into its place.
package func parsed<Number: LosslessStringConvertible>(
    _ words: some Sequence<some StringProtocol>, as type: Number.Type,
    sourceLocation: SourceLocation = #_sourceLocation
) -> [Number] {
    words.compactMap { word in
        let number = Number(String(word))
        if number == nil { Issue.record("'\(word)' is not a number", sourceLocation: sourceLocation) }
        return number
    }
}
