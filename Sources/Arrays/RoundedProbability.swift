/// Probabilities computed in single precision, by a softmax for example, whose sum misses 1 by its rounding.
///
/// Numbers that `Float` represents exactly are treated as such. (Those that were not rounded, 0.25 and 0.5 say, have
/// exact sums.)
enum RoundedProbability {
    /// The tolerance of the sum: NumPy's own rule for arrays of single precision, the root of its epsilon; 0 for
    /// numbers that `Float` does not represent exactly.
    static func tolerance(of probabilities: [Double]) -> Double {
        probabilities.allSatisfy(isSingle) ? Double(Float.ulpOfOne).squareRoot() : 0
    }

    /// The probability, or 1 if it is more by the rounding of a `Float` alone.
    static func forgiven(_ probability: Double) -> Double {
        probability > 1 && probability <= 1 + 8 * Double(Float.ulpOfOne) && isSingle(probability)
            ? 1 : probability
    }

    private static func isSingle(_ value: Double) -> Bool { Double(Float(value)) == value }
}
