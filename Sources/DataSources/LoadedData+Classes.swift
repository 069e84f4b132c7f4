import ExampleData
import Support
import Tables

extension LoadedData {
    /// Requires that the training examples have two classes or more: of one, a classifier learns nothing.
    ///
    /// `path`: the file, as errors name it.
    ///
    /// - Throws: `badData` with the file and, for a table, the label's column.
    package func requireTwoClasses(at path: String) throws {
        var place = path
        var asked = "give examples of others too"
        if case .table(let preprocessing)? = input, let label = preprocessing.labelName {
            place += ", column \"\(label)\""
            asked += ", or name another label"
        }
        try split.train.requireTwoClasses(at: place, advice: asked)
    }
}

extension ExampleSource {
    /// Requires examples of two classes or more where there are classes.
    ///
    /// - Throws: `badData`.
    package func requireTwoClasses(at place: String, advice: String = "give examples of others too") throws {
        guard case .classes = targets else { return }
        let used = countsByClass.indices.filter { countsByClass[$0] > 0 }
        guard used.count < 2, count > 0 else { return }
        throw DescentError(
            .badData, "only one class", at: place, expected: "two classes or more",
            got: used.first.map {
                "\"\(classNames[$0])\" in all of \(Numerals.counted(count, "training example"))"
            },
            advice: advice)
    }
}
