import Support

/// One entry of an array literal: a number, or a nested list of them.
///
/// It makes `let w: NDArray<Double> = [[0.1, 0.3], [0.2, 0.4]]` possible and is not meant to be named.
public struct NDArrayLiteral<Scalar: ArrayScalar>: Sendable {
    /// The shape; of a ragged list, as far as its entries agree.
    let shape: [Int]
    let elements: [Scalar]
    /// Two shapes of entries that differ, if the list is ragged.
    let clash: [[Int]]

    init(shape: [Int], elements: [Scalar]) {
        self.shape = shape
        self.elements = elements
        clash = []
    }

    /// A number.
    init(scalar: Scalar) { self.init(shape: [], elements: [scalar]) }

    /// Creates a list; raggedness is checked for the whole (`checked`), where NumPy's message can be given.
    init(list: [NDArrayLiteral]) {
        let inner = list.first?.shape ?? []
        let other = list.first { $0.shape != inner }?.shape
        clash = list.first { !$0.clash.isEmpty }?.clash ?? other.map { [inner, $0] } ?? []
        let common = list.reduce(inner) { common, entry in
            Array(zip(common, entry.shape).prefix { $0 == $1 }.map(\.0))
        }
        shape = [list.count] + common
        elements = list.flatMap(\.elements)
    }

    /// The checked literal.
    ///
    /// - Precondition: not ragged.
    func checked() -> NDArrayLiteral {
        let detected = shape.map(String.init).joined(separator: ", ")
        require(
            clash.isEmpty,
            "setting an array element with a sequence. The requested array has an inhomogeneous shape after "
                + "\(shape.count) dimensions. The detected shape was (\(detected)\(shape.count == 1 ? "," : "")) "
                + "+ inhomogeneous part: "
                + clash.map(shapeText).joined(separator: " and "))
        return self
    }
}

extension NDArrayLiteral: ExpressibleByArrayLiteral {
    /// A nested list.
    ///
    /// - Precondition: all entries have the same shape.
    public init(arrayLiteral list: NDArrayLiteral...) { self.init(list: list) }
}

extension NDArrayLiteral: ExpressibleByIntegerLiteral where Scalar: ExpressibleByIntegerLiteral {
    /// An integer.
    public init(integerLiteral value: Scalar.IntegerLiteralType) {
        self.init(scalar: Scalar(integerLiteral: value))
    }
}

extension NDArrayLiteral: ExpressibleByFloatLiteral where Scalar: ExpressibleByFloatLiteral {
    /// A floating-point number.
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
        let whole = NDArrayLiteral(list: list).checked()
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
        if rows.contains(where: { $0.count != length }) { _ = Self.literal(rows).checked() }
        self.init(shape: [rows.count, length], elements: rows.flatMap { $0 })
    }

    /// An array of three axes.
    ///
    /// - Precondition: not ragged.
    public init(_ planes: [[[Scalar]]]) {
        let rows = planes.first?.count ?? 0
        let length = planes.first?.first?.count ?? 0
        if planes.contains(where: { $0.count != rows || $0.contains { $0.count != length } }) {
            _ = NDArrayLiteral(list: planes.map(Self.literal)).checked()
        }
        self.init(shape: [planes.count, rows, length], elements: planes.flatMap { $0.flatMap { $0 } })
    }

    private static func literal(_ rows: [[Scalar]]) -> NDArrayLiteral<Scalar> {
        NDArrayLiteral(list: rows.map { NDArrayLiteral(shape: [$0.count], elements: $0) })
    }
}
