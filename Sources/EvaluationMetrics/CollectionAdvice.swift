/// Which class to collect more examples of: the one whose recall is known least.
///
/// The interval of the recall shrinks with the root of the number of examples: to halve it takes three times as many more
/// as there are, or a few times more than that where they are few. They belong into the test set; examples for training of the same class will not harm either.
public struct CollectionAdvice: Codable, Equatable, Sendable {
    /// The name of the class.
    public let name: String
    /// The number of its examples.
    public let support: Int
    /// Its recall; nil without examples.
    package let recall: Double?
    /// The 95 % interval of the recall.
    public let interval: ProportionInterval
    /// The number of further examples that halve the interval, if the recall stays; if it is unknown, at the worst
    /// recall, 1/2.
    public let additional: Int

    /// The advice for the class with the widest interval, the first of equals; nil without classes.
    ///
    /// - Complexity: O(K).
    public init?(_ classes: [ClassMetrics]) {
        guard var widest = classes.first else { return nil }
        for candidate in classes where candidate.recallInterval.width > widest.recallInterval.width {
            widest = candidate
        }
        (name, support, recall) = (widest.name, widest.support, widest.recall)
        interval = widest.recallInterval
        let target = interval.width / 2
        let share = widest.recall ?? 0.5
        // The width falls with the number of examples: the first number that is enough, by halving.
        var (few, enough) = (widest.support, max(1, widest.support))
        while Self.width(share, enough) > target { (few, enough) = (enough, enough * 2) }
        while enough - few > 1 {
            let middle = few + (enough - few) / 2
            if Self.width(share, middle) > target { few = middle } else { enough = middle }
        }
        additional = enough - widest.support
    }

    /// The width of Wilson's interval of a share of n.
    private static func width(_ share: Double, _ count: Int) -> Double {
        let (z, n) = (ProportionInterval.quantile, Double(count))
        return 2 * z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
    }
}
