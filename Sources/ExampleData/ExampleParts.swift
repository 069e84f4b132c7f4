import Arrays
import Support

/// The parts of data: examples to learn from, to choose by, and for the test; in memory, or read batch by batch.
package struct ExampleParts: Sendable {
    /// The name of the data: `mnist`, `photos`.
    package let name: String
    /// The examples to learn from.
    package let train: any ExampleSource
    /// The examples that the data have for choosing settings and epochs; nil for data without such a part.
    package let validation: (any ExampleSource)?
    /// The examples that are kept for the test.
    package let test: any ExampleSource
    /// A text that is equal for equal data; for the record of a run.
    package let checksum: String

    /// Creates data from their parts.
    package init(
        name: String, train: any ExampleSource, validation: (any ExampleSource)? = nil,
        test: any ExampleSource, checksum: String
    ) {
        (self.name, self.train, self.test, self.checksum) = (name, train, test, checksum)
        self.validation = validation.flatMap { $0.count > 0 ? $0 : nil }
    }

    /// Creates the parts of data in memory.
    package init(_ data: Dataset) {
        self.init(name: data.name, train: data.train, test: data.test, checksum: data.checksum)
    }

    /// Returns the first `train` and `test` examples of the parts; all of them where nil or where there are no more.
    package func prefix(train trainCount: Int?, test testCount: Int?) -> ExampleParts {
        ExampleParts(
            name: name, train: trainCount.map(train.first) ?? train, validation: validation,
            test: testCount.map(test.first) ?? test, checksum: checksum)
    }

    /// The bytes of memory that `inMemory` takes besides what is there.
    ///
    /// - Throws: what reading an example throws.
    package var unreadByteCount: Int {
        get throws { try train.unreadByteCount + test.unreadByteCount }
    }

    /// Returns the examples to learn from and those for the test in memory.
    ///
    /// - Throws: as `ExampleSource.labeledExamples`.
    /// - Complexity: O(1) for what is in memory; O(elements) for what is read.
    package func inMemory() throws -> Dataset {
        Dataset(
            name: name, train: try train.labeledExamples(), test: try test.labeledExamples(),
            checksum: checksum)
    }
}
