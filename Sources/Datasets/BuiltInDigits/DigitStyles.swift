/// The ways in which people write the digits, from which the built-in digits are drawn.
///
/// They were drawn by hand, looking at sheets of handwritten digits and at those that a network trained on the
/// result misread.
enum DigitStyles {
    /// Sorted by digit.
    static let all = zeroToFour + fiveToNine
}
