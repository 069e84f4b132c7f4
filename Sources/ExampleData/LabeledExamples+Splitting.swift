import Arrays
import Support

extension LabeledExamples {
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
