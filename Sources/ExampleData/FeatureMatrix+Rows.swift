import Arrays
import CKernels
import Support

extension FeatureMatrix {
    /// The examples of a range, in order; the elements are shared, not copied.
    ///
    /// - Precondition: the range lies within 0..<N.
    /// - Complexity: O(1); for sparse rows O(N), for where they begin.
    public subscript(range: Range<Int>) -> FeatureMatrix {
        switch storage {
        case .bytes(let array): .bytes(array[range], scale: scale)
        case .floats(let array): .floats(array[range])
        case .sparse(let rows): .sparse(rows.gathered(range.map { Int32($0) }))
        }
    }

    /// Returns the examples `rows`, in that order.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    /// - Complexity: O(elements of the rows): they are copied.
    public func gathered(_ rows: [Int32]) -> FeatureMatrix {
        requireRows(rows)
        let (shape, width) = ([rows.count] + exampleShape, featureCount)
        func gather<Scalar>(_ array: NDArray<Scalar>) -> NDArray<Scalar> {
            NDArray(shape: shape) { target in
                array.withUnsafeElements { source in
                    guard let target = target.baseAddress, let source = source.baseAddress else { return }
                    for (place, row) in rows.enumerated() {
                        (target + place * width).initialize(from: source + Int(row) * width, count: width)
                    }
                }
            }
        }
        return switch storage {
        case .bytes(let array): .bytes(gather(array), scale: scale)
        case .floats(let array): .floats(gather(array))
        case .sparse(let matrix): .sparse(matrix.gathered(rows))
        }
    }

    /// Returns these examples and others of the same shape after them: bytes of one scale and sparse rows as they are, all else as
    /// floats, bytes unscaled.
    ///
    /// - Complexity: O(stored elements), or O(elements) for floats.
    func joined(with other: FeatureMatrix) -> FeatureMatrix {
        let shape = [count + other.count] + exampleShape
        switch (storage, other.storage) {
        case (.bytes(let own), .bytes(let others)) where scale == other.scale:
            return .bytes(NDArray(shape: shape, elements: own.elements + others.elements), scale: scale)
        case (.sparse(let own), .sparse(let others)):
            var (starts, columns, values) = ([0], [Int32](), [Float]())
            for rows in [own, others] {
                for row in 0..<rows.shape[0] {
                    let entries = rows.entries(ofRow: row)
                    columns += entries.columns
                    values += entries.values
                    starts.append(values.count)
                }
            }
            return .sparse(
                CompressedRows(width: featureCount, starts: starts, columns: columns, values: values))
        default:
            let elements = unscaledFloats.elements + other.unscaledFloats.elements
            return .floats(NDArray(shape: shape, elements: elements))
        }
    }

    /// Returns the same features as examples of another shape with as many elements; sparse rows stay rows.
    ///
    /// - Precondition: as many elements.
    package func shaped(_ exampleShape: [Int]) -> FeatureMatrix {
        require(
            exampleShape.reduce(1, *) == featureCount,
            "\(featureCount) features do not have the shape \(exampleShape)")
        return switch storage {
        case .bytes(let array): .bytes(array.reshaped(to: [count] + exampleShape), scale: scale)
        case .floats(let array): .floats(array.reshaped(to: [count] + exampleShape))
        case .sparse: self
        }
    }

    /// Returns whether every row is in `0 ..< count`.
    package func hasRows(_ rows: [Int32]) -> Bool {
        ck_all_in_range(rows.count, rows, Int32(clamping: count)) != 0
    }

    package func requireRows(_ rows: [Int32]) {
        require(hasRows(rows), "row out of bounds 0 ..< \(count)")
    }
}

extension FeatureMatrix {
    /// The first feature that is not finite, by row and column from 0; nil if all are.
    ///
    /// - Complexity: O(stored elements); O(1) for bytes.
    package var firstNonFinite: (row: Int, column: Int, value: Float)? {
        switch storage {
        case .bytes: return nil
        case .floats(let array):
            let width = max(1, featureCount)
            return array.withUnsafeElements { values in
                values.firstIndex { !$0.isFinite }.map { ($0 / width, $0 % width, values[$0]) }
            }
        case .sparse(let rows):
            for row in 0..<count {
                let (columns, values) = rows.entries(ofRow: row)
                if let place = values.firstIndex(where: { !$0.isFinite }) {
                    return (row, Int(columns[columns.startIndex + place - values.startIndex]), values[place])
                }
            }
            return nil
        }
    }
}
