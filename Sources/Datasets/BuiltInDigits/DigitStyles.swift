/// The ways in which people write the digits: what the built-in digits are drawn from.
///
/// They were drawn by hand, looking at sheets of handwritten digits and at those that a network trained on the
/// result misread.
enum DigitStyles {
    /// Sorted by digit.
    static let all = zeroToFour + fiveToNine
}
