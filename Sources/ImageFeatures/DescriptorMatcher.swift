import Arrays
import CKernels
import Support

/// Matching of descriptors between two images by nearest neighbours and the ratio test.
///
/// The nearest neighbour by Euclidean distance is found exactly; it is a match only if it is clearly nearer than the
/// second nearest: d1 < ratio * d2.
///
/// ```swift
/// let matches = try DescriptorMatcher(ratio: 0.8).matches(from: here.descriptors, to: there.descriptors)
/// ```
///
/// - Complexity: O(N · M · D).
/// - Source: D. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 60 (2004), section 7.1.
public struct DescriptorMatcher: Hashable, Codable, Sendable {
    /// The largest ratio of the nearest distance to the second nearest; 1 accepts every unique nearest neighbour.
    package var ratio: Float
    /// Whether a match must be the nearest neighbour in both directions.
    package var isMutual: Bool

    /// Creates a matcher.
    ///
    /// - Precondition: 0 < ratio <= 1.
    public init(ratio: Float = 0.8, isMutual: Bool = false) {
        require(ratio > 0 && ratio <= 1, "a ratio test at \(ratio)")
        self.ratio = ratio
        self.isMutual = isMutual
    }

    /// A match of two descriptors.
    public struct Match: Hashable, Sendable {
        /// The row of the query descriptor.
        public let query: Int
        /// The row of the train descriptor.
        public let train: Int
        /// The Euclidean distance of the descriptors' bytes.
        public let distance: Float

        /// Creates a match of two rows.
        package init(query: Int, train: Int, distance: Float) {
            self.query = query
            self.train = train
            self.distance = distance
        }
    }

    /// Returns the matches of `query` [N, D] in `train` [M, D], by the rows of `query`; at most one for each.
    ///
    /// The ratio is not tested if there is no second nearest (M = 1).
    ///
    /// - Throws: `badData` when the two have different D, or D is not 4, 8, ... 256.
    public func matches(from query: NDArray<UInt8>, to train: NDArray<UInt8>) throws -> [Match] {
        guard query.ndim == 2, train.ndim == 2, query.shape[1] == train.shape[1], query.shape[1] % 4 == 0,
            (4...256).contains(query.shape[1])
        else {
            throw DescentError(
                .badData, "descriptors that cannot be compared",
                expected: "[N, D] and [M, D] with D = 4, 8, ... 256",
                got: "shapes \(query.shape) and \(train.shape)",
                advice: "describe both images in the same way")
        }
        guard query.shape[0] > 0 && train.shape[0] > 0 else { return [] }
        let found = Self.twoNearest(of: query, in: train)
        let backward = isMutual ? Self.twoNearest(of: train, in: query) : nil
        return found.indices.compactMap { row in
            let pair = found[row]
            let (first, second) = (Float(pair.distance), Float(pair.second_distance))
            // Squared distances; a missing second one is the largest value of the type.
            guard pair.second_distance == .max || first < ratio * ratio * second else { return nil }
            if let backward, Int(backward[Int(pair.nearest)].nearest) != row { return nil }
            return Match(query: row, train: Int(pair.nearest), distance: first.squareRoot())
        }
    }

    private static func twoNearest(of query: NDArray<UInt8>, in train: NDArray<UInt8>) -> [ck_two_nearest] {
        var result = [ck_two_nearest](repeating: ck_two_nearest(), count: query.shape[0])
        let status = query.withUnsafeElements { from in
            train.withUnsafeElements { to in
                ck_find_two_nearest(
                    query.shape[0], from.baseAddress, train.shape[0], to.baseAddress,
                    query.shape[1], &result)
            }
        }
        requireDone(status, "descriptors of shapes \(query.shape) and \(train.shape)")
        return result
    }
}
