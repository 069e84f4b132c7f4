/// One entry of an array literal: a number, or a nested list of them.
///
/// It exists so that `let w: NDArray<Double> = [[0.1, 0.3], [0.2, 0.4]]` can be written; nobody needs to name it.
public struct NDArrayLiteral<Scalar: ArrayScalar>: Sendable {
    let shape: [Int]
    let elements: [Scalar]

    init(shape: [Int], elements: [Scalar]) {
        self.shape = shape
        self.elements = elements
    }

    /// A number.
    init(scalar: Scalar) {
        shape = []
        elements = [scalar]
    }

    /// A list.
    init(list: [NDArrayLiteral]) {
        let inner = list.first?.shape ?? []
        require(
            list.allSatisfy { $0.shape == inner },
            "setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 "
                + "dimensions. The detected shape was (\(list.count),) + inhomogeneous part.")
        shape = [list.count] + inner
        elements = list.flatMap(\.elements)
    }
}

extension NDArrayLiteral: ExpressibleByArrayLiteral {
    /// A nested list.
    ///
    /// - Precondition: all entries have the same shape.
    public init(arrayLiteral list: NDArrayLiteral...) { self.init(list: list) }
}

extension NDArrayLiteral: ExpressibleByIntegerLiteral where Scalar: ExpressibleByIntegerLiteral {
    /// A whole number.
    public init(integerLiteral value: Scalar.IntegerLiteralType) {
        self.init(scalar: Scalar(integerLiteral: value))
    }
}

extension NDArrayLiteral: ExpressibleByFloatLiteral where Scalar: ExpressibleByFloatLiteral {
    /// A number with a fraction.
    public init(floatLiteral value: Scalar.FloatLiteralType) {
        self.init(scalar: Scalar(floatLiteral: value))
    }
}

extension NDArrayLiteral: ExpressibleByBooleanLiteral where Scalar: ExpressibleByBooleanLiteral {
    /// `true` or `false`.
    public init(booleanLiteral value: Scalar.BooleanLiteralType) {
        self.init(scalar: Scalar(booleanLiteral: value))
    }
}

extension NDArray: ExpressibleByArrayLiteral {
    /// An array from a literal of any depth.
    ///
    /// ```swift
    /// let w: NDArray<Double> = [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]
    /// ```
    ///
    /// - Precondition: not ragged.
    public init(arrayLiteral list: NDArrayLiteral<Scalar>...) {
        let whole = NDArrayLiteral(list: list)
        self.init(shape: whole.shape, elements: whole.elements)
    }
}

extension NDArray {
    /// A 0-d array.
    public init(_ scalar: Scalar) { self.init(shape: [], elements: [scalar]) }

    /// An array of one axis; `NDArray([1.0, 0.5])` holds `Double`, `NDArray([1, 2])` holds `Int`.
    public init(_ elements: [Scalar]) { self.init(shape: [elements.count], elements: elements) }

    /// An array of two axes from its rows.
    ///
    /// - Precondition: rows of one length.
    public init(_ rows: [[Scalar]]) {
        let length = rows.first?.count ?? 0
        require(rows.allSatisfy { $0.count == length }, Self.ragged(rows.count))
        self.init(shape: [rows.count, length], elements: rows.flatMap { $0 })
    }

    /// An array of three axes.
    ///
    /// - Precondition: not ragged.
    public init(_ planes: [[[Scalar]]]) {
        let rows = planes.first?.count ?? 0
        let length = planes.first?.first?.count ?? 0
        require(
            planes.allSatisfy { $0.count == rows && $0.allSatisfy { $0.count == length } },
            Self.ragged(planes.count))
        self.init(shape: [planes.count, rows, length], elements: planes.flatMap { $0.flatMap { $0 } })
    }

    private static func ragged(_ count: Int) -> String {
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 "
            + "dimensions. The detected shape was (\(count),) + inhomogeneous part."
    }
}
