import ArrayFiles
import Arrays
import Classical
import Classification
import Datasets
import ExampleData
import Support

/// A trained ``Pipeline``: images or rows of features in, classes out.
public struct PipelineClassifier: TrainedClassifier, Sendable {
    /// `svm on hog`.
    public let name: String
    /// Features, scaling and classifier in a line.
    public let summary: String
    /// The shape of one example that it takes: [H, W] for grey images, [D] for rows of features.
    public let exampleShape: [Int]
    /// Whether digits are deskewed first.
    public let deskews: Bool
    /// The features, with their fitted extractor.
    public let features: FeatureChoice
    /// The fitted row transforms, in order.
    public let transforms: [any RowTransform]
    /// The classifier of the features.
    public let classifier: any StorableClassifier

    init(
        name: String, summary: String, exampleShape: [Int], deskews: Bool,
        features: FeatureChoice, transforms: [any RowTransform], classifier: any StorableClassifier
    ) {
        self.name = name
        self.summary = summary
        self.exampleShape = exampleShape
        self.deskews = deskews
        self.features = features
        self.transforms = transforms
        self.classifier = classifier
    }

    /// Returns the same features and transforms with another classifier of their rows.
    package func with(_ classifier: any StorableClassifier) -> PipelineClassifier {
        PipelineClassifier(
            name: name, summary: summary, exampleShape: exampleShape, deskews: deskews, features: features,
            transforms: transforms, classifier: classifier)
    }

    /// The names of the classes, in the order of their indices.
    public var classNames: [String] { classifier.classNames }

    /// The meaning of the classifier's scores.
    public var scoreKind: ScoreKind { classifier.scoreKind }

    /// The state in which the classifier's training ended.
    public var convergence: Convergence? { classifier.convergence }

    /// Whether a rounding error may change a feature by much.
    public var isSensitiveToRounding: Bool { features.extractor.isSensitiveToRounding }

    /// The size of the file that keeps it.
    public var storedByteCount: Int { stored().byteCount }

    /// Remarks on the training, a line each; measurements for them are made on `examples`.
    package func remarks(measuring examples: FeatureMatrix) -> [String] {
        classifier.remarks { try rows(of: examples) }
    }

    /// Computes the features of examples, as the classifier takes them: of images as bytes [N, H, W], or of rows.
    ///
    /// - Throws: `badData` when they have another shape than the pipeline's, or images are not bytes; `interrupted` soon
    ///   after `cancellation`.
    public func rows(of examples: FeatureMatrix, cancellation: Cancellation? = nil) throws -> FeatureMatrix {
        try check(examples)
        var rows = examples
        if imageSize != nil {
            let upright = deskews ? try Pipeline.deskewed(examples) : examples
            rows = try features.rows(of: upright, cancellation: cancellation)
        }
        rows = try Self.unpacked(
            rows, for: name, unless: transforms.isEmpty && type(of: classifier).takesSparseRows)
        for transform in transforms { rows = try Self.transformed(rows, by: transform) }
        return rows
    }

    /// Returns sparse rows with their zeros, once, for parts that read all elements; others as they are.
    ///
    /// - Throws: `badData` when they would take too much memory, before it is taken.
    static func unpacked(_ rows: FeatureMatrix, for name: String, unless isSparse: Bool) throws
        -> FeatureMatrix
    {
        guard !isSparse, case .sparse = rows.storage else { return rows }
        try rows.requireUnpackable(for: name)
        return .floats(rows.unscaledFloats)
    }

    /// Returns the rows that `transform` makes of `rows`, of the shape that it says they have.
    ///
    /// - Throws: as `RowTransform.apply`; `failed` when they have another shape.
    static func transformed(_ rows: FeatureMatrix, by transform: any RowTransform) throws -> FeatureMatrix {
        let result = try transform.apply(to: rows.unscaledFloats)
        guard result.shape == [rows.count, transform.outputCount] else {
            throw DescentError(
                .failed, "the rows have another shape than their transform says",
                at: type(of: transform).kind,
                expected: "[\(rows.count), \(transform.outputCount)]", got: "\(result.shape)")
        }
        return .floats(result)
    }

    /// Returns the class and the scores of each example, from features that are taken once.
    ///
    /// - Throws: as `rows(of:cancellation:)`; `failed` when the classifier answers for another number of examples or with a
    ///   class that there is not.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        guard examples.count > 0 else { return .none(classes: classNames.count) }
        let answers = try classifier.answers(
            for: rows(of: examples, cancellation: cancellation), cancellation: cancellation)
        try answers.check(count: examples.count, classCount: classNames.count, by: name)
        return answers
    }

    /// Returns the class of each example, N of 0..<K; ends soon after `cancellation`.
    public func classes(of examples: FeatureMatrix, cancellation: Cancellation?) throws -> [Int32] {
        guard examples.count > 0 else { return [] }
        let classes = try classifier.classes(
            of: rows(of: examples, cancellation: cancellation), cancellation: cancellation)
        try Answers.check(classes, count: examples.count, classCount: classNames.count, by: name)
        return classes
    }

    /// Evaluates the pipeline on labelled examples; the loss is not measured, because most of these classifiers do not fit
    /// probabilities. Ends soon after `cancellation`, with `interrupted`.
    public func evaluate(on examples: LabeledExamples, cancellation: Cancellation?) throws -> Evaluation {
        try check(examples.features)
        return Evaluation(
            classNames: classNames, actual: try actualClasses(of: examples),
            predicted: try classes(of: examples.features, cancellation: cancellation), loss: .nan)
    }
}

