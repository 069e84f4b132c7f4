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
        var random = RandomState(seed)
        let order = random.permutationIndices(count)
        func held(of count: Int) -> Int {
            min(max(Int((share * Double(count)).rounded()), 1), max(0, count - 1))
        }
        var rows: (learning: [Int32], held: [Int32]) = ([], [])
        switch targets {
        case .values:
            let heldCount = held(of: count)
            rows = (Array(order.dropFirst(heldCount)), Array(order.prefix(heldCount)))
        case .classes(let classes):
            var left = countsByClass.map(held)
            for row in order {
                let index = Int(classes[Int(row)])
                if left[index] > 0 {
                    left[index] -= 1
                    rows.held.append(row)
                } else {
                    rows.learning.append(row)
                }
            }
        }
        return (gathered(rows.learning.sorted()), gathered(rows.held.sorted()))
    }
}
