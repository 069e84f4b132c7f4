import Arrays
import CKernels
import Support

/// How images are changed a little at random each time they are learnt from, so that a network sees more than there are.
///
/// Every image is moved, turned, scaled, sheared, mirrored and distorted as if drawn on rubber; then its light changes, and a
/// part of it is covered. The random numbers follow from (seed, epoch, the image's number) alone: neither threads nor an
/// interruption change them, nor whether the images are in memory or read batch by batch.
///
/// ```swift
/// let augmentation = try Augmentation(parsing: "shift=2,rotate=10,scale=0.1,elastic=34")
/// let batch = augmentation.images(digits.train.images, rows: [5, 0, 4], seed: 1, epoch: 3)   // [3, 28, 28]
/// ```
///
/// Sources: Simard, Steinkraus and Platt 2003, "Best practices for convolutional neural networks applied to visual
/// document analysis" (elastic distortion); DeVries and Taylor 2017, "Improved regularization of convolutional neural
/// networks with cutout" (erasing).
public struct Augmentation: Sendable, Hashable {
    /// Pixels that an image is moved by at most, each way.
    public var shift = 0.0
    /// The share of its width and height that it is moved by at most, each way, besides.
    public var shiftShare = 0.0
    /// Degrees that it is turned by at most, each way.
    public var rotation = 0.0
    /// The share that it is made larger or smaller by at most.
    public var scaling = 0.0
    /// Degrees that it is slanted by at most, each way.
    public var shear = 0.0
    /// The probability that it is mirrored left to right. Digits and letters have no mirror images.
    public var flipProbability = 0.0
    /// What the smoothed random displacements, -1...1 at first, are multiplied by; Simard's alpha.
    public var elastic = 0.0
    /// The deviation of the Gaussian that smooths them, in pixels; Simard's sigma.
    public var smoothness = 4.0
    /// The share of its area that is covered at most.
    public var erasing = 0.0
    /// The share that its light changes by at most.
    public var brightness = 0.0
    /// The share that its contrast changes by at most.
    public var contrast = 0.0
    /// The share that the strength of its colours changes by at most; no matter for grey images.
    public var colour = 0.0
    /// Whether what comes from outside is the nearest pixel, and what is covered has the mean colour; zeros otherwise. A
    /// photograph has no black around it.
    package var extendsEdges = false

    /// No change.
    public init() {}

    /// Changes of these sizes, with zeros around the image.
    ///
    /// - Precondition: none is negative or above the limits of `init(parsing:)`.
    public init(
        shift: Double = 0, rotation: Double = 0, scaling: Double = 0, elastic: Double = 0,
        smoothness: Double = 4
    ) {
        self.shift = shift
        self.rotation = rotation
        self.scaling = scaling
        self.elastic = elastic
        self.smoothness = smoothness
        requirePossible()
    }

    /// The changes for digits: none that makes another digit of one.
    public static let digits = Augmentation(shift: 2, rotation: 10, scaling: 0.1, elastic: 20)

    /// The changes for photographs: what another camera, another light and another moment would have made of the scene.
    public static var photographs: Augmentation {
        var changes = Augmentation(rotation: 8, scaling: 0.12)
        changes.shiftShare = 0.1
        changes.flipProbability = 0.5
        (changes.brightness, changes.contrast, changes.colour) = (0.2, 0.2, 0.2)
        changes.extendsEdges = true
        return changes
    }

    /// The images `rows` of `images`, grey [N, H, W] or colour [N, 3, H, W], changed: as many as rows.
    ///
    /// - Parameters:
    ///   - numbers: the numbers of the images, by which their changes are drawn; nil: `rows`. They differ where `images` are a
    ///     part of a larger set.
    ///   - parts: into how many the work is cut for the pool; it decides nothing else. 1 keeps it on the caller's thread.
    ///   - images: the images to change, N in a batch.
    ///   - rows: the rows' numbers in the source, on which the chance depends.
    ///   - seed: the seed of the chance.
    ///   - epoch: the epoch, which makes another chance of the same seed.
    /// - Precondition: axes as stated; every setting possible; every row in `0 ..< N`; as many numbers as rows, none
    ///   negative; 0 <= epoch < 2^32.
    /// - Complexity: O(rows H W (channels + smoothness)).
    package func images(
        _ images: NDArray<UInt8>, rows: [Int32], numbers: [Int32]? = nil, seed: Int, epoch: Int,
        parts: Int = 8
    ) -> NDArray<UInt8> {
        let shape = images.shape
        require(
            shape.count == 3 || (shape.count == 4 && [1, 3].contains(shape[1])),
            "images to augment must have the shape (N, H, W) or (N, 3, H, W), got \(shape)")
        require(
            rows.allSatisfy { $0 >= 0 && Int($0) < shape[0] }, "row out of bounds 0 ..< \(shape[0])")
        let numbers = numbers ?? rows
        require(
            numbers.count == rows.count && numbers.allSatisfy { $0 >= 0 },
            "\(numbers.count) numbers for \(rows.count) images, or a negative one")
        requirePossible()
        let channels = shape.count == 4 ? shape[1] : 1
        var form = kernelForm(
            height: shape[shape.count - 2], width: shape[shape.count - 1], channels: channels)
        let bits = UInt64(bitPattern: Int64(seed))
        // Dropout draws from the same seed: another key keeps the two apart.
        form.key = (UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32) ^ 0x6175_676D)
        form.epoch = UInt32(truncatingIfNeeded: epoch)
        let parts = max(1, min(parts, rows.count))
        // The kernel uses `parts` times as much as it says that one part needs.
        var scratch = [Float](repeating: 0, count: parts * ck_augment_scratch(&form))
        return NDArray(shape: [rows.count] + shape.dropFirst()) { target in
            guard !target.isEmpty else { return }
            images.withUnsafeElements { pixels in
                ck_augment_u8(
                    &form, pixels.baseAddress, rows, numbers, rows.count, Int32(parts), &scratch,
                    target.baseAddress)
            }
        }
    }

    private func kernelForm(height: Int, width: Int, channels: Int) -> ck_augmentation {
        var form = ck_augmentation()
        (form.height, form.width, form.channels) = (height, width, channels)
        form.shift = Float(shift)
        (form.shift_x, form.shift_y) = (Float(shiftShare * Double(width)), Float(shiftShare * Double(height)))
        form.rotation = Float(rotation * .pi / 180)
        form.scaling = Float(scaling)
        form.shear = Float(shear * .pi / 180)
        form.flip = Float(flipProbability)
        form.elastic = Float(elastic)
        form.smoothness = Float(smoothness)
        form.erasing = Float(erasing)
        (form.brightness, form.contrast, form.colour) = (Float(brightness), Float(contrast), Float(colour))
        form.from_edge = extendsEdges ? 1 : 0
        return form
    }

    private func requirePossible() {
        for setting in Self.settings {
            require(
                setting.range.contains(self[keyPath: setting.value]),
                "augmentation by \(setting.name)=\(self[keyPath: setting.value])")
        }
    }
}
