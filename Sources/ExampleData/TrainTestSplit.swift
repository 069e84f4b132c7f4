import Arrays
import Support

/// Examples to learn from, and others to test with: images, rows of features, sparse rows.
///
/// ```swift
/// let data = TrainTestSplit(name: "wine", splitting: wine, testShare: 0.2, seed: 1)
/// ```
public struct TrainTestSplit: Sendable {
    /// The name of the data: `mnist`, `wine.svm`.
    public let name: String
    /// The examples to learn from.
    public let train: LabeledExamples
    /// The examples that are kept for the test.
    public let test: LabeledExamples
    /// A text that is equal for equal data; for the record of a run.
    public let checksum: String

    /// Creates a split from its parts.
    public init(name: String, train: LabeledExamples, test: LabeledExamples, checksum: String) {
        self.name = name
        self.train = train
        self.test = test
        self.checksum = checksum
    }

    /// Creates the split of a data set of images.
    public init(_ images: Dataset) {
        self.init(
            name: images.name, train: images.train.examples, test: images.test.examples,
            checksum: images.checksum)
    }

    /// The split as a data set of grey images; nil where the examples are something else.
    public var images: Dataset? {
        guard let train = train.images, let test = test.images else { return nil }
        return Dataset(name: name, train: train, test: test, checksum: checksum)
    }

    /// Returns the first `train` and `test` examples of the parts; all of them where nil or where there are no more.
    public func prefix(train trainCount: Int?, test testCount: Int?) -> TrainTestSplit {
        TrainTestSplit(
            name: name, train: trainCount.map(train.prefix) ?? train,
            test: testCount.map(test.prefix) ?? test, checksum: checksum)
    }
}

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
