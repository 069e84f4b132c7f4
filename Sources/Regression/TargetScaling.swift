import Arrays
import Support

/// What makes targets of mean 0 and deviation 1 of the numbers that are to be learned, and numbers in their own units of answers.
///
/// t' = (t - offset) / scale, with the mean and the standard deviation (of N, not N - 1) of the training targets. The settings of
/// learners that have the units of the targets, as epsilon and C of support vectors and the learning rate of a network, then mean
/// the same for prices as for shares.
///
/// ```swift
/// let scaling = TargetScaling(fittedTo: [100_000, 300_000])
/// scaling.standardized([200_000])     // [0]
/// scaling.restored([1])               // [300_000]
/// ```
public struct TargetScaling: Codable, Equatable, Sendable {
    /// What is subtracted.
    public let offset: Double
    /// What is divided by; above 0.
    public let scale: Double

    /// Targets as they are.
    public static let identity = TargetScaling(offset: 0, scale: 1)

    private init(offset: Double, scale: Double) { (self.offset, self.scale) = (offset, scale) }

    /// Creates a scaling of numbers that come from outside the program; nil unless both are finite and `scale` is above 0.
    public init?(checking offset: Double, scale: Double) {
        guard offset.isFinite, scale.isFinite, scale > 0 else { return nil }
        self.init(offset: offset, scale: scale)
    }

    /// Fits a scaling to targets; targets that are all the same keep their unit.
    ///
    /// - Precondition: all are finite.
    public init(fittedTo targets: [Float]) {
        require(targets.allSatisfy(\.isFinite), "targets that are not finite cannot be scaled")
        let count = Double(max(1, targets.count))
        let mean = targets.reduce(0) { $0 + Double($1) } / count
        let squares = targets.reduce(0.0) { sum, target in
            let away = Double(target) - mean
            return sum + away * away
        }
        let deviation = (squares / count).squareRoot()
        self.init(offset: mean, scale: deviation > 0 && deviation.isFinite ? deviation : 1)
    }

    /// Reads a scaling and checks it.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let (offset, scale) = (
            try values.decode(Double.self, forKey: .offset), try values.decode(Double.self, forKey: .scale)
        )
        guard let checked = TargetScaling(checking: offset, scale: scale) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath + [CodingKeys.scale], debugDescription: "no scaling"))
        }
        self = checked
    }

    /// Returns targets less the offset, in units of the scale.
    public func standardized(_ targets: [Float]) -> [Float] {
        targets.map { Float((Double($0) - offset) / scale) }
    }

    /// Returns answers in the targets' own units.
    public func restored(_ answers: [Float]) -> [Float] {
        answers.map { Float(Double($0) * scale + offset) }
    }
}
