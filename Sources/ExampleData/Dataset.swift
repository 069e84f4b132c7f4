import Arrays
import Support

/// Examples to learn from, and others to test with.
public struct Dataset: Sendable {
    /// The name of the data: `mnist`, `wine.svm`.
    public let name: String
    /// The examples to learn from.
    public let train: LabeledExamples
    /// The examples that are kept for the test.
    public let test: LabeledExamples
    /// A text that is equal for equal data, gzipped or not; for the record of a run.
    package let checksum: String

    /// A data set from its parts.
    public init(name: String, train: LabeledExamples, test: LabeledExamples, checksum: String) {
        self.name = name
        self.train = train
        self.test = test
        self.checksum = checksum
    }

    /// Returns the first `train` and `test` examples of the parts; all of them where nil or where there are no more.
    public func prefix(train trainCount: Int?, test testCount: Int?) -> Dataset {
        Dataset(
            name: name, train: trainCount.map(train.prefix) ?? train,
            test: testCount.map(test.prefix) ?? test, checksum: checksum)
    }
}
