import Arrays
import Glibc

/// The scores of a classifier that looks at no image: the least that a trained one must exceed.
///
/// Always answering the most frequent class gets the share p of that class right, and no fixed answer gets more. Saying each
/// class with the share pᵢ that it has costs the entropy −Σ pᵢ ln pᵢ of cross-entropy, and no fixed answer costs less.
///
/// ```swift
/// Guessing(of: [0, 0, 0, 1], classes: 2).accuracy   // 0.75
/// ```
package struct Guessing: Equatable, Sendable {
    /// The share of the most frequent class, 0...1.
    package let accuracy: Double
    /// The entropy of the classes' shares, in nats; nil where the loss is another than cross-entropy.
    package let loss: Double?
    /// The number of examples.
    package let count: Int

    /// On examples with these classes.
    ///
    /// `loss`: whether the loss is cross-entropy, so that guessing has one.
    ///
    /// - Precondition: every label is in 0 ..< classes.
    /// - Complexity: O(labels).
    package init(of labels: some Collection<Int32>, classes: Int, loss: Bool = true) {
        var counts = [Int](repeating: 0, count: classes)
        for label in labels { counts[Int(label)] += 1 }
        self.init(counts: counts, loss: loss)
    }

    /// On so many examples of each class.
    package init(counts: [Int], loss: Bool = true) {
        count = counts.reduce(0, +)
        let shares = counts.map { Double($0) / Double(max(1, counts.reduce(0, +))) }
        accuracy = shares.max() ?? 0
        self.loss = loss ? -shares.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) } : nil
    }

    /// Returns the highest accuracy that does not show learning yet: the larger of what chance may add to guessing on
    /// `measured` examples (two standard errors, 2 √(p (1 − p) / n)) and a twentieth of the way from guessing to all
    /// right.
    package func limit(measured: Int? = nil) -> Double {
        let error = (accuracy * (1 - accuracy) / Double(max(1, measured ?? count))).squareRoot()
        return accuracy + max(2 * error, 0.05 * (1 - accuracy))
    }
}
