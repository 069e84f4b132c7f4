import Arrays

extension Tape {
    /// Puts a gathered mini-batch on the tape, shape [N, D]. It becomes an array only if a primitive reads the array.
    ///
    /// - Precondition: every row is in `0 ..< source.count`.
    @specialized(where Scalar == Float)
    public func input(_ source: ByteRows, rows: [Int32]) -> Tensor<Scalar> {
        leaf(.rows(GatheredBytes(source, rows: rows), array: nil))
    }

    /// Puts a gathered mini-batch on the tape, shape [N, D]. It becomes an array only if a primitive reads the array.
    ///
    /// - Precondition: every row is in `0 ..< source.count`.
    public func input(_ source: NumberRows, rows: [Int32]) -> Tensor<Scalar> {
        leaf(.rows(GatheredFloats(source, rows: rows), array: nil))
    }

    /// Prefetches the next batch, unless a primitive has taken over the prefetch.
    @specialized(where Scalar == Float)
    package func fetchUpcoming() {
        guard let next = takeUpcoming() else { return }
        next.source.prefetch(next.rows)
    }

    /// Takes the next batch, for a primitive that prefetches it while it computes.
    @specialized(where Scalar == Float)
    func takeUpcoming() -> UpcomingRows? {
        defer { upcoming = nil }
        return upcoming
    }
}

extension Tape<Float> {
    /// The gathered rows of an input, if most of their elements are zero. The elements of a constant are counted.
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
