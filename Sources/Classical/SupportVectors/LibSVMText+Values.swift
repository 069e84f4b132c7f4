import ArrayFiles
import Arrays
import Classification
import ExampleData
import Regression
import Support

extension LibSVMText {
    /// Returns the examples of a file for regression: the label of each line is the number to be predicted.
    ///
    /// `featureCount`, `firstIndex` and `memoryLimit` are those of `read`.
    ///
    /// ```swift
    /// let houses = try LibSVMText.readValues(contentsOf: "housing_scale")
    /// let regressor = try SupportVectorRegression(cost: 10).fit(houses)
    /// ```
    ///
    /// - Throws: `missingInput`; `badData` with the line, or when the numbers would take more memory.
    public static func readValues(
        contentsOf path: String, featureCount: Int? = nil, firstIndex: Int? = nil, memoryLimit: Int? = nil
    ) throws -> LabeledExamples {
        var lines = try LibSVMLines(contentsOf: path)
        return try readValues(&lines, featureCount, memoryLimit, firstIndex: firstIndex)
    }

    static func readValues(
        _ lines: inout LibSVMLines, _ featureCount: Int?, _ memoryLimit: Int?, firstIndex: Int? = nil
    ) throws -> LabeledExamples {
        try check(featureCount, firstIndex)
        lines.hasComments = true
        var targets: [Float] = []
        var rows = SparseLines(firstIndex: firstIndex)
        while lines.next() {
            guard let word = lines.word() else { continue }
            guard let number = LibSVMLines.number(word), Float(number).isFinite else {
                throw lines.wrong("not a target", expected: "a number", got: LibSVMLines.shown(word))
            }
            targets.append(Float(number))
            try rows.add(&lines, limit: featureCount)
        }
        let features = try dense(rows, lines, featureCount, memoryLimit)
        return LabeledExamples(features, values: NDArray(targets))
    }

    /// Writes examples whose targets are single numbers.
    static func writeValues(_ examples: LabeledExamples, to path: String, byteScale: Float) throws {
        let targets = try RegressionChecks.targets(of: examples, for: path)
        guard targets.shape[1] == 1 else {
            throw DescentError(
                .usage, "libsvm's text has one target a line", at: path, expected: "1",
                got: "\(targets.shape[1]) for each example")
        }
        if let row = targets.elements.firstIndex(where: { !$0.isFinite }) {
            throw DescentError(
                .badData, "a target that is not finite", at: "\(path), row \(row)",
                got: "\(targets.elements[row])")
        }
        try ExampleChecks.requireFinite(examples.features, for: path)
        let width = examples.features.featureCount
        let values = targets.elements
        try AtomicFile.write(to: path) { file in
            for row in 0..<examples.count {
                let text = features(examples.features, row, width, byteScale)
                try file.write("\(values[row])\(text)\n")
            }
        }
    }
}
