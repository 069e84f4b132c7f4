import Arrays
import COneDNN

/// Rows of features, laid out for the inner products that kernels are made of.
///
/// Bytes stay bytes, less 128, where the processor multiplies them exactly (`cdnn_multiplies_bytes`); everything else
/// is `Float`.
struct FeatureRows: Sendable {
    enum Values: Sendable {
        /// Each byte less 128.
        case bytes([Int8])
        case numbers([Float])
    }

    let count: Int
    /// Features in a row, D.
    let width: Int
    let values: Values
    /// <x, x> of each row, of the values as they are stored (bytes: of the bytes themselves).
    let norms: [Float]
    /// What a stored value is multiplied by to be a feature: 1 for numbers.
    let scale: Float

    var isBytes: Bool {
        if case .bytes = values { true } else { false }
    }

    /// Whether `examples` can be multiplied as bytes.
    static func takesBytes(_ examples: Examples) -> Bool {
        guard case .bytes = examples else { return false }
        // Sums of D products of at most 255 x 255 stay below 2^31.
        return cdnn_multiplies_bytes() == 1 && examples.featureCount <= 33_000
    }

    /// The rows `indices` of `examples`, in that order.
    ///
    /// - `scale`: what bytes are multiplied by.
    /// - `asBytes`: `takesBytes`, or false.
    /// - `origin`: subtracted from numbers; distances do not change, and come out of smaller sums.
    init(_ examples: Examples, indices: [Int], scale: Float, asBytes: Bool, origin: [Float]? = nil) {
        let width = examples.featureCount
        count = indices.count
        self.width = width
        switch examples {
        case .bytes(let array) where asBytes:
            var norms = [Float](repeating: 0, count: indices.count)
            values = .bytes(
                array.withUnsafeElements { source in
                    [Int8](unsafeUninitializedCapacity: indices.count * width) { target, filled in
                        for (row, index) in indices.enumerated() {
                            var norm = 0
                            for column in 0..<width {
                                let byte = source[index * width + column]
                                target[row * width + column] = Int8(bitPattern: byte ^ 0x80)
                                norm += Int(byte) * Int(byte)
                            }
                            norms[row] = Float(norm)
                        }
                        filled = indices.count * width
                    }
                })
            self.norms = norms
            self.scale = scale
        case .bytes(let array):
            let table = (0..<256).map { Float($0) * scale }
            let numbers = array.withUnsafeElements { source in
                [Float](unsafeUninitializedCapacity: indices.count * width) { target, filled in
                    for (row, index) in indices.enumerated() {
                        for column in 0..<width {
                            target[row * width + column] = table[Int(source[index * width + column])]
                        }
                    }
                    filled = indices.count * width
                }
            }
            (values, norms) = Self.withNorms(numbers, indices.count, width, origin)
            self.scale = 1
        case .numbers(let array):
            let numbers = array.withUnsafeElements { source in
                [Float](unsafeUninitializedCapacity: indices.count * width) { target, filled in
                    for (row, index) in indices.enumerated() {
                        for column in 0..<width {
                            target[row * width + column] = source[index * width + column]
                        }
                    }
                    filled = indices.count * width
                }
            }
            (values, norms) = Self.withNorms(numbers, indices.count, width, origin)
            self.scale = 1
        }
    }

    private static func withNorms(
        _ numbers: consuming [Float], _ count: Int, _ width: Int, _ origin: [Float]?
    ) -> (Values, [Float]) {
        var norms = [Float](repeating: 0, count: count)
        numbers.withUnsafeMutableBufferPointer { numbers in
            for row in 0..<count {
                if let origin {
                    for column in 0..<width { numbers[row * width + column] -= origin[column] }
                }
                var norm = 0.0
                for column in 0..<width {
                    let value = Double(numbers[row * width + column])
                    norm += value * value
                }
                norms[row] = Float(norm)
            }
        }
        return (.numbers(numbers), norms)
    }
}

extension Examples {
    /// The mean of each feature of numbers; nil for bytes.
    func origin() -> [Float]? {
        guard case .numbers(let array) = self, count > 0 else { return nil }
        let width = featureCount
        var sums = [Double](repeating: 0, count: width)
        array.withUnsafeElements { values in
            for row in 0..<count {
                for column in 0..<width { sums[column] += Double(values[row * width + column]) }
            }
        }
        return sums.map { Float($0 / Double(count)) }
    }

    /// The rows `indices`, in that order: [count, D].
    func picking(_ indices: [Int]) -> Examples {
        let width = featureCount
        func gather<Scalar>(_ array: NDArray<Scalar>) -> NDArray<Scalar> {
            NDArray(shape: [indices.count, width]) { target in
                array.withUnsafeElements { source in
                    for (row, index) in indices.enumerated() {
                        for column in 0..<width {
                            target.initializeElement(
                                at: row * width + column, to: source[index * width + column])
                        }
                    }
                }
            }
        }
        switch self {
        case .bytes(let array): return .bytes(gather(array))
        case .numbers(let array): return .numbers(gather(array))
        }
    }
}

extension FeatureRows {
    private init(count: Int, width: Int, values: Values, norms: [Float], scale: Float) {
        self.count = count
        self.width = width
        self.values = values
        self.norms = norms
        self.scale = scale
    }

    /// The rows `indices`, in that order.
    func picking(_ indices: [Int]) -> FeatureRows {
        let width = width
        func gather<Scalar>(_ source: [Scalar]) -> [Scalar] {
            var target: [Scalar] = []
            target.reserveCapacity(indices.count * width)
            for index in indices { target += source[index * width..<(index + 1) * width] }
            return target
        }
        let picked: Values =
            switch values {
            case .bytes(let source): .bytes(gather(source))
            case .numbers(let source): .numbers(gather(source))
            }
        return FeatureRows(
            count: indices.count, width: width, values: picked, norms: indices.map { norms[$0] }, scale: scale
        )
    }
}
