import Arrays
import Support

/// Examples to learn from, and others to test with.
public struct Dataset: Sendable {
    /// The identifier of the data set: `mnist`.
    public let name: String
    /// The examples to learn from.
    public let train: LabeledExamples
    /// The examples that are kept for the test.
    public let test: LabeledExamples
    /// Stands for the data: equal for equal data, gzipped or not; for the record of a run.
    public let checksum: String

    /// A data set from its parts.
    public init(name: String, train: LabeledExamples, test: LabeledExamples, checksum: String) {
        self.name = name
        self.train = train
        self.test = test
        self.checksum = checksum
    }
}
