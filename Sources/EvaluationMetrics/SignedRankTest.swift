import Arrays
import Support

/// Wilcoxon's signed-rank test: whether differences between pairs lie around zero.
///
/// The magnitudes of the differences that are not zero are ranked, equal ones by the mean of their ranks; W is the sum of the ranks of
/// positive ones. Without equal magnitudes, and for at most 50 of them, p is exact: of all ways to give signs, the share in which W
/// is at least as far from its mean. Otherwise W follows a normal distribution of mean n (n + 1) / 4 and variance
/// n (n + 1) (2 n + 1) / 24 - sum (t^3 - t) / 48 for groups of t equal ones, without a correction for continuity.
///
/// Source: F. Wilcoxon, "Individual comparisons by ranking methods" (1945).
public enum SignedRankTest {
    private static let mostExact = 50

    /// The two-sided p of the differences; 1 where all are zero.
    ///
    /// - Precondition: all are finite.
    /// - Complexity: O(n log n), O(n^3) for at most 50.
    public static func probability(_ differences: [Double]) -> Double {
        require(differences.allSatisfy(\.isFinite), "differences that are not finite have no ranks")
        let sorted = differences.filter { $0 != 0 }.sorted { $0.magnitude < $1.magnitude }
        let count = sorted.count
        guard count > 0 else { return 1 }
        var (positive, ties) = (0.0, 0.0)
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, sorted[end].magnitude == sorted[start].magnitude { end += 1 }
            let group = Double(end - start)
            ties += group * group * group - group
            let rank = Double(start + end + 1) / 2
            positive += rank * Double(sorted[start..<end].count { $0 > 0 })
            start = end
        }
        let n = Double(count)
        let all = n * (n + 1) / 2
        if ties == 0, count <= mostExact, count == differences.count {
            return exact(Int(min(positive, all - positive)), count)
        }
        let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
        guard variance > 0 else { return 1 }
        let z = (positive - all / 2).magnitude / variance.squareRoot()
        return min(1, Mathematics.complementaryErrorFunction(z / 2.0.squareRoot()))
    }

    /// min(1, 2 P(W <= least)) where each of the ranks 1...count is positive with probability 1/2.
    private static func exact(_ least: Int, _ count: Int) -> Double {
        // How many sets of ranks have each sum; at most 2^50, exact in a Double.
        var ways = [Double](repeating: 0, count: count * (count + 1) / 2 + 1)
        ways[0] = 1
        for rank in 1...count {
            for sum in stride(from: ways.count - 1, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
        }
        let total = ways.reduce(0, +)
        return min(1, 2 * ways[0...least].reduce(0, +) / total)
    }
}
