import Foundation

/// How far strangers' digits differ from those that are learned from: the sizes of the changes that are drawn for each example.
///
/// Shares are of 1; lengths are pixels of MNIST's images, in which a digit is 20 high.
public struct HandwritingVariation: Sendable, Hashable, Codable {
    /// The deviation of the turn, in degrees.
    public var rotation: Float = 8
    /// The largest slant, horizontal per vertical, each way.
    public var slant: Float = 0.32
    /// The deviation of the logarithm of width by height.
    public var aspect: Float = 0.16
    /// The deviation of the bends, in pixels.
    public var bend: Float = 0.8
    /// The largest tilt of the sheet: how much nearer one side is than the middle.
    public var tilt: Float = 0.12
    /// How far the strokes' edges are moved inward at most, in pixels.
    public var thinner: Float = 0.45
    /// How far they are moved outward at most, in pixels.
    public var thicker: Float = 0.9
    /// The share of digits written by a marker: their strokes' edges are moved outward up to twice as far.
    public var markers: Float = 0.08
    /// The share of pictures of a tight cut of 14 to 18 pixels, grey.
    public var tightScans: Float = 0.25
    /// The share of pictures stretched to fill a square of 16 pixels, black and white.
    public var stretchedScans: Float = 0.15
    /// The share of pictures of 8 to 11 pixels.
    public var tinyScans: Float = 0.1

    /// The changes for reading anybody's hand.
    public init() {}
}

extension HandwritingVariation: CustomStringConvertible {
    /// The sizes of the changes, as a run's settings list them.
    public var description: String {
        [
            ("rotation", rotation), ("slant", slant), ("aspect", aspect), ("bend", bend), ("tilt", tilt),
            ("thinner", thinner), ("thicker", thicker), ("markers", markers), ("tight", tightScans),
            ("stretched", stretchedScans),
            ("tiny", tinyScans),
        ].map { "\($0.0)=\($0.1)" }.joined(separator: ",")
    }
}
