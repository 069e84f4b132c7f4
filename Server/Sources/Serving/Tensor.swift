/// A named tensor of a request or an answer.
public struct Tensor: Sendable, Equatable {
    /// The elements, in row-major order.
    public enum Elements: Sendable, Equatable {
        /// Bytes, such as pixels: datatype UINT8.
        case bytes([UInt8])
        /// Numbers in single precision.
        case floats([Float])
        /// Numbers in double precision, for all other datatypes of numbers.
        case doubles([Double])
        /// Texts.
        case texts([String])

        /// The number of elements.
        public var count: Int {
            switch self {
            case .bytes(let elements): elements.count
            case .floats(let elements): elements.count
            case .doubles(let elements): elements.count
            case .texts(let elements): elements.count
            }
        }
    }

    /// The name.
    public var name: String
    /// The datatype by which it travels.
    public var datatype: TensorDatatype
    /// The length of each axis; the first is the batch's.
    public var shape: [Int]
    /// The elements.
    public var elements: Elements

    /// Creates a tensor.
    public init(name: String, datatype: TensorDatatype, shape: [Int], elements: Elements) {
        (self.name, self.datatype, self.shape, self.elements) = (name, datatype, shape, elements)
    }

    /// The number of elements of a shape; nil for an axis below zero, or more than 2^40 of them.
    static func elementCount(of shape: [Int]) -> Int? {
        var count = 1
        for axis in shape {
            guard axis >= 0 else { return nil }
            let (product, overflows) = count.multipliedReportingOverflow(by: axis)
            guard !overflows, product <= 1 << 40 else { return nil }
            count = product
        }
        return count
    }
}

/// What a model says of one of its inputs or outputs.
public struct TensorDescription: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The datatype.
    public var datatype: TensorDatatype
    /// The length of each axis; -1 for one of any length.
    public var shape: [Int]

    /// Creates a description.
    public init(name: String, datatype: TensorDatatype, shape: [Int]) {
        (self.name, self.datatype, self.shape) = (name, datatype, shape)
    }
}
