import Arrays
import Classical
import ExampleData
import Support

/// libsvm's sparse text (``LibSVMText``), gzipped or not: labels are the names of the classes, or the numbers of a regression.
package enum LibSVMFormat: DataFormat {
    package static let name = "libsvm text"

    /// The share of non-zero elements above which rows are stored with their zeros.
    private static let maximumDensity = 0.3

    /// Returns whether the first line that is not empty is a number and `index:value` pairs.
    package static func recognizes(_ head: [UInt8], path: String) -> Bool {
        LibSVMText.begins(head)
    }

    /// Reads both parts. Test rows get the training file's features: those that they have not are zero, those beyond are left
    /// out, and a note says so.
    package static func read(_ path: String, _ request: DataRequest) throws -> LoadedData {
        let file = try LibSVMText.readFile(contentsOf: path, firstIndex: request.firstIndex)
        try requireExamples(file.examples, path)
        var notes: [String] = []
        let width = request.featureCount ?? file.examples.featureCount
        let isRegression = request.table.task == .regression
        func targeted(_ examples: LabeledExamples) throws -> LabeledExamples {
            isRegression ? try examples.withLabelsAsNumbers(path) : examples
        }
        let training = try targeted(file.examples.resized(to: width, path: path, &notes))
        let absolute = Files.resolved(path) ?? path
        var origin = DataOrigin(file: absolute, firstIndex: file.firstIndex)
        let (train, test): (LabeledExamples, LabeledExamples)
        if let testFile = request.testFile {
            // Classes are matched by name: the file may have them in another order, and fewer.
            let read = try LibSVMText.readFile(
                contentsOf: testFile, classNames: isRegression ? nil : training.classNames,
                firstIndex: file.firstIndex)
            train = training
            test = try targeted(read.examples.resized(to: width, path: testFile, &notes))
            origin.testFile = Files.resolved(testFile) ?? testFile
        } else if request.testShare > 0 {
            (train, test) = training.stratifiedSplit(holding: request.testShare, seed: request.seed)
            origin.testShare = request.testShare
            origin.seed = request.seed
            notes.append(
                DataNotes.heldOut(path, test.count, of: training.count, request, ofClasses: !isRegression))
        } else {
            (train, test) = (training, training[0..<0])
        }
        // One storage for both parts: methods compare test rows with training rows.
        let isDense = train.features.density > maximumDensity && train.features.canBeUnpacked
        return LoadedData(
            Dataset(
                name: PathText.name(of: path), train: isDense ? train.unpacked : train,
                test: isDense && test.features.canBeUnpacked ? test.unpacked : test,
                checksum: training.contentChecksum),
            notes: notes, origin: origin)
    }

    private static func requireExamples(_ examples: LabeledExamples, _ path: String) throws {
        guard examples.count > 0 else {
            throw DescentError(.badData, "there are no examples in the file", at: path)
        }
        guard examples.featureCount > 0 else {
            throw DescentError(
                .badData, "the examples have no features", at: path,
                expected: "index:value pairs after the class")
        }
    }
}

extension LabeledExamples {
    /// Returns the examples with `width` features; a note says which were filled or left out.
    fileprivate func resized(to width: Int, path: String, _ notes: inout [String]) -> LabeledExamples {
        guard case .sparse(let rows) = features.storage, featureCount != width else { return self }
        let name = PathText.name(of: path)
        let expected = Numerals.counted(width, "feature")
        if featureCount < width {
            notes.append(
                "\(name) has \(Numerals.counted(featureCount, "feature")) where \(expected) are expected:"
                    + " the others are zero in it")
        } else {
            notes.append(
                "\(name) has \(Numerals.counted(featureCount, "feature")) where \(expected) are expected:"
                    + " those beyond are left out")
        }
        return LabeledExamples(.sparse(rows.resized(to: width)), classes: classes, classNames: classNames)
    }

    /// The same examples with all their zeros.
    fileprivate var unpacked: LabeledExamples {
        let floats = FeatureMatrix.floats(features.unscaledFloats)
        if case .values(let values) = targets { return LabeledExamples(floats, values: values) }
        return LabeledExamples(floats, classes: classes, classNames: classNames)
    }

    /// The same examples with their labels, which this format writes as numbers, as targets.
    ///
    /// - Throws: `badData` for a label that is no finite number in single precision.
    fileprivate func withLabelsAsNumbers(_ path: String) throws -> LabeledExamples {
        let numbers = try classNames.map { name in
            guard let number = Float(name), number.isFinite else {
                throw DescentError(
                    .badData, "a label that is no number to be learned", at: path,
                    expected: "a finite number", got: name)
            }
            return number
        }
        return LabeledExamples(features, values: NDArray(classes.map { numbers[Int($0)] }))
    }
}
