import ArrayFiles
import Arrays
import Classical
import Classification
import Datasets
import ExampleData
import ImageFeatures
import Support

/// A trained pipeline: images in, classes out.
public struct PipelineClassifier: ImageClassifier, Sendable {
    /// `svm on hog`.
    public let name: String
    /// Features, scaling and classifier in a line.
    public let summary: String
    /// The size of the images that it takes.
    public let imageSize: (height: Int, width: Int)
    /// Whether digits are set upright first.
    public let deskews: Bool
    package let features: LearnedFeatures
    /// What is done to the features, in order.
    public let transforms: [any RowTransform]
    /// What classifies the features.
    public let classifier: any StorableClassifier

    init(
        name: String, summary: String, imageSize: (height: Int, width: Int), deskews: Bool,
        features: LearnedFeatures, transforms: [any RowTransform], classifier: any StorableClassifier
    ) {
        self.name = name
        self.summary = summary
        self.imageSize = imageSize
        self.deskews = deskews
        self.features = features
        self.transforms = transforms
        self.classifier = classifier
    }

    /// The names of the classes, in the order of their numbers.
    public var labels: [String] { classifier.labels }

    /// What its figures for the classes are.
    public var basis: AnswerBasis {
        switch classifier {
        case let machine as SupportVectorClassifier where machine.sigmoids == nil:
            .votes(most: labels.count - 1, decisions: labels.count * (labels.count - 1) / 2)
        case let neighbors as NearestNeighborsClassifier where neighbors.weights == .uniform:
            .neighbors(neighbors.k)
        case is NearestNeighborsClassifier: .weightedNeighbors
        case is LinearSupportVectorClassifier: .scores
        default: .probabilities
        }
    }

    /// What the classifier sees of images [N, H, W].
    ///
    /// - Throws: `badData` when they are no bytes or of another size than the pipeline's; `interrupted` soon after
    ///   `cancellation`.
    public func rows(of examples: Examples, cancellation: Cancellation? = nil) throws -> Examples {
        guard case .bytes(let images) = examples else {
            throw DescentError(
                .badData, "the model takes images", expected: "bytes [N, H, W]",
                got: "numbers of shape \(examples.shape)")
        }
        try check(shape: images.shape)
        let upright = deskews ? try Deskewing.apply(to: images) : images
        var rows = try features.examples(of: upright, cancellation: cancellation)
        for transform in transforms { rows = .numbers(try transform.apply(to: rows.numbers)) }
        return rows
    }

    /// How probable each class is for each image: bytes [N, H, W] to [N, K].
    public func probabilities(of examples: Examples) throws -> NDArray<Float> {
        guard examples.count > 0 else { return NDArray(shape: [0, labels.count], elements: []) }
        return try classifier.probabilities(of: rows(of: examples))
    }

    /// Both, of features that are taken once.
    public func answers(of examples: Examples) throws -> Answers {
        guard examples.count > 0 else { return ([], NDArray(shape: [0, labels.count], elements: [])) }
        return try classifier.answers(of: rows(of: examples))
    }

    /// The class of each image, N of 0..<K.
    public func classes(of examples: Examples) throws -> [Int] {
        try classes(of: examples, cancellation: nil)
    }

    /// The class of each image, N of 0..<K; ends soon after `cancellation`.
    public func classes(of examples: Examples, cancellation: Cancellation?) throws -> [Int] {
        guard examples.count > 0 else { return [] }
        return try classifier.classes(
            of: rows(of: examples, cancellation: cancellation), cancellation: cancellation)
    }

    /// How it does on labelled images; the loss is not measured, because most of these classifiers do not fit
    /// probabilities.
    public func evaluate(on examples: LabeledImages) throws -> Evaluation {
        try evaluate(on: examples, cancellation: nil)
    }

    /// The same; ends soon after `cancellation`, with `interrupted`.
    public func evaluate(on examples: LabeledImages, cancellation: Cancellation?) throws -> Evaluation {
        try check(shape: examples.images.shape)
        return Evaluation(
            labels: labels, actual: try actualClasses(of: examples),
            predicted: try classes(of: .bytes(examples.images), cancellation: cancellation), loss: .nan)
    }
}

// MARK: - Keeping

extension PipelineClassifier {
    private static let classifiers: [any StorableClassifier.Type] = [
        NearestNeighborsClassifier.self, SupportVectorClassifier.self, LinearSupportVectorClassifier.self,
        NearestCentroidClassifier.self, GaussianNaiveBayesClassifier.self, LogisticRegressionClassifier.self,
    ]
    private static let transformTypes: [any RowTransform.Type] = [
        StandardScaling.self, MinMaxScaling.self, PrincipalComponents.self,
    ]

    /// Everything in one safetensors file.
    package func stored() -> SafeTensors {
        var file = SafeTensors()
        file.metadata["format"] = "descent"
        file.metadata["pipeline"] = "1"
        file.metadata["name"] = name
        file.metadata["summary"] = summary
        file.metadata["height"] = "\(imageSize.height)"
        file.metadata["width"] = "\(imageSize.width)"
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

    /// The pipeline in a file.
    ///
    /// - Throws: `badData` that names the file and what is wrong in it.
    package init(from file: SafeTensors) throws {
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
        name = try setting("name")
        summary = try setting("summary")
        imageSize = (try side("height"), try side("width"))
        let isUpright = try setting("deskews")
        guard let deskews = Bool(isUpright) else { throw wrong("deskews", isUpright) }
        self.deskews = deskews
        features = try file.naming { try LearnedFeatures(from: file, prefix: "features.") }
        let kinds = try setting("transforms").split(separator: ",").map(String.init)
        transforms = try kinds.enumerated().map { index, kind in
            guard let type = Self.transformTypes.first(where: { $0.kind == kind }) else {
                throw wrong("transforms", kind)
            }
            return try file.naming { try type.init(from: file, prefix: "transform\(index).") }
        }
        let kind = try setting("classifier")
        guard let type = Self.classifiers.first(where: { $0.kind == kind }) else {
            throw wrong("classifier", kind)
        }
        classifier = try file.naming { try type.init(from: file, prefix: "classifier.") }
        let rows = try file.naming { try featureCounts() }
        try file.naming { try check(rows) }
    }

    /// Whether what each part gives is what the next one takes, and the labels are labels.
    private func check(_ rows: [Int]) throws {
        for (transform, width) in zip(transforms, rows) where transform.featureCount != width {
            throw DescentError(
                .badData, "'\(type(of: transform).kind)' does not fit what comes before it",
                expected: Numerals.counted(width, "feature"), got: "\(transform.featureCount)")
        }
        guard labels.count >= 2, Set(labels).count == labels.count else {
            throw DescentError(
                .badData, "impossible labels", expected: "two or more, all different",
                got: labels.joined(separator: ", "))
        }
    }

    /// How many features an image has after the extraction, and after each transform.
    package func featureCounts() throws -> [Int] {
        try transforms.reduce(into: [features.count(height: imageSize.height, width: imageSize.width)]) {
            $0.append($1.outputCount)
        }
    }
}

extension SafeTensors {
    /// What `body` does; what it finds wrong is wrong in this file.
    fileprivate func naming<Result>(_ body: () throws -> Result) throws -> Result {
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
