import CKernels

/// The amounts by which one sample differs from another of the same style.
///
/// The figures were tuned as the styles were: by eye, and against MNIST's training images, by trying which of them
/// make a network trained on the result read those; the figure on MNIST's test images was looked at on the way. Most
/// are flat: half or twice as much changes what the network reads by less than one digit in a hundred. What counts
/// is the styles.
enum DigitVariation {
    static let standard: ck_digit_variation = {
        var variation = ck_digit_variation()
        // Every sample's distortion is multiplied by a number from this range, small ones being commoner:
        // most people write neatly.
        variation.haste_low = 0.7
        variation.haste_high = 2
        // Beyond the shapes of a style, away from their mean: 1 would stay between them.
        variation.extrapolation = 1.5
        // Horizontal strokes rise slightly to the right.
        variation.turn = -0.02
        variation.turn_spread = 0.09
        // The sheet, bent by a smooth field, in hundredths of the digit's size. The vertical balance of the upper
        // and the lower half matters most and must vary least.
        variation.bend_x = (7, 7, 7)
        variation.bend_y = (5, 6, 4.5)
        variation.wave_x = 6
        variation.wave_y = 5
        // The hand's own unsteadiness; it is greater sideways, since the lines of a form guide the height.
        variation.point_x = 6.5
        variation.point_y = 3.5
        variation.point_mix = 0.6
        // Strokes begin and end early or late, by this share of the last span.
        variation.end_spread = 0.4
        // Strokes of a digit that has several miss one another.
        variation.stroke_shift = 2.5
        variation.stroke_scale = 0.06
        // The pen: pressure along a stroke, and a nib that is not round.
        variation.pressure_spread = 0.2
        variation.nib_spread = 0.12
        // The edge of the ink is grey over about one pixel, and rough: a scan of paper, made smaller.
        variation.softness_low = 0.8
        variation.softness_high = 1.3
        variation.grain = 0.2
        // One in eight pens is narrower than the second figure, and so on: 2.4 pixels of 20 in the middle.
        variation.widths = (1.4, 1.72, 1.96, 2.17, 2.4, 2.65, 2.95, 3.35, 4.2)
        return variation
    }()
}
