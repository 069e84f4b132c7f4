import Arrays
import ExampleData

extension Tape {
    /// Puts the features of a batch on the tape, shape [N, D]. They become an array only if a primitive reads the array.
    @specialized(where Scalar == Float)
    package func input(_ batch: Batch) -> Tensor<Scalar> {
        input(batch.features, batch.rows, upcoming: batch.upcoming)
    }

    /// Puts gathered rows of features on the tape, shape [N, D]. They become an array only if a primitive reads the array.
    ///
    /// - Precondition: every row is in `0 ..< features.count`.
    @specialized(where Scalar == Float)
    package func input(_ features: FeatureMatrix, rows: [Int32]) -> Tensor<Scalar> {
        input(features, rows, upcoming: nil)
    }

    @specialized(where Scalar == Float)
    private func input(
        _ features: FeatureMatrix, _ rows: [Int32], upcoming: UpcomingRows?
    ) -> Tensor<Scalar> {
        if case .bytes(let bytes) = features.storage {
            return leaf(
                .rows(GatheredBytes(features, bytes, rows: rows, upcoming: upcoming), array: nil))
        }
        return leaf(.rows(GatheredFloats(features, rows: rows), array: nil))
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
            let rows = GatheredFloats(.floats(array), rows: (0..<array.shape[0]).map { Int32($0) })
            nodes[node].value = .rows(rows, array: array)
            return rows.isMostlyZero ? rows : nil
        case .image, .deferred: return nil
        }
    }

    /// Batches of fewer elements are multiplied before they are counted.
    private static var smallestCounted: Int { 4096 }
}
