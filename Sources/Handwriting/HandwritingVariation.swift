import Foundation

/// How far strangers' digits differ from those that are learned from: the sizes of the changes that are drawn for each example.
///
/// Shares are of 1; lengths are pixels of MNIST's images, in which a digit is 20 high.
public struct HandwritingVariation: Sendable, Hashable, Codable {
    /// The deviation of the turn, in degrees.
    package var rotation: Float = 8
    /// The largest slant, horizontal per vertical, each way.
    package var slant: Float = 0.32
    /// The deviation of the logarithm of width by height.
    package var aspect: Float = 0.16
    /// The deviation of the bends, in pixels.
    package var bend: Float = 0.8
    /// The largest tilt of the sheet: how much nearer one side is than the middle.
    package var tilt: Float = 0.12
    /// How far the strokes' edges are moved inward at most, in pixels.
    package var thinner: Float = 0.45
    /// How far they are moved outward at most, in pixels.
    package var thicker: Float = 0.9
    /// The share of digits written by a marker: their strokes' edges are moved outward up to twice as far.
    package var markers: Float = 0.08
    /// The share of pictures of a tight cut of 14 to 18 pixels, grey.
    package var tightScans: Float = 0.25
    /// The share of pictures stretched to fill a square of 16 pixels, black and white.
    package var stretchedScans: Float = 0.15
    /// The share of pictures of 8 to 11 pixels.
    package var tinyScans: Float = 0.1

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
