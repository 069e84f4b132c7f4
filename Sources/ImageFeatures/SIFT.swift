import Arrays
import CKernels
import Support

/// The scale-invariant feature transform (SIFT): keypoints and descriptors that survive rotation, scaling and changes
/// of light.
///
/// Blurred copies of the image, sigma times 2^(i / levels), are subtracted from one another; a keypoint is a difference
/// that is larger or smaller than its 26 neighbours in position and scale, has enough contrast, and is not an edge. The
/// gradients around it, relative to their strongest direction, make a histogram of 4 x 4 cells and 8 directions: 128
/// values, normalised, cut off at 0.2, normalised again, as bytes (512 times the value, at most 255).
///
/// ```swift
/// let here = try SIFT().localFeatures(of: photograph)     // [H, W] grey
/// print(here.count, here.descriptors.shape)               // 793 [793, 128]
/// ```
///
/// - Complexity: O(H · W · levels) for the scale space, then some thousand pixels for each keypoint.
/// - Source: D. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 60 (2004). The patent
///   (US 6,711,293) expired in March 2020.
public struct SIFT: LocalFeatureExtractor, Hashable, Codable {
    /// The scales of an octave at which keypoints are searched, 1...8.
    public var levels = 3
    /// The least contrast, for an image of values 0...1 and one level; it is divided by `levels`.
    public var contrastThreshold: Float = 0.04
    /// The largest ratio of the curvatures across and along: beyond it is an edge.
    public var edgeThreshold: Float = 10
    /// The blur of the first image of an octave, in its pixels.
    public var sigma: Float = 1.6
    /// Whether the image is doubled first, which finds about four times as many keypoints.
    public var doublesImage = true
    /// The maximum number of keypoints, the strongest first; nil for all.
    public var maximumCount: Int?

    /// Creates Lowe's settings.
    public init() {}

    /// The smallest side of an image.
    package static let smallestSide = 8

    /// The number of values in a descriptor, 128.
    public var descriptorSize: Int { 128 }

    /// Detects keypoints without computing descriptors, ordered by octave, level, row, column and angle.
    ///
    /// - Throws: `badData` when the image [H, W] has another shape or sides below 8; `usage` for settings out of range.
    public func keypoints(of image: NDArray<UInt8>) throws -> [Keypoint] {
        let all = try detect(in: image, describing: false).keypoints
        return maximumCount.map { strongest($0, of: all) } ?? all
    }

    /// Detects keypoints and computes their descriptors [N, 128], ordered by octave, level, row, column and angle.
    ///
    /// - Throws: `badData` when the image [H, W] has another shape or sides below 8; `usage` for settings out of range.
    public func localFeatures(of image: NDArray<UInt8>) throws -> LocalFeatures {
        let all = try detect(in: image, describing: true)
        return maximumCount.map { all.strongest($0) } ?? all
    }

    /// Computes descriptors [N, 128] of given keypoints, from any detector.
    ///
    /// - Throws: `badData` when the image [H, W] has another shape or sides below 8, or a keypoint is not finite, has no
    ///   size, or a level that the scale space has not.
    public func descriptors(of image: NDArray<UInt8>, at keypoints: [Keypoint]) throws -> NDArray<UInt8> {
        var settings = try kernelSettings(for: image)
        for (place, keypoint) in keypoints.enumerated() {
            let numbers = [keypoint.x, keypoint.y, keypoint.scale, keypoint.angle]
            guard numbers.allSatisfy({ abs($0) <= 1e6 }), keypoint.scale > 0,
                (0...levels + 2).contains(keypoint.level)
            else {
                throw DescentError(
                    .badData, "a keypoint that cannot be described", at: "keypoint \(place)",
                    expected:
                        "numbers of at most a million, a scale above 0 and a level of 0...\(levels + 2)",
                    got: "\(keypoint)")
            }
        }
        let list = keypoints.map(\.forKernel)
        return NDArray(shape: [list.count, 128]) { target in
            let status = image.withUnsafeElements {
                ck_sift_describe(&settings, $0.baseAddress, list.count, list, target.baseAddress)
            }
            requireDone(status, "scale space of an image of shape \(image.shape)")
        }
    }

    private func strongest(_ count: Int, of keypoints: [Keypoint]) -> [Keypoint] {
        LocalFeatures(keypoints: keypoints, descriptors: NDArray(shape: [keypoints.count, 0]) { _ in })
            .strongest(count).keypoints
    }

    private func detect(in image: NDArray<UInt8>, describing: Bool) throws -> LocalFeatures {
        var settings = try kernelSettings(for: image)
        var found = ck_keypoints()
        let status = image.withUnsafeElements {
            ck_sift_detect(&settings, $0.baseAddress, describing ? 1 : 0, &found)
        }
        requireDone(status, "scale space of an image of shape \(image.shape)")
        defer { ck_keypoints_free(&found) }
        return LocalFeatures(found, descriptorSize: describing ? 128 : 0)
    }

    private func kernelSettings(for image: NDArray<UInt8>) throws -> ck_sift {
        let (height, width) = try imageShape(ofOne: image)
        guard min(height, width) >= Self.smallestSide && max(height, width) <= 1 << 14 else {
            throw DescentError(
                .badData, "an image has sides that SIFT cannot work on",
                expected: "\(Self.smallestSide) to \(1 << 14) pixels each", got: "\(height) x \(width)")
        }
        let thresholds = [contrastThreshold, edgeThreshold, sigma]
        guard (1...8).contains(levels), thresholds.allSatisfy({ $0.isFinite && $0 >= 0 }), edgeThreshold >= 1,
            (0.6...8).contains(sigma), maximumCount ?? 1 >= 0
        else {
            throw DescentError(
                .usage, "settings of SIFT are out of range",
                expected:
                    "1 to 8 levels, a contrast of 0 or more, an edge threshold of 1 or more, sigma 0.6 to 8",
                got: "\(self)")
        }
        return ck_sift(
            height: height, width: width, levels: Int32(levels), doubled: doublesImage ? 1 : 0,
            sigma: sigma, contrast: contrastThreshold, edge: edgeThreshold)
    }
}

extension LocalFeatures {
    /// The results of a kernel, `descriptorSize` bytes for each (0: no descriptors).
    init(_ found: ck_keypoints, descriptorSize: Int) {
        let count = Int(found.count)
        self.init(
            keypoints: UnsafeBufferPointer(start: found.keypoints, count: count).map(Keypoint.init),
            descriptors: NDArray(shape: [count, descriptorSize]) { target in
                guard let bytes = found.descriptors, target.count > 0 else { return }
                _ = target.initialize(
                    from: UnsafeBufferPointer(
                        start: bytes.assumingMemoryBound(to: UInt8.self), count: count * descriptorSize))
            })
    }
}
