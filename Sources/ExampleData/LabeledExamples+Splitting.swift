import Arrays
import Support

extension LabeledExamples {
    /// Whether others have the same shape and the same kind of targets: parts of the same data.
    package func fits(_ other: LabeledExamples) -> Bool {
        guard exampleShape == other.exampleShape, classNames == other.classNames else { return false }
        return switch (targets, other.targets) {
        case (.classes, .classes): true
        case (.values(let own), .values(let others)): own.shape[1] == others.shape[1]
        default: false
        }
    }

    /// Returns these examples and those of another part of the same data after them.
    ///
    /// - Precondition: `fits(other)`, if there are others.
    /// - Complexity: O(stored elements): both are copied.
    package func joined(with other: LabeledExamples) -> LabeledExamples {
        guard other.count > 0 else { return self }
        require(fits(other), "parts of other data")
        let all = features.joined(with: other.features)
        switch (targets, other.targets) {
        case (.values(let own), .values(let others)):
            return LabeledExamples(
                all,
                values: NDArray(shape: [all.count, own.shape[1]], elements: own.elements + others.elements))
        default:
            return LabeledExamples(all, classes: classes + other.classes, classNames: classNames)
        }
    }

    /// The numbers and names of the classes, the first 20: `0 cat, 1 dog`.
    package var numberedClassNames: String {
        let pairs = classNames.prefix(20).enumerated().map { "\($0) \($1)" }
        return (pairs + (classNames.count > 20 ? ["and so on"] : [])).joined(separator: ", ")
    }

    /// Splits the examples at random, `held` of them into the second part: training and validation sets.
    ///
    /// - Precondition: 0 < held < count.
    public func split(holding held: Int, seed: Int) -> (learning: LabeledExamples, held: LabeledExamples) {
        require(held > 0 && held < count, "\(held) of \(count) examples cannot be held back")
        var random = RandomState(seed)
        let order = random.permutationIndices(count)
        // Sorted, so that the parts are stored in the order of the whole.
        return (gathered(order.dropFirst(held).sorted()), gathered(order.prefix(held).sorted()))
    }

    /// Splits the examples at random, class by class, so that both parts have each class in the same share: at least one
    /// example of a class stays in the first part, and one is in the second where there are two. Numbers as targets are
    /// split without classes.
    ///
    /// - Precondition: 0 < share < 1.
    /// - Complexity: O(elements): both parts are copied.
    public func stratifiedSplit(
        holding share: Double, seed: Int
    ) -> (learning: LabeledExamples, held: LabeledExamples) {
        require(share > 0 && share < 1, "a share of \(share) cannot be held back")
        // Targets that are numbers are divided as one class.
        let parts = Stratification(
            labels: targets.classes ?? [Int32](repeating: 0, count: count), shares: [share], seed: seed
        ).parts()
        func rows(_ part: UInt8) -> [Int32] { parts.indices.filter { parts[$0] == part }.map { Int32($0) } }
        return (gathered(rows(0)), gathered(rows(1)))
    }
}
