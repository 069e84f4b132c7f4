import Arrays
import CKernels
import Support

/// Random changes of training images, drawn anew in each epoch, so that a network sees more images than there are.
///
/// Every image is moved, turned, scaled and then distorted as if drawn on rubber; what comes from outside is zero. The
/// random numbers follow from (seed, epoch, row) alone: neither threads nor an interruption change them.
///
/// ```swift
/// let augmentation = try Augmentation(parsing: "shift=2,rotate=10,scale=0.1,elastic=34")
/// let batch = augmentation.images(digits.train.images, rows: [5, 0, 4], seed: 1, epoch: 3)   // [3, 28, 28]
/// ```
///
/// Source: Simard, Steinkraus and Platt 2003, "Best practices for convolutional neural networks applied to visual
/// document analysis".
public struct Augmentation: Sendable, Hashable {
    /// Pixels that an image is moved by at most, each way.
    public var shift: Double
    /// Degrees that it is turned by at most, each way.
    public var rotation: Double
    /// The share that it is made larger or smaller by at most.
    public var scaling: Double
    /// The factor on the smoothed random displacements, which are -1...1 at first; Simard's alpha.
    public var elastic: Double
    /// The deviation of the Gaussian that smooths them, in pixels; Simard's sigma.
    public var smoothness: Double

    /// Changes of these sizes.
    ///
    /// - Precondition: all are between 0 and the limits of `init(parsing:)`.
    public init(
        shift: Double = 0, rotation: Double = 0, scaling: Double = 0, elastic: Double = 0,
        smoothness: Double = 4
    ) {
        let isPossible =
            (0...1000).contains(shift) && (0...180).contains(rotation) && (0...0.9).contains(scaling)
            && (0...10_000).contains(elastic) && (0.1...100).contains(smoothness)
        require(
            isPossible, "augmentation by \(shift), \(rotation), \(scaling), \(elastic), \(smoothness)")
        self.shift = shift
        self.rotation = rotation
        self.scaling = scaling
        self.elastic = elastic
        self.smoothness = smoothness
    }

    /// Returns the images `rows` of `images` (shape [N, H, W]) changed: [rows.count, H, W].
    ///
    /// - Parameters:
    ///   - images: the images, bytes [N, H, W].
    ///   - rows: the indices of the images to change.
    ///   - seed: the seed of the random numbers.
    ///   - epoch: the epoch, from which the random numbers follow as well.
    ///   - parts: the number of parts that the pool computes; the result does not depend on it. 1 keeps the work on the
    ///     caller's thread.
    /// - Precondition: three axes; every row in `0 ..< N`; 0 <= epoch < 2^32.
    /// - Complexity: O(rows H W smoothness).
    public func images(
        _ images: NDArray<UInt8>, rows: [Int32], seed: Int, epoch: Int, parts: Int = 8
    ) -> NDArray<UInt8> {
        require(images.ndim == 3, "images to augment must have the shape (N, H, W), got \(images.shape)")
        let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
        require(rows.allSatisfy { $0 >= 0 && Int($0) < count }, "row out of bounds 0 ..< \(count)")
        var form = ck_augmentation()
        (form.height, form.width) = (height, width)
        form.shift = Float(shift)
        form.rotation = Float(rotation * .pi / 180)
        form.scaling = Float(scaling)
        form.elastic = Float(elastic)
        form.smoothness = Float(smoothness)
        let bits = UInt64(bitPattern: Int64(seed))
        // Dropout draws from the same seed: another key keeps the two apart.
        form.key = (UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32) ^ 0x6175_676D)
        form.epoch = UInt32(truncatingIfNeeded: epoch)
        let parts = max(1, min(parts, rows.count))
        // The kernel uses `parts` times as much as it says that one part needs.
        var scratch = [Float](repeating: 0, count: parts * ck_augment_scratch(&form))
        return NDArray(shape: [rows.count, height, width]) { target in
            guard !target.isEmpty else { return }
            images.withUnsafeElements { pixels in
                ck_augment_u8(
                    &form, pixels.baseAddress, rows, rows.count, Int32(parts), &scratch,
                    target.baseAddress)
            }
        }
    }
}

extension Augmentation: LosslessStringConvertible, Codable {
    /// The notation of an augmentation.
    public static let form = "shift=PIXELS,rotate=DEGREES,scale=SHARE,elastic=STRENGTH,sigma=4"

    /// Parses the augmentation that `text` names: `shift=2,rotate=10,scale=0.1,elastic=34,sigma=4`, each setting only if
    /// wanted; or `digits`: shift=2,rotate=10,scale=0.1,elastic=20.
    ///
    /// - Throws: `usage` when a setting is impossible, or there is none.
    public init(parsing text: String) throws {
        if text == "digits" {
            self.init(shift: 2, rotation: 10, scaling: 0.1, elastic: 20)
            return
        }
        var settings = SettingText("augmentation:\(text)", of: "augmentation")
        let shift = try settings.number("shift", in: 0...1000)
        let rotation = try settings.number("rotate", in: 0...180)
        let scaling = try settings.number("scale", in: 0...0.9)
        let elastic = try settings.number("elastic", in: 0...10_000)
        let smoothness = try settings.number("sigma", in: 0.1...100)
        do {
            try settings.finish()
        } catch {
            throw DescentError(
                .usage, "not an augmentation", at: "augmentation", expected: "digits, or \(Self.form)",
                got: "'\(text)'")
        }
        guard [shift, rotation, scaling, elastic].contains(where: { ($0 ?? 0) > 0 }) else {
            throw DescentError(
                .usage, "the augmentation changes nothing", at: "augmentation",
                expected: "digits, or \(Self.form)",
                got: "'\(text)'")
        }
        self.init(
            shift: shift ?? 0, rotation: rotation ?? 0, scaling: scaling ?? 0, elastic: elastic ?? 0,
            smoothness: smoothness ?? 4)
    }

    /// Parses the augmentation that `text` names, nil if it names none.
    public init?(_ text: String) {
        guard let augmentation = try? Augmentation(parsing: text) else { return nil }
        self = augmentation
    }

    /// The text that `init(parsing:)` reads.
    public var description: String {
        var parts = [("shift", shift), ("rotate", rotation), ("scale", scaling), ("elastic", elastic)]
            .filter { $0.1 > 0 }
        if elastic > 0, smoothness != 4 { parts.append(("sigma", smoothness)) }
        return parts.map { "\($0)=\($1)" }.joined(separator: ",")
    }

    /// Reads its text.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
