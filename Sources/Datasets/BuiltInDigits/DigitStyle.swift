import CKernels

/// One way of writing a digit: the same strokes in several shapes, between which each sample is blended.
///
/// A shape is a line of control points `x,y` in the order in which the pen passes them, in a square of 100 by
/// 100 with x to the right and y downward; points may lie outside it, since the finished ink is scaled anyway.
/// The pen draws a smooth curve through the points; `!` before a point is a corner, where the curve has no
/// common tangent; `|` lifts the pen. All shapes of a style have the same points, corners and lifts, so that
/// the blend of two is a digit as well. Shapes are drawn upright: the lean comes on top.
///
/// `"8,8 60,4 !87,3 43,100 | 30,54 82,46"` is a 7 with a bar.
struct DigitStyle: Sendable {
    let digit: Int
    let name: String
    /// The relative frequency of the style among those of its digit; shares need not sum to 1.
    let share: Float
    /// The mean slant, horizontal per vertical (positive leans to the right), and its standard deviation.
    let lean: (mean: Float, spread: Float)
    /// The mean of the logarithm of width by height, beside the drawn one, and its standard deviation.
    let stretch: (mean: Float, spread: Float)
    /// A factor on how far samples depart from the blend.
    let freedom: Float
    /// A factor on the pen's width.
    let boldness: Float
    let shapes: [String]

    init(
        _ digit: Int, _ name: String, share: Float, lean: (Float, Float), stretch: (Float, Float),
        freedom: Float = 1, boldness: Float = 1, shapes: [String]
    ) {
        self.digit = digit
        self.name = name
        self.share = share
        self.lean = (lean.0, lean.1)
        self.stretch = (stretch.0, stretch.1)
        self.freedom = freedom
        self.boldness = boldness
        self.shapes = shapes
    }
}

/// A shape, read: for each control point the motion of the pen there, and the coordinates x, y, x, y, ...
struct DigitShape: Equatable {
    var pens: [UInt8] = []
    var coordinates: [Float] = []

    /// Reads the notation of `DigitStyle`; nil if it is not that.
    init?(_ text: String) {
        var pen = UInt8(CK_PEN_DOWN)
        for word in text.split(separator: " ") {
            if word == "|" {
                pen = UInt8(CK_PEN_DOWN)
                continue
            }
            let isCorner = word.hasPrefix("!")
            let pair = word.dropFirst(isCorner ? 1 : 0).split(
                separator: ",", omittingEmptySubsequences: false)
            guard pair.count == 2, let x = Float(pair[0]), let y = Float(pair[1]) else { return nil }
            pens.append(isCorner ? UInt8(CK_PEN_CORNER) : pen)
            coordinates += [x, y]
            pen = UInt8(CK_PEN_SMOOTH)
        }
        if pens.isEmpty || pens.count > Int(CK_DIGIT_MAX_POINTS) { return nil }
    }
}
