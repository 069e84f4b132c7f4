import Support

/// Einstein's summation, `np.einsum`: each axis of each operand has a letter, letters after `->` remain in that order,
/// and products are summed over the others. Without `->` the letters that occur once remain, in alphabetical order.
/// `...` denotes the axes without letters, which broadcast.
///
/// ```swift
/// einsum("ij,jk->ik", a, b)       // the matrix product
/// einsum("ii", a)                 // the trace
/// einsum("bij,bj->bi", w, x)      // one product for each of a batch
/// einsum("...ij->...ji", a)       // transposed
/// ```
///
/// Operands are joined from left to right, each pair by one matrix product (for each element of the letters that both have
/// and that remain).
///
/// - Precondition: one group of letters per operand, as many letters as it has axes; a letter's axes have one length, or
///   length 1.
/// - Complexity: that of the matrix products.
public func einsum<Scalar: NumericScalar>(
    _ subscripts: String, _ operands: NDArray<Scalar>...
) -> NDArray<Scalar> {
    let sum = EinsteinSum(subscripts, operands.map(\.ndim))
    var left = Labeled(operands[0], sum.inputs[0])
    for place in operands.indices.dropFirst() {
        // The letters that later operands or the result still need.
        let needed = Set(sum.inputs[(place + 1)...].joined()).union(sum.output)
        left = left.joined(Labeled(operands[place], sum.inputs[place]), keeping: needed)
    }
    return left.summed(to: sum.output).ordered(sum.output)
}

/// An einsum's letters, operand by operand; an ellipsis' axes are the numbers -1, -2, ... from its last.
private struct EinsteinSum {
    let inputs: [[Int]]
    let output: [Int]

    init(_ subscripts: String, _ axes: [Int]) {
        let text = subscripts.filter { $0 != " " }
        let arrow = text.range(of: "->")
        let groups = text[..<(arrow?.lower ?? text.endIndex)].split(
            separator: ",", omittingEmptySubsequences: false)
        require(
            groups.count == axes.count,
            "einstein sum subscripts string names \(groups.count) operands, but \(axes.count) were given")
        var inputs: [[Int]] = []
        var ellipsis = 0
        for (group, ndim) in zip(groups, axes) {
            let (labels, hidden) = Self.labels(group, ndim: ndim)
            inputs.append(labels)
            ellipsis = max(ellipsis, hidden)
        }
        self.inputs = inputs
        if let arrow {
            let (labels, _) = Self.labels(text[arrow.upper...], ellipsis: ellipsis)
            require(
                Set(labels).count == labels.count,
                "einstein sum subscripts string includes an output subscript multiple times")
            let known = Set(inputs.joined())
            require(
                labels.allSatisfy { known.contains($0) || $0 < 0 },
                "einstein sum subscripts string included an output subscript which never appeared in an input"
            )
            output = labels
        } else {
            let all = inputs.joined()
            let once = Set(all).filter { label in label >= 0 && all.count { $0 == label } == 1 }
            // Upper-case letters come before lower-case ones, as their codes do.
            output = (0..<ellipsis).map { $0 - ellipsis } + once.sorted()
        }
    }

    /// A group's letters, and the number of axes of its ellipsis: given, or what `ndim` leaves.
    private static func labels(
        _ group: Substring, ndim: Int? = nil, ellipsis: Int = 0
    ) -> (labels: [Int], hidden: Int) {
        var labels: [Int] = []
        var hidden = 0
        var rest = group
        let letters = group.count { $0 != "." }
        while let letter = rest.first {
            if rest.hasPrefix("...") {
                hidden = ndim.map { $0 - letters } ?? ellipsis
                require(
                    hidden >= 0, "einstein sum subscripts string contains too many subscripts for an operand")
                labels += (0..<hidden).map { $0 - hidden }
                rest = rest.dropFirst(3)
                require(
                    !rest.contains("."),
                    "einstein sum subscripts string contains a '.' that is not part of an ellipsis ('...')")
            } else {
                guard letter.isASCII, letter.isLetter, let code = letter.asciiValue else {
                    mistake("invalid subscript '\(letter)' in einstein sum subscripts string")
                }
                labels.append(Int(code))
                rest = rest.dropFirst()
            }
        }
        if let ndim {
            require(
                labels.count == ndim,
                "operand has \(labels.count < ndim ? "more" : "fewer") dimensions than subscripts given in einstein "
                    + "sum (\(ndim) and \(labels.count))")
        }
        return (labels, hidden)
    }
}

extension String {
    /// The index of the first `text`.
    fileprivate func range(of text: String) -> (lower: Index, upper: Index)? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return (start, index(start, offsetBy: text.count)) }
            start = index(after: start)
        }
        return nil
    }
}

/// An array whose axes have labels, each label once.
private struct Labeled<Scalar: NumericScalar> {
    var array: NDArray<Scalar>
    var labels: [Int]

