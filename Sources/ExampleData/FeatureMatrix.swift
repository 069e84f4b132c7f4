import Arrays
import CKernels
import Support
import Synchronization

/// A matrix of features, a row for each example, in the storage in which they came: bytes with a scale, floats, or sparse rows.
///
/// The first axis counts the examples, N; the others are the shape of one example: [D] for a table, [H, W] for grey
/// images, [C, H, W] for images of C channels. Channels come first, because a convolution reads them so: the
/// row is then the image, and nothing is moved in a step (`interleaved` makes such rows of [N, H, W, C] once).
///
/// Bytes stay bytes: 60,000 digits are 47 MB of bytes and would be 188 MB of floats. A network gets a batch of them
/// gathered, converted and multiplied by `scale`; classical classifiers take them as integers, whose distances are
/// exact. Zeros are counted when that is first asked for; if most elements are zero, a dense layer skips them.
///
/// ```swift
/// let pixels = FeatureMatrix.bytes(images)           // [60000, 28, 28], scaled to 0...1
/// pixels.count          // 60000
/// pixels.featureCount   // 784
/// let batch: Tensor<Float> = tape.input(pixels, rows: [3, 1, 4])
/// ```
public struct FeatureMatrix: Sendable {
    /// The elements as they are stored.
    package enum Storage: Sendable {
        /// Integers 0...255, shape [N, ...].
        case bytes(NDArray<UInt8>)
        /// Floating-point features, shape [N, ...].
        case floats(NDArray<Float>)
        /// Floating-point features without their zeros, shape [N, D].
        case sparse(CompressedRows)
    }

    /// The elements with all their zeros.
    package enum Dense: Sendable {
        /// Integers 0...255, not scaled, shape [N, ...].
        case bytes(NDArray<UInt8>)
        /// Floating-point features, shape [N, ...].
        case floats(NDArray<Float>)
    }

    /// The treatment of the zeros in a dense layer.
    private enum Zeros: Sendable {
        case multiplied
        case skippedInBytes
        case skipped(CompressedRows)
    }

    /// The storage behind one reference: batches and pullbacks hold these rows in every step.
    private final class Parts: Sendable {
        let storage: Storage
        let count: Int
        let width: Int
        let exampleShape: [Int]
        let scale: Float
        let table: [Float]
        let zeros = Mutex<Zeros?>(nil)

        init(_ storage: Storage, shape: [Int], scale: Float) {
            self.storage = storage
            self.scale = scale
            count = shape[0]
            exampleShape = Array(shape.dropFirst())
            width = exampleShape.reduce(1, *)
            table = if case .bytes = storage { (0..<256).map { Float($0) * scale } } else { [] }
        }
    }

    private let parts: Parts

    private init(_ storage: Storage, shape: [Int], scale: Float = 1) {
        require(!shape.isEmpty, "rows of examples need at least one axis")
        parts = Parts(storage, shape: shape, scale: scale)
    }

    /// Creates features from bytes [N, ...], each byte b having the value `scale` b in a network.
    ///
    /// - Precondition: at least one axis.
    public static func bytes(_ bytes: NDArray<UInt8>, scale: Float = 1 / 255) -> FeatureMatrix {
        // Rows are gathered by pointer from here on, so they must be contiguous.
        let rows = bytes.isContiguous ? bytes : bytes.contiguousCopy()
        return FeatureMatrix(.bytes(rows), shape: bytes.shape, scale: scale)
    }

    /// Creates features from floats [N, ...].
    ///
    /// - Precondition: at least one axis.
    public static func floats(_ numbers: NDArray<Float>) -> FeatureMatrix {
        FeatureMatrix(
            .floats(numbers.isContiguous ? numbers : numbers.contiguousCopy()), shape: numbers.shape)
    }

    /// Creates features from sparse rows [N, D].
    public static func sparse(_ rows: CompressedRows) -> FeatureMatrix {
        FeatureMatrix(.sparse(rows), shape: rows.shape)
    }

    /// Creates features from images with interleaved channels, [N, H, W, C], as bytes [N, C, H, W].
    ///
    /// - Precondition: four axes.
    /// - Complexity: O(elements): they are moved once.
    package static func interleaved(_ images: NDArray<UInt8>, scale: Float = 1 / 255) -> FeatureMatrix {
        require(
            images.ndim == 4, "images of several channels have the shape (N, H, W, C), not \(images.shape)")
        return bytes(images.permuted([0, 3, 1, 2]), scale: scale)
    }

    /// The elements as they are stored.
    package var storage: Storage { parts.storage }
    /// The number of examples, N.
    public var count: Int { parts.count }
    /// The number of features of each, D: the product of all axes but the first.
    public var featureCount: Int { parts.width }
    /// The shape of one example: all axes but the first.
    public var exampleShape: [Int] { parts.exampleShape }
    /// The axes, N first.
    public var shape: [Int] { [count] + exampleShape }
    /// The factor of a byte in a network; 1 for floats and sparse rows.
    package var scale: Float { parts.scale }
    /// The value of each of the 256 bytes; empty for floats and sparse rows.
    package var table: [Float] { parts.table }

    /// The elements with all their zeros, bytes unscaled.
    ///
    /// - Complexity: O(1); O(N D) for sparse rows, which are unpacked.
    package var dense: Dense {
        switch storage {
        case .bytes(let array): .bytes(array)
        case .floats(let array): .floats(array)
        case .sparse(let rows): .floats(rows.dense())
        }
    }

    /// All features as `Float` [N, D]; bytes as 0...255, not scaled.
    ///
    /// - Complexity: O(N D) for bytes and sparse rows; floats are shared, not copied.
    public var unscaledFloats: NDArray<Float> {
        switch dense {
        case .bytes(let array): array.asType(Float.self).reshaped(count, featureCount)
        case .floats(let array): array.reshaped(count, featureCount)
        }
    }

    /// The share of non-zero bytes up to which skipping the others is faster than multiplying all.
    private static let maximumDensity = 0.5

    /// Whether enough elements are zero that skipping them is faster.
    ///
    /// - Complexity: O(N D) when it is first asked.
    package var isMostlyZero: Bool { if case .multiplied = zeros { false } else { true } }

    /// The rows without their zeros, for floats that are mostly zero and for sparse rows; nil otherwise.
    package var compressed: CompressedRows? { if case .skipped(let rows) = zeros { rows } else { nil } }

    private var zeros: Zeros {
        parts.zeros.withLock { known in
            if let known { return known }
            let found: Zeros
            switch storage {
            case .bytes(let bytes):
                let nonZero = bytes.withUnsafeElements { ck_count_nonzero($0.count, $0.baseAddress) }
                let isMostlyZero =
                    bytes.count > 0 && Double(nonZero) <= Self.maximumDensity * Double(bytes.count)
                found = isMostlyZero ? .skippedInBytes : .multiplied
            case .floats(let numbers): found = CompressedRows(numbers).map(Zeros.skipped) ?? .multiplied
            case .sparse(let rows): found = .skipped(rows)
            }
            known = found
            return found
        }
    }
}
