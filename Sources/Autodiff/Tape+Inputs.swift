import Arrays

extension Tape {
    /// Rows of examples, shape [N, D]. They become numbers only if something asks for them.
    ///
    /// - Precondition: every row is in `0 ..< source.count`.
    @specialized(where Scalar == Float)
    public func input(_ source: ByteRows, rows: [Int32]) -> Tensor<Scalar> {
        let picked = PickedBytes(source, rows: rows)
        return append(Node(shape: picked.shape, picked: picked, inputs: [], needsGradient: false))
    }

    /// Rows of examples, shape [N, D]. They become an array only if something asks for it.
    ///
    /// - Precondition: every row is in `0 ..< source.count`.
    public func input(_ source: NumberRows, rows: [Int32]) -> Tensor<Scalar> {
        let picked = PickedNumbers(source, rows: rows)
        return append(Node(shape: picked.shape, picked: picked, inputs: [], needsGradient: false))
    }

    /// The rows that stand behind an input, if most of their numbers are zero. For a batch of numbers that came onto the
    /// tape as it is, they are counted.
    @specialized(where Scalar == Float)
    func mostlyZeroRows(_ node: Int) -> (any PickedRows)? {
        // Products in `Double` are for checking gradients.
        guard Scalar.self == Float.self else { return nil }
        if let picked = nodes[node].picked { return picked.isMostlyZero ? picked : nil }
        guard nodes[node].isConstant, nodes[node].shape.count == 2,
            let numbers = nodes[node].value as? NDArray<Float>,
            numbers.count >= Self.smallestCounted
        else { return nil }
        let picked = PickedNumbers(
            NumberRows(numbers), rows: (0..<numbers.shape[0]).map { Int32($0) })
        nodes[node].picked = picked
        return picked.isMostlyZero ? picked : nil
    }

    /// Batches of fewer numbers are multiplied before they are counted.
    private static var smallestCounted: Int { 4096 }

    /// Asks the memory for the batch that comes after this one, if nobody has taken charge of that.
    @specialized(where Scalar == Float)
    package func fetchUpcoming() {
        guard let next = takeUpcoming() else { return }
        next.source.prefetch(next.rows)
    }

    /// The batch that comes after this one, for whoever can fetch it while computing something else.
    @specialized(where Scalar == Float)
    func takeUpcoming() -> UpcomingRows? {
        defer { upcoming = nil }
        return upcoming
    }
}
