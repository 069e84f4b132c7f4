import Arrays
import CKernels
import Support

/// Speeded-up robust features (SURF): keypoints by box filters, coarser than ``SIFT`` and simple to compute.
///
/// Second derivatives are box filters over an integral image; a keypoint is a maximum of the Hessian's determinant Dxx
/// Dyy - (0.9 Dxy)^2 among its 26 neighbours in position and filter size. Its descriptor sums Haar wavelet responses
/// (dx, dy, |dx|, |dy|) in 4 x 4 parts around it: 64 values; 128 when the sums are kept apart by the sign of the other
/// direction. Unit length; as bytes, 128 + 256 times the value.
///
/// A patent (US 8,165,401 and its relatives elsewhere) may still cover this method in some countries.
///
/// ```swift
/// let found = try SURF().localFeatures(of: photograph)   // [H, W] grey to descriptors [N, 64]
/// ```
///
/// - Complexity: O(H · W · filters), then about 800 box sums for each keypoint.
/// - Source: H. Bay, A. Ess, T. Tuytelaars, L. Van Gool, "Speeded-Up Robust Features", CVIU 110 (2008).
public struct SURF: LocalFeatureExtractor, Hashable, Codable {
    /// The number of octaves, doublings of the filter sizes, 1...4.
    public var octaves = 4
    /// The least determinant, for images of values 0...1.
    public var threshold: Float = 0.0004
    /// Whether orientations are not computed: faster, for images that are never rotated.
    public var isUpright = false
    /// Whether a descriptor has 128 values instead of 64.
    public var isExtended = false
    /// The maximum number of keypoints, the strongest first; nil for all.
    public var maximumCount: Int?

    /// Creates the default settings: four octaves, 64 values, with orientations.
    public init() {}

    /// The smallest side of an image, which has room for the third filter of the first octave.
    package static let smallestSide = 32

    /// The number of values in a descriptor, 64 or 128.
    public var descriptorSize: Int { isExtended ? 128 : 64 }

    /// Detects keypoints and computes their descriptors [N, D], ordered by octave, level, row and column.
    ///
    /// - Throws: `badData` when the image [H, W] has another shape or sides below 32; `usage` for settings out of range.
    public func localFeatures(of image: NDArray<UInt8>) throws -> LocalFeatures {
        let (keypoints, values) = try detect(in: image)
        let bytes = NDArray<UInt8>(shape: values.shape) { target in
            values.withUnsafeElements { values in
                for place in values.indices {
                    let value = 128 + (256 * values[place]).rounded()
                    target.initializeElement(at: place, to: UInt8(min(255, max(0, value))))
                }
            }
        }
        let all = LocalFeatures(keypoints: keypoints, descriptors: bytes)
        return maximumCount.map { all.strongest($0) } ?? all
    }

    /// All keypoints, and their descriptors before they are made bytes: [N, D], rows of unit length.
    ///
    /// - Throws: as `localFeatures(of:)`.
    public func detect(in image: NDArray<UInt8>) throws -> (keypoints: [Keypoint], values: NDArray<Float>) {
        let (height, width) = try imageShape(ofOne: image)
        guard min(height, width) >= Self.smallestSide && max(height, width) <= 1 << 14 else {
            throw DescentError(
                .badData, "an image has sides that SURF cannot work on",
                expected: "\(Self.smallestSide) to \(1 << 14) pixels each", got: "\(height) x \(width)")
        }
        guard (1...4).contains(octaves), threshold.isFinite, threshold >= 0, maximumCount ?? 1 >= 0 else {
            throw DescentError(
                .usage, "settings of SURF are out of range",
                expected: "1 to 4 octaves and a threshold of 0 or more",
                got: "\(self)")
        }
        var settings = ck_surf(
            height: height, width: width, octaves: Int32(octaves), upright: isUpright ? 1 : 0,
            extended: isExtended ? 1 : 0, threshold: threshold)
        var found = ck_keypoints()
        let status = image.withUnsafeElements { ck_surf_detect(&settings, $0.baseAddress, 1, &found) }
        requireDone(status, "SURF of an image of shape \(image.shape)")
        defer { ck_keypoints_free(&found) }
        let count = Int(found.count)
        let values = NDArray<Float>(shape: [count, descriptorSize]) { target in
            guard let numbers = found.descriptors, count > 0 else { return }
            _ = target.initialize(
                from: UnsafeBufferPointer(
                    start: numbers.assumingMemoryBound(to: Float.self), count: count * descriptorSize))
        }
        return (UnsafeBufferPointer(start: found.keypoints, count: count).map(Keypoint.init), values)
    }
}
