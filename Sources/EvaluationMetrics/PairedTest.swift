import Arrays
import Support

/// McNemar's exact test: whether two methods differ, by the examples that only one of them classifies correctly.
///
/// If they were equally good, each such example would be either's with probability 1/2: p is the probability of a split
/// at least as uneven, min(1, 2 P(X <= min(b, c))), X binomial (b + c, 1/2).
///
/// Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages"
/// (1947), in its exact form.
public enum PairedTest {
    /// p for `first` examples that only the one classifies correctly, and `second` that only the other does.
    ///
    /// - Precondition: neither is negative.
    /// - Complexity: O(first + second).
    public static func probability(_ first: Int, _ second: Int) -> Double {
        require(first >= 0 && second >= 0, "\(first) and \(second) examples")
        let (n, least) = (first + second, min(first, second))
        guard n > 0 else { return 1 }
        // Terms n over k by their logarithms, because 2^n is too large; the largest is taken out.
        var logarithm = -Double(n) * Mathematics.logarithm(2)
        var terms = [logarithm]
        for k in 0..<least {
            logarithm += Mathematics.logarithm(Double(n - k)) - Mathematics.logarithm(Double(k + 1))
            terms.append(logarithm)
        }
        let largest = terms.max() ?? 0
        let sum = terms.reduce(0) { $0 + Mathematics.exponential($1 - largest) }
        return min(1, 2 * Mathematics.exponential(largest) * sum)
    }

    /// Decides which of several tests are significant, with at most `level` as the chance of any false one among all (Holm).
    ///
    /// Source: S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
    public static func significant(_ probabilities: [Double], level: Double = 0.05) -> [Bool] {
        var found = [Bool](repeating: false, count: probabilities.count)
        for (rank, index) in probabilities.indices.sorted(by: { probabilities[$0] < probabilities[$1] })
            .enumerated()
        {
            guard probabilities[index] <= level / Double(probabilities.count - rank) else { break }
            found[index] = true
        }
        return found
    }
}
