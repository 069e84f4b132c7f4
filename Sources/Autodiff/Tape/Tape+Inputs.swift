import Arrays

extension Tape {
    /// Rows of examples, shape [N, D]. They become an array only if something asks for it.
    ///
    /// - Precondition: every row is in `0 ..< source.count`.
    @specialized(where Scalar == Float)
    public func input(_ source: ByteRows, rows: [Int32]) -> Tensor<Scalar> {
        leaf(.rows(GatheredBytes(source, rows: rows), array: nil))
    }

    /// Rows of examples, shape [N, D]. They become an array only if something asks for it.
    ///
    /// - Precondition: every row is in `0 ..< source.count`.
    public func input(_ source: NumberRows, rows: [Int32]) -> Tensor<Scalar> {
        leaf(.rows(GatheredFloats(source, rows: rows), array: nil))
    }

    /// Asks the memory for the batch that comes after this one, if no primitive has taken charge of that.
    @specialized(where Scalar == Float)
    package func fetchUpcoming() {
        guard let next = takeUpcoming() else { return }
        next.source.prefetch(next.rows)
    }

    /// The batch that comes after this one, for a primitive that fetches it while it computes something else.
    @specialized(where Scalar == Float)
    func takeUpcoming() -> UpcomingRows? {
        defer { upcoming = nil }
        return upcoming
    }
}

extension Tape<Float> {
    /// The gathered rows of an input, if most of their elements are zero. The elements of an array that came onto the tape
    /// as it is are counted.
    func mostlyZeroRows(_ node: Int) -> (any GatheredRows)? {
        switch nodes[node].value {
        case .rows(let rows, _): return rows.isMostlyZero ? rows : nil
        case .array(let array):
            guard nodes[node].isConstant, array.shape.count == 2, array.count >= Self.smallestCounted else {
                return nil
            }
            let rows = GatheredFloats(NumberRows(array), rows: (0..<array.shape[0]).map { Int32($0) })
            nodes[node].value = .rows(rows, array: array)
            return rows.isMostlyZero ? rows : nil
        case .image, .deferred: return nil
        }
    }

    /// Batches of fewer elements are multiplied before they are counted.
    private static var smallestCounted: Int { 4096 }
}