    /// Takes diagonals until each label occurs once.
    init(_ array: NDArray<Scalar>, _ labels: [Int]) {
        self.array = array
        self.labels = labels
        while let (first, second) = repetition() {
            require(
                self.array.shape[first] == self.array.shape[second],
                "dimensions in single operand for collapsing index '\(Self.name(self.labels[first]))' don't match "
                    + "(\(self.array.shape[first]) != \(self.array.shape[second]))")
            let others = self.labels.indices.filter { $0 != first && $0 != second }
            // Diagonals belong to the last two axes of a view; each row of the others is one matrix.
            let moved = self.array.permuted(others + [first, second])
            let length = self.array.shape[first]
            let matrices = moved.reshaped(to: others.map { self.array.shape[$0] } + [length * length])
            let places = (0..<length).map { $0 * (length + 1) }
            self.array = matrices.taking(places, axis: others.count)
            self.labels = others.map { self.labels[$0] } + [self.labels[first]]
        }
    }

    private init(_ array: NDArray<Scalar>, distinct labels: [Int]) {
        self.array = array
        self.labels = labels
    }

    private func repetition() -> (Int, Int)? {
        for (place, label) in labels.enumerated() {
            if let first = labels[..<place].firstIndex(of: label) { return (first, place) }
        }
        return nil
    }

    private static func name(_ label: Int) -> String {
        label < 0 ? "..." : String(UnicodeScalar(UInt8(label)))
    }

    /// Without the labels that are not among those.
    func summed(to kept: some Collection<Int>) -> Labeled {
        let gone = labels.indices.filter { !kept.contains(labels[$0]) }
        guard !gone.isEmpty else { return self }
        // Bytes and Booleans are summed in their own type, as einsum does.
        var result = array
        for axis in gone.reversed() { result = result.foldingSum(axis: axis) }
        return Labeled(result, distinct: labels.filter { kept.contains($0) })
    }

    /// The axes in this order; an axis that is missing (an ellipsis' that no operand has) is an error.
    func ordered(_ order: [Int]) -> NDArray<Scalar> {
        array.permuted(
            order.map { label in
                guard let place = labels.firstIndex(of: label) else {
                    mistake(
                        "einstein sum subscripts string included an output subscript which never appeared in an input"
                    )
                }
                return place
            })
    }

    /// The product of both over the labels that they share, summed over those that are not kept.
    func joined(_ other: Labeled, keeping kept: Set<Int>) -> Labeled {
        let a = summed(to: kept.union(other.labels))
        let b = other.summed(to: kept.union(labels))
        let shared = a.labels.filter { b.labels.contains($0) }
        // An axis of length 1 is repeated: it broadcasts.
        func length(_ label: Int) -> Int {
            let (m, n) = (a.length(label), b.length(label))
            require(
                m == n || m == 1 || n == 1,
                "operands could not be broadcast together: '\(Self.name(label))' has lengths \(m) and \(n)")
            return m == 1 ? n : m
        }
        let batch = shared.filter { kept.contains($0) }
        let gone = shared.filter { !kept.contains($0) }
        let left = a.labels.filter { !b.labels.contains($0) }
        let right = b.labels.filter { !a.labels.contains($0) }
        func product(_ labels: [Int], _ lengths: (Int) -> Int) -> Int {
            labels.reduce(1) { $0 * lengths($1) }
        }
        let batches = product(batch, length)
        let (rows, columns, inside) = (
            product(left, a.length), product(right, b.length), product(gone, length)
        )
        func matrices(_ operand: Labeled, _ order: [Int], _ shape: [Int]) -> NDArray<Scalar> {
            operand.ordered(order).broadcast(
                to: order.map { shared.contains($0) ? length($0) : operand.length($0) }
            )
            .reshaped(to: shape)
        }
        let x = matrices(a, batch + left + gone, [batches, rows, inside])
        let y = matrices(b, batch + gone + right, [batches, inside, columns])
        let result = inside == 1 ? x * y : matmul(x, y)
        let shape = batch.map(length) + left.map(a.length) + right.map(b.length)
        return Labeled(result.reshaped(to: shape), distinct: batch + left + right)
    }

    private func length(_ label: Int) -> Int { labels.firstIndex(of: label).map { array.shape[$0] } ?? 1 }
}

extension NDArray where Scalar: NumericScalar {
    /// The sum along an axis in the scalar's own type.
    fileprivate func foldingSum(axis: Int) -> NDArray {
        let rows = movingAxis(axis, to: ndim - 1)
        let (kept, length) = (Array(rows.shape.dropLast()), rows.shape[ndim - 1])
        return matmul(rows.reshaped(kept.reduce(1, *), length), NDArray.ones(length, 1)).reshaped(to: kept)
    }
}