// MARK: - Keeping

extension PipelineClassifier {
    /// Everything in one safetensors file.
    package func stored() -> SafeTensors {
        var file = SafeTensors()
        file.metadata["format"] = "descent"
        file.metadata["pipeline"] = "1"
        file.metadata["name"] = name
        file.metadata["summary"] = summary
        if let imageSize {
            file.metadata["height"] = "\(imageSize.height)"
            file.metadata["width"] = "\(imageSize.width)"
            if exampleShape.count == 3 { file.metadata["channels"] = "\(exampleShape[0])" }
        } else {
            file.metadata["features"] = "\(exampleShape[0])"
        }
        file.metadata["deskews"] = "\(deskews)"
        file.metadata["transforms"] = transforms.map { type(of: $0).kind }.joined(separator: ",")
        file.metadata["classifier"] = type(of: classifier).kind
        features.store(in: &file, prefix: "features.")
        for (index, transform) in transforms.enumerated() {
            transform.store(in: &file, prefix: "transform\(index).")
        }
        classifier.store(in: &file, prefix: "classifier.")
        return file
    }

    /// Reads the pipeline in a file.
    ///
    /// - Throws: `badData` that names the file and what is wrong in it, a kind that `components` do not know among others.
    package init(from file: SafeTensors, components: PipelineComponents = .standard) throws {
        func setting(_ key: String) throws -> String {
            guard let text = file.metadata[key] else {
                throw DescentError(
                    .badData, "the model has no '\(key)'", at: file.path, advice: "train the model again")
            }
            return text
        }
        func wrong(_ key: String, _ text: String) -> DescentError {
            DescentError(
                .badData, "the model's '\(key)' is impossible", at: file.path, got: "'\(text)'",
                advice: "train the model again")
        }
        func side(_ key: String) throws -> Int {
            let text = try setting(key)
            guard let value = Int(text), (1...16384).contains(value) else { throw wrong(key, text) }
            return value
        }
        func width(_ text: String) throws -> Int {
            guard let value = Int(text), (1..<1 << 31).contains(value) else { throw wrong("features", text) }
            return value
        }
        name = try setting("name")
        summary = try setting("summary")
        let channels = file.metadata["channels"]
        guard channels == nil || channels == "3" else { throw wrong("channels", channels ?? "") }
        exampleShape =
            try file.metadata["features"].map { [try width($0)] }
            ?? (channels == nil ? [] : [3]) + [try side("height"), try side("width")]
        let isUpright = try setting("deskews")
        guard let deskews = Bool(isUpright) else { throw wrong("deskews", isUpright) }
        self.deskews = deskews
        features = try file.naming {
            try FeatureChoice(from: file, prefix: "features.", in: components.features)
        }
        let kinds = try setting("transforms").split(separator: ",").map(String.init)
        transforms = try kinds.enumerated().map { index, kind in
            try Self.transform(
                by: components.transforms.kind(named: kind, of: file), from: file,
                prefix: "transform\(index).")
        }
        classifier = try Self.classifier(
            by: components.classifiers.kind(named: setting("classifier"), of: file), from: file)
        let rows = try file.naming { try featureCounts() }
        try file.naming { try check(rows) }
    }

    static func transform<Kind: RowTransformLearner>(
        by kind: Kind.Type, from file: SafeTensors, prefix: String
    ) throws -> any RowTransform {
        try file.naming { try Kind.Fitted(from: file, prefix: prefix) }
    }

    private static func classifier<Kind: Learner>(
        by kind: Kind.Type, from file: SafeTensors
    ) throws -> any StorableClassifier {
        try file.naming { try Kind.Trained(from: file, prefix: "classifier.") }
    }

    /// Checks that each part's output is what the next one takes, and the class names.
    private func check(_ rows: [Int]) throws {
        for (transform, width) in zip(transforms, rows) where transform.featureCount != width {
            throw DescentError(
                .badData, "'\(type(of: transform).kind)' does not fit what comes before it",
                expected: Numerals.counted(width, "feature"), got: "\(transform.featureCount)")
        }
        guard classNames.count >= 2, Set(classNames).count == classNames.count else {
            throw DescentError(
                .badData, "impossible labels", expected: "two or more, all different",
                got: classNames.joined(separator: ", "))
        }
    }

    /// Returns the number of features after the extraction, and after each transform.
    package func featureCounts() throws -> [Int] {
        let first = try features.featureCount(of: exampleShape)
        return transforms.reduce(into: [first]) { $0.append($1.outputCount) }
    }
}

extension SafeTensors {
    /// Returns the result of `body`; its errors name this file.
    func naming<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError where error.place != path || error.kind != .badData {
            let what = [error.place == path ? nil : error.place, error.what].compactMap { $0 }
            throw DescentError(
                .badData, what.joined(separator: ": "), at: path, expected: error.expected, got: error.got,
                advice: "the file may have been changed; train the model again")
        }
    }
}
