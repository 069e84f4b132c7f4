import Arrays
import CKernels
import Support

/// A keypoint: a repeatable location of an image, with its scale and direction.
///
/// The centre of the first pixel is (0, 0); x goes to the right, y down.
public struct Keypoint: Hashable, Sendable {
    /// The horizontal coordinate, in pixels from the left.
    public var x: Float
    /// The vertical coordinate, in pixels from the top.
    public var y: Float
    /// The scale: the blur (sigma, in pixels) at which the keypoint is detected.
    public var scale: Float
    /// The orientation of the gradients around the keypoint: radians in 0..<2 pi, from x towards y (clockwise as one
    /// sees it).
    public var angle: Float
    /// The strength of the detection: contrast (images having values 0...1) for SIFT, determinant for SURF.
    public var response: Float
    /// The octave of the scale space; -1 is the doubled image.
    package var octave: Int
    /// The level in the octave, from 1.
    package var level: Int
    /// Whether the keypoint is brighter than its surroundings.
    package var isBright: Bool

    /// Creates a keypoint from its parts.
    package init(
        x: Float, y: Float, scale: Float, angle: Float = 0, response: Float = 0, octave: Int = 0,
        level: Int = 1,
        isBright: Bool = true
    ) {
        self.x = x
        self.y = y
        self.scale = scale
        self.angle = angle
        self.response = response
        self.octave = octave
        self.level = level
        self.isBright = isBright
    }

    init(_ keypoint: ck_keypoint) {
        self.init(
            x: keypoint.x, y: keypoint.y, scale: keypoint.scale, angle: keypoint.angle,
            response: keypoint.response,
            octave: Int(keypoint.octave), level: Int(keypoint.level), isBright: keypoint.sign > 0)
    }

    var forKernel: ck_keypoint {
        ck_keypoint(
            x: x, y: y, scale: scale, angle: angle, response: response, octave: Int32(clamping: octave),
            level: Int32(clamping: level), sign: isBright ? 1 : -1)
    }
}

/// The keypoints of one image, each with its descriptor.
public struct LocalFeatures: Sendable {
    /// The keypoints, N of them.
    public let keypoints: [Keypoint]
    /// The descriptors: bytes [N, D].
    public let descriptors: NDArray<UInt8>

    /// Creates keypoints with their descriptors.
    ///
    /// - Precondition: as many rows of descriptors as keypoints.
    package init(keypoints: [Keypoint], descriptors: NDArray<UInt8>) {
        require(
            descriptors.ndim == 2 && descriptors.shape[0] == keypoints.count,
            "\(keypoints.count) keypoints with descriptors of shape \(descriptors.shape)")
        self.keypoints = keypoints
        self.descriptors = descriptors
    }

    /// The number of keypoints, N.
    public var count: Int { keypoints.count }

    /// Returns the `count` keypoints of the strongest response, in their old order; the earlier of equals.
    public func strongest(_ count: Int) -> LocalFeatures {
        guard count < keypoints.count else { return self }
        let order = keypoints.indices.sorted {
            keypoints[$0].response != keypoints[$1].response
                ? keypoints[$0].response > keypoints[$1].response : $0 < $1
        }
        let chosen = order.prefix(max(0, count)).sorted()
        let width = descriptors.shape[1]
        let rows = descriptors.withUnsafeElements { bytes in
            NDArray<UInt8>(shape: [chosen.count, width]) { target in
                for (place, row) in chosen.enumerated() {
                    for column in 0..<width {
                        target.initializeElement(at: place * width + column, to: bytes[row * width + column])
                    }
                }
            }
        }
        return LocalFeatures(keypoints: chosen.map { keypoints[$0] }, descriptors: rows)
    }
}

/// An extractor of local features: it detects keypoints and computes a comparable descriptor of bytes for each.
package protocol LocalFeatureExtractor: Sendable {
    /// The size of a descriptor in bytes, D.
    var descriptorSize: Int { get }

    /// Computes the features of one grey image [H, W].
    ///
    /// - Throws: `badData` when the image has another shape or is too small.
    func localFeatures(of image: NDArray<UInt8>) throws -> LocalFeatures
}
