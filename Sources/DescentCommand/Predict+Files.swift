import Descent

extension Predict {
    /// Predicts the images of IDX files and NumPy's arrays. All are looked at before the first answer: an error leaves no half of
    /// an output behind.
    func predictImages(by model: ClassifierModel, _ output: AnswerOutput) throws {
        var arrays: [String: FeatureMatrix] = [:]
        for file in files {
            if ArrayFile.recognizes(file) {
                let images = try ArrayFile.examples(
                    in: file, for: model.classifier.exampleShape, anySize: takesAnySize(model))
                _ = try chosen(of: images.count, in: file)
                arrays[file] = images
            } else {
                try check(file, for: model)
            }
        }
        for file in files {
            let images = try arrays[file] ?? .bytes(Self.read(file))
            try predict(model.input?.prepared(images) ?? images, named: file, by: model, output)
        }
    }

    /// Predicts the rows of files, for a model of rows: all are read before the first answer.
    func predictRows(by model: ClassifierModel, _ output: AnswerOutput) async throws {
        let classifier = model.classifier
        var loaded: [(data: ModelData, examples: LabeledExamples)] = []
        var tables: [(name: String, rows: FeatureMatrix, notes: [String])] = []
        for file in files {
            var options = source
            options.data = DataName(argument: file)
            guard options.data?.isFile == true else {
                throw DescentError(.missingInput, "no such file", at: file)
            }
            if let input = model.input, case .table = input {
                let read = try input.rows(ofTableAt: file)
                tables.append((PathText.name(of: file), read.features, read.notes))
                continue
            }
            if ArrayFile.recognizes(file), !ArrayFile.hasLabels(file) {
                tables.append((file, try ArrayFile.examples(in: file, for: classifier.exampleShape), []))
                continue
            }
            let data = try ModelData(
                options, of: self.model, featureCount: classifier.exampleShape.reduce(1, *),
                input: model.input)
            loaded.append(
                (data, try await data.load(part: .test, limit: nil, self.options).examples.labeledExamples()))
        }
        for (name, rows, notes) in tables {
            for note in notes where !self.options.quiet {
                Output.error.tryWrite("\(note.showingControlCharacters)\n")
            }
            try predict(rows, named: name, by: model, output)
        }
        for (data, examples) in loaded { try predict(examples, of: data, by: model, output) }
    }

    /// Returns the images of an IDX file, [N, H, W].
    private static func read(_ file: String) throws -> NDArray<UInt8> {
        try explained(file) { try IDX.read(file, rank: 3) }
    }

    /// Checks a file's header, the size of its images, and that it has the requested ones.
    private func check(_ file: String, for model: ClassifierModel) throws {
        let shape = try Self.explained(file) { try IDX.shape(of: file, rank: 3) }
        guard shape[0] > 0 else {
            throw DescentError(.badData, "there are no images in the file", at: file, expected: "one or more")
        }
        if !takesAnySize(model) {
            try DescentError.located(at: file) { try model.classifier.check(shape: shape) }
        }
        _ = try chosen(of: shape[0], in: file)
    }

    private static func explained<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError where error.kind == .badData && (try? IDX.isIDX(file)) == false {
            throw DescentError(
                .badData,
                "the model takes pictures (PNG, JPEG, WebP) and IDX files of images, and NumPy's arrays",
                at: file, expected: error.expected, got: error.got,
                advice: "without a file it shows test images")
        }
    }

    /// Whether images may have any size, as digits on paper.
    private func takesAnySize(_ model: ClassifierModel) -> Bool {
        if case .images(let form)? = model.input { form.digits != nil } else { false }
    }
}
