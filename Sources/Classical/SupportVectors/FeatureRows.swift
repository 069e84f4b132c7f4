import Arrays
import COneDNN
import ExampleData

/// Rows of features, laid out for the inner products that kernels are made of.
struct FeatureRows: Sendable {
    /// The storage of the rows.
    enum Form: Sendable {
        /// Bytes less 128, where the processor multiplies them exactly (`cdnn_multiplies_bytes`).
        case bytes
        /// Fast; an inner product is off by some 1e-7 |x| |z|.
        case single
        /// For narrow rows, whose products cost little, and for values that `Float` is too coarse for.
        case double
    }

    enum Values: Sendable {
        /// Each byte less 128.
        case bytes([Int8])
        case floats([Float])
        case doubles([Double])
    }

    let count: Int
    /// Features in a row, D.
    let width: Int
    let values: Values
    /// <x, x> of each row, of the values as they are stored (bytes: of the bytes themselves).
    let norms: [Float]
    /// The same for `doubles`; empty otherwise.
    let preciseNorms: [Double]
    /// The index of each row among the examples.
    let indices: [Int]
    /// The factor from a stored value to a feature: 1 for floating-point features.
    let scale: Float
    /// The point subtracted from the rows; nil for none.
    let origin: [Float]?
    /// The reference of relative kernel values (`KernelCentre`); nil for kernel values as they are.
    let anchors: KernelAnchors?

    /// Rows of at most this many floating-point features are multiplied in double precision: the kernel's own arithmetic
    /// costs more than the products then.
    static let narrowWidth = 32

    /// Chooses the storage of rows like `examples`.
    static func form(of examples: FeatureMatrix, for kernel: KernelFunction) -> Form {
        if case .custom = kernel { return .single }
        switch examples.storage {
        case .bytes: return takesBytes(examples) ? .bytes : .single
        case .floats, .sparse: return examples.featureCount <= narrowWidth ? .double : .single
        }
    }

    /// Returns whether `examples` can be multiplied as bytes.
    static func takesBytes(_ examples: FeatureMatrix) -> Bool {
        guard case .bytes = examples.storage else { return false }
        // Sums of D products of at most 255 x 255 stay below 2^31.
        return cdnn_multiplies_bytes() == 1 && examples.featureCount <= 33_000
    }

    /// Creates the rows `indices` of `examples`, in that order.
    ///
    /// - `scale`: the factor on bytes.
    /// - `centre`: the reference of relative kernel values. Its point is subtracted from `single` rows, so that
    ///   their products come out of smaller sums.
    init(
        _ examples: FeatureMatrix, indices: [Int], scale: Float, form: Form, centre: KernelCentre? = nil
    ) {
        let width = examples.featureCount
        var scaleLeft: Float = 1
        var origin: [Float]?
        let values: Values
        switch (examples.dense, form) {
        case (.bytes(let array), .bytes):
            values = .bytes(Self.gather(array, indices, width) { Int8(bitPattern: $0 ^ 0x80) })
            scaleLeft = scale
        case (.bytes(let array), .double):
            values = .doubles(Self.gather(array, indices, width) { Double($0) * Double(scale) })
        case (.bytes(let array), .single):
            let table = (0..<256).map { Float($0) * scale }
            values = .floats(Self.gather(array, indices, width) { table[Int($0)] })
        case (.floats(let array), .double):
            values = .doubles(Self.gather(array, indices, width) { Double($0) })
        case (.floats(let array), _):
            var numbers = Self.gather(array, indices, width) { $0 }
            if let point = centre?.point {
                origin = point
                numbers.withUnsafeMutableBufferPointer { numbers in
                    for row in 0..<indices.count {
                        for column in 0..<width { numbers[row * width + column] -= point[column] }
                    }
                }
            }
            values = .floats(numbers)
        }
        self.init(values, indices, width: width, scale: scaleLeft, origin: origin, centre: centre)
    }

    /// `count` rows of `width` doubles.
    init(doubles: [Double], count: Int, width: Int) {
        self.init(.doubles(doubles), Array(0..<count), width: width, scale: 1, origin: nil, centre: nil)
    }

    private init(
        _ values: Values, _ indices: [Int], width: Int, scale: Float, origin: [Float]?, centre: KernelCentre?
    ) {
        let squares = Self.squares(values, indices.count, width)
        count = indices.count
        (self.width, self.values, self.indices, self.scale) = (width, values, indices, scale)
        self.origin = origin
        norms = squares.map { Float($0) }
        if case .doubles = values { preciseNorms = squares } else { preciseNorms = [] }
        anchors = centre.flatMap {
            KernelAnchors($0, values, count: indices.count, width: width, squares: squares)
        }
    }

    /// Returns the rows `indices` of a matrix [N, D], each value passed through `change`.
    private static func gather<Source, Target>(
        _ array: NDArray<Source>, _ indices: [Int], _ width: Int, _ change: (Source) -> Target
    ) -> [Target] {
        array.withUnsafeElements { source in
            [Target](unsafeUninitializedCapacity: indices.count * width) { target, filled in
                for (row, index) in indices.enumerated() {
                    for column in 0..<width {
                        target.initializeElement(
                            at: row * width + column, to: change(source[index * width + column]))
                    }
                }
                filled = indices.count * width
            }
        }
    }

    /// <x, x> of each row, of bytes their own.
    private static func squares(_ values: Values, _ count: Int, _ width: Int) -> [Double] {
        func sum(_ value: (Int) -> Double) -> [Double] {
            (0..<count).map { row in
                var sum = 0.0
                for place in row * width..<(row + 1) * width { sum += value(place) * value(place) }
                return sum
            }
        }
        return switch values {
        case .bytes(let values):
            values.withUnsafeBufferPointer { values in sum { Double(UInt8(bitPattern: values[$0]) ^ 0x80) } }
        case .floats(let values): values.withUnsafeBufferPointer { values in sum { Double(values[$0]) } }
        case .doubles(let values): values.withUnsafeBufferPointer { values in sum { values[$0] } }
        }
    }

    private init(_ rows: FeatureRows, values: Values, places: [Int]) {
        count = places.count
        (width, scale, origin, self.values) = (rows.width, rows.scale, rows.origin, values)
        norms = places.map { rows.norms[$0] }
        preciseNorms = rows.preciseNorms.isEmpty ? [] : places.map { rows.preciseNorms[$0] }
        indices = places.map { rows.indices[$0] }
        anchors = rows.anchors?.picking(places)
    }

    /// Returns the rows at indices `places`, in that order.
    func picking(_ places: [Int]) -> FeatureRows {
        let width = width
        func gather<Scalar>(_ source: [Scalar]) -> [Scalar] {
            var target: [Scalar] = []
            target.reserveCapacity(places.count * width)
            for place in places { target += source[place * width..<(place + 1) * width] }
            return target
        }
        let picked: Values =
            switch values {
            case .bytes(let source): .bytes(gather(source))
            case .floats(let source): .floats(gather(source))
            case .doubles(let source): .doubles(gather(source))
            }
        return FeatureRows(self, values: picked, places: places)
    }
}

extension FeatureMatrix {
    /// Returns the mean of each floating-point feature; nil for bytes.
    func origin() -> [Float]? {
        guard case .floats(let array) = dense, count > 0 else { return nil }
        let width = featureCount
        var sums = [Double](repeating: 0, count: width)
        array.withUnsafeElements { values in
            for row in 0..<count {
                for column in 0..<width { sums[column] += Double(values[row * width + column]) }
            }
        }
        return sums.map { Float($0 / Double(count)) }
    }
}
