import ArrayFiles
import Arrays
import Classical
import Datasets
import ExampleData
import Foundation
import Models
import Support
import TestSupport
import Testing

@testable import Classification
@testable import Pipelines

/// Features, transforms and a classifier as one value.
@Suite struct PipelineTests {
    /// Every classifier, by the name that stands in files.
    static let learners: [String: any Learner] = [
        "knn": NearestNeighbors(k: 3),
        "knn by distance": NearestNeighbors(k: 5, metric: .l1, weights: .distance),
        "svm": SupportVectorMachine(cost: 5),
        "svm with probabilities": machine { $0.fitsProbabilities = true },
        "nu-svm": SupportVectorMachine(kernel: .linear, nu: 0.3),
        "linear-svm": linearMachine(),
        "logistic": LogisticRegression(inverseStrength: 1),
        "naive-bayes": GaussianNaiveBayes(),
        "nearest-centroid": NearestCentroid(),
    ]
    static let features = [
        "pixels", "hog:cell=3", "hog:cell=3,interpolation=trilinear", "sift:words=12,step=2,cell=2",
        "surf:words=6,enlarge=3",
    ]

    private static func machine(_ change: (inout SupportVectorMachine) -> Void) -> SupportVectorMachine {
        var machine = SupportVectorMachine(cost: 5)
        change(&machine)
        return machine
    }

    /// Solved so far that the order of its passes does not show.
    private static func linearMachine() -> LinearSupportVectorMachine {
        var machine = LinearSupportVectorMachine(cost: 1)
        machine.tolerance = 1e-4
        return machine
    }

    private static let training = ToyImages.make(80, seed: 1)
    private static let others = ToyImages.make(40, seed: 2)
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func learner(_ name: String) throws -> any Learner { try #require(Self.learners[name]) }

    /// Trains, writes, loads, and compares every answer and every byte.
    private func expectSame(
        _ pipeline: Pipeline, least: Double, sourceLocation: SourceLocation = #_sourceLocation
    )
        throws
    {
        let trained = try pipeline.fit(Self.training)
        #expect(trained.classNames == ["kind 0", "kind 1", "kind 2", "kind 3"])
        let evaluation = try trained.evaluate(on: Self.others)
        #expect(evaluation.count == 40)
        #expect(evaluation.accuracy >= least, "\(trained.summary)", sourceLocation: sourceLocation)
        let examples = FeatureMatrix.bytes(Self.others.images)
        let (classes, figures) = (try trained.classes(of: examples), try trained.probabilities(of: examples))
        #expect(figures.shape == [40, 4])
        for row in 0..<40 {
            #expect(abs(figures.elements[(row * 4)..<(row * 4 + 4)].reduce(0, +) - 1) < 1e-4)
        }
        let path = try ModelFolder(trained, samples: Self.others.prefix(3).features)
            .write(to: .folder("\(directory.path)/model", replacing: true))
        let loaded = try #require(try ModelFolder.load(path).classifier as? PipelineClassifier)
        #expect(loaded.name == trained.name && loaded.summary == trained.summary)
        #expect(loaded.classNames == trained.classNames && loaded.exampleShape == trained.exampleShape)
        #expect(loaded.scoreKind == trained.scoreKind)
        #expect(try loaded.classes(of: examples) == classes, sourceLocation: sourceLocation)
        #expect(try loaded.probabilities(of: examples) == figures, sourceLocation: sourceLocation)
        #expect(try loaded.evaluate(on: Self.others).confusion == evaluation.confusion)
        // What is written again is the same file.
        try loaded.stored().write(to: "\(directory.path)/again.safetensors")
        #expect(
            try Files.read("\(directory.path)/again.safetensors", limit: 1 << 24)
                == Files.read("\(path)/model.safetensors", limit: 1 << 24), sourceLocation: sourceLocation)
    }

    @Test(arguments: Array(learners.keys).sorted(), features)
    func everyClassifierOnEveryKindOfFeatures(name: String, features: String) throws {
        // Bright squares in noise: their edges tell less than their pixels. Chance reads a quarter.
        let least = features == "pixels" ? 0.9 : 0.35
        try expectSame(Pipeline(try FeatureChoice(parsing: features), try learner(name)), least: least)
    }

    @Test(arguments: Array(learners.keys).sorted(), Pipeline.Scaling.allCases)
    func everyClassifierOnEveryTransform(name: String, scaling: Pipeline.Scaling) throws {
        try expectSame(
            Pipeline(.pixels, try learner(name), scaling: scaling, componentCount: 20), least: 0.8)
        try expectSame(
            Pipeline(
                try FeatureChoice(parsing: "hog:cell=3"), try learner(name), deskews: true, scaling: scaling),
            least: 0.5)
    }

    @Test func itSaysWhatItIs() throws {
        let pipeline = Pipeline(
            try FeatureChoice(parsing: "hog:cell=3"), SupportVectorMachine(kernel: .rbf(gamma: 0.5), cost: 5),
            deskews: true, scaling: .standard, componentCount: 7)
        let trained = try pipeline.fit(Self.training)
        #expect(trained.name == "svm on hog")
        #expect(
            trained.summary == """
                deskewed, HOG (9 directions, cells of 3, blocks of 2x2), standard scaling, 7 principal components, \
                support vector machine, rbf:gamma=0.5, C 5
                """)
        let shared = try FeatureChoice(parsing: "hog:7,interpolation=Trilinear")
        #expect(shared.summary == "HOG (9 directions, cells of 7, blocks of 2x2, trilinear)")
        let neighbors = try Pipeline(.pixels, NearestNeighbors(choosingUpTo: 5)).fit(Self.training)
        let k = try #require((neighbors.classifier as? NearestNeighborsClassifier)?.k)
        #expect(neighbors.summary == "pixels, \(k) nearest neighbours, l2")
    }

    // MARK: Summary

    @Test func theSummaryCountsWhatIsKept() throws {
        let pipeline = Pipeline(
            .pixels, NearestCentroid(), deskews: true, scaling: .minMax, componentCount: 5)
        let summary = try PipelineSummary(of: pipeline.fit(Self.training))
        #expect(summary.inputShape == [12, 12])
        #expect(summary.stages.map(\.name) == ["deskew", "pixels", "min-max", "pca", "nearest-centroid"])
        #expect(summary.stages.map(\.outputShape) == [[12, 12], [144], [144], [5], [4]])
        #expect(summary.stages[0].numberCount == 0 && summary.stages[1].numberCount == 0)
        // Five directions, their variances and the mean of 144 features at least.
        #expect(summary.stages[3].numberCount >= 5 * 144 + 144)
        #expect(summary.stages[4].numberCount >= 4 * 5)
        #expect(summary.numberCount == summary.stages.reduce(0) { $0 + $1.numberCount })
        let neighbors = try PipelineSummary(of: Pipeline(.pixels, NearestNeighbors(k: 3)).fit(Self.training))
        #expect(neighbors.stages[1].detail == "k = 3, l2, 80 examples")
        #expect(neighbors.stages[1].byteCount >= 80 * 144)
    }

    // MARK: Order and threads

    @Test(arguments: Array(learners.keys).sorted())
    func threadsDoNotMatterAndNorDoesTheOrderOfTraining(name: String) throws {
        let examples = FeatureMatrix.bytes(Self.others.images)
        let usual = Threads.count
        defer { Threads.setCount(usual) }
        // Words are the same whatever classifies them.
        for features in ["pixels"] + (name == "knn" ? ["hog:cell=3", "sift:words=12,step=2,cell=2"] : []) {
            let pipeline = Pipeline(
                try FeatureChoice(parsing: features), try learner(name), scaling: .standard)
            var figures: [NDArray<Float>] = []
            for threads in [1, 2] {
                Threads.setCount(threads)
                figures.append(try pipeline.fit(Self.training).probabilities(of: examples))
            }
            #expect(figures[1] == figures[0], "\(name) on \(features)")
        }
        // Visual words are learned from images in a random order, so only features that learn nothing.
        let seed = Int(UInt32.random(in: 0 ... .max))
        var random = RandomState(seed)
        let order = random.permutation(Self.training.count).elements.map { Int($0) }
        let shuffled = LabeledExamples(
            .bytes(stack(order.map { Self.training.images[$0] })),
            classes: order.map { Self.training.classes[$0] },
            classNames: Self.training.classNames)
        let pipeline = Pipeline(try FeatureChoice(parsing: "hog:cell=3"), try learner(name))
        let (one, other) = (try pipeline.fit(Self.training), try pipeline.fit(shuffled))
        #expect(try one.classes(of: examples) == other.classes(of: examples), "seed \(seed)")
        guard name != "svm with probabilities" else { return }  // Its folds are cut by the order.
        let distance =
            largestDifference(
                try one.probabilities(of: examples).elements, try other.probabilities(of: examples).elements)
        #expect(distance < 0.02, "seed \(seed): \(distance)")
    }

    // MARK: What does not fit

    private func error(_ pipeline: Pipeline, on images: LabeledExamples = training) -> DescentError? {
        #expect(throws: DescentError.self) { try pipeline.fit(images) }
    }

    private func images(_ labels: [Int32], names: [String]) -> LabeledExamples {
        LabeledExamples(
            .bytes(ToyImages.make(labels.count, seed: 3).images), classes: labels, classNames: names)
    }

    @Test func imagesSmallerThanTheirCells() throws {
        for (text, what) in [
            ("hog:cell=8", "an image is smaller than a block of HOG"),
            ("hog:cell=13,block=1", "an image is smaller than a block of HOG"),
            ("sift:cell=13", "an image is smaller than a cell of dense SIFT"),
        ] {
            let found = error(Pipeline(try FeatureChoice(parsing: text), NearestCentroid()))
            #expect(found?.kind == .badData)
            #expect(found?.what == what)
            #expect(found?.got == "12 x 12")
        }
    }

    @Test(arguments: Array(learners.keys).sorted())
    func classesThatCannotBeLearned(name: String) throws {
        let pipeline = Pipeline(.pixels, try learner(name))
        let one = error(pipeline, on: images([1, 1, 1, 1, 1, 1], names: ["a", "b"]))
        #expect(one?.kind == .badData && one?.what == "one class only")
        #expect(one?.got == "all are 'b'")
        let none = error(pipeline, on: images([], names: ["a", "b"]))
        #expect(none?.kind == .badData && none?.got == "no examples")
        let empty = error(pipeline, on: images([0, 2, 0, 2, 0, 2], names: ["a", "b", "c"]))
        #expect(empty?.kind == .badData && empty?.what == "no example of the class 'b'")
    }

    @Test func settingsThatDoNotFit() throws {
        let k = error(Pipeline(.pixels, NearestNeighbors(k: 81)))
        #expect(k?.kind == .usage && k?.what == "k is larger than the training set")
        #expect(k?.expected == "at most 80" && k?.got == "81")
        let cost = error(Pipeline(.pixels, SupportVectorMachine(cost: 0)))
        #expect(cost?.kind == .usage)
        let components = error(Pipeline(.pixels, NearestCentroid(), componentCount: 145))
        #expect(components != nil)
        let words = error(Pipeline(try FeatureChoice(parsing: "surf:words=60000"), NearestCentroid()))
        #expect(words?.kind == .badData)
        for text in [
            "hog:cell=0", "hog:cell=x", "hog:size=3", "sift:words=1", "sift:step=99", "surf:enlarge=9",
            "edges",
            "hog:norm=L9", "hog:interpolation=cubic", "pixels:8", "",
        ] {
            let found = #expect(throws: DescentError.self) { try FeatureChoice(parsing: text) }
            #expect(found?.kind == .usage, "\(text)")
        }
    }

    @Test func otherImagesAreRefused() throws {
        let trained = try Pipeline(.pixels, NearestNeighbors(k: 1)).fit(Self.training)
        let small = #expect(throws: DescentError.self) {
            try trained.classes(of: .bytes(NDArray(shape: [2, 11, 12], repeating: 0)))
        }
        #expect(small?.kind == .badData && small?.expected == "12x12" && small?.got == "11x12")
        let numbers = #expect(throws: DescentError.self) {
            try trained.classes(of: .floats(NDArray(shape: [2, 144], repeating: 0)))
        }
        #expect(numbers?.kind == .badData && numbers?.what == "the model takes images")
        let unknown = #expect(throws: DescentError.self) {
            try trained.evaluate(on: images([0, 0], names: ["kind 9"]))
        }
        #expect(unknown?.what == "the model does not know the class 'kind 9'")
        #expect(try trained.classes(of: .bytes(NDArray(shape: [0, 12, 12], repeating: 0))) == [])
        // Classes are matched by name, not by number.
        let turned = LabeledExamples(
            .bytes(Self.training.images), classes: Self.training.classes.map { 3 - $0 },
            classNames: Self.training.classNames.reversed())
        #expect(try trained.evaluate(on: turned).accuracy == 1)
    }

    @Test(arguments: Array(learners.keys).sorted())
    func aWishToStopIsHeard(name: String) throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        for features in ["pixels", "sift:words=12,step=2,cell=2"] {
            let pipeline = Pipeline(try FeatureChoice(parsing: features), try learner(name))
            let found = #expect(throws: DescentError.self) {
                try pipeline.fit(Self.training, cancellation: cancellation)
            }
            #expect(found?.kind == .interrupted, "\(name) on \(features)")
        }
    }

    // MARK: Damaged files

    @Test func damagedFilesAreRefusedByName() throws {
        let pipelines = [
            Pipeline(
                try FeatureChoice(parsing: "hog:cell=3"), SupportVectorMachine(cost: 5), scaling: .standard,
                componentCount: 7),
            Pipeline(try FeatureChoice(parsing: "sift:words=12,step=2,cell=2"), NearestNeighbors(k: 3)),
            Pipeline(.pixels, LogisticRegression(), scaling: .minMax),
            Pipeline(.pixels, LinearSupportVectorMachine()), Pipeline(.pixels, GaussianNaiveBayes()),
            Pipeline(.pixels, NearestCentroid()),
        ]
        let path = "\(directory.path)/model.safetensors"
        for pipeline in pipelines {
            let stored = try pipeline.fit(Self.training).stored()
            func expectRefused(_ file: SafeTensors, _ what: String) throws {
                try file.write(to: path)
                let found = #expect(throws: DescentError.self, "\(what)") {
                    try PipelineClassifier(from: SafeTensors(contentsOf: path))
                }
                #expect(
                    found?.kind == .badData && found?.place == path, "\(what): \(String(describing: found))")
            }
            for key in stored.metadata.keys where key != "format" && key != "pipeline" {
                var file = stored
                file.metadata[key] = nil
                // Files of before have none: bytes as they are.
                if key != "classifier.byte-scale" { try expectRefused(file, "without \(key)") }
                guard !["name", "summary", "classifier.formulation"].contains(key) else { continue }
                file.metadata[key] = "?"
                try expectRefused(file, "another \(key)")
            }
            for name in stored.names {
                var file = SafeTensors()
                file.metadata = stored.metadata
                for other in stored.names where other != name { Self.copy(other, of: stored, to: &file) }
                // A number that may be left out says so by its absence.
                if !name.hasSuffix("leave-one-out") { try expectRefused(file, "without \(name)") }
                file.set(NDArray<Float>(shape: [1, 2, 3], repeating: .nan), named: name)
                try expectRefused(file, "another shape of \(name)")
            }
        }
    }

    private static func copy(_ name: String, of file: SafeTensors, to other: inout SafeTensors) {
        switch file.arrays[name] {
        case .float32(let array): other.set(array, named: name)
        case .float64(let array): other.set(array, named: name)
        case .int32(let array): other.set(array, named: name)
        case .int64(let array): other.set(array, named: name)
        case .uint8(let array): other.set(array, named: name)
        case .bool(let array): other.set(array, named: name)
        case nil: break
        }
    }

    @Test func partsThatDoNotFitTogetherAreRefused() throws {
        func stored(_ features: String, _ scaling: Pipeline.Scaling = .none) throws -> SafeTensors {
            try Pipeline(try FeatureChoice(parsing: features), NearestCentroid(), scaling: scaling)
                .fit(Self.training).stored()
        }
        let path = "\(directory.path)/model.safetensors"
        var file = try stored("pixels", .standard)
        file.metadata["width"] = "13"
        try file.write(to: path)
        let found = #expect(throws: DescentError.self) {
            try PipelineClassifier(from: SafeTensors(contentsOf: path))
        }
        #expect(found?.what == "'standard' does not fit what comes before it" && found?.place == path)
        // Settings that would trap if they were believed.
        for (old, new) in [("\"cellSize\":3", "\"cellSize\":0"), ("\"blockSize\":2", "\"blockSize\":99")] {
            file = try stored("hog:cell=3")
            let text = file.metadata["features.features"] ?? ""
            #expect(text.contains(old), "\(text)")
            file.metadata["features.features"] = text.replacing(old, with: new)
            try file.write(to: path)
            let found = #expect(throws: DescentError.self) {
                try PipelineClassifier(from: SafeTensors(contentsOf: path))
            }
            #expect(found?.kind == .badData && found?.place == path)
        }
        // The model of another folder beside this config.json.
        let one = try ModelFolder(
            Pipeline(.pixels, NearestCentroid()).fit(Self.training), samples: Self.others.prefix(2).features
        ).write(to: .folder("\(directory.path)/one"))
        try stored("hog:cell=3").write(to: "\(one)/model.safetensors")
        let changed = #expect(throws: DescentError.self) { try ModelFolder.load(one) }
        #expect(changed?.what == "the file has changed since it was written")
        #expect(changed?.place == "\(one)/model.safetensors")
        // Folders of before have no checksums.
        try FileManager.default.removeItem(atPath: "\(one)/checksums.json")
        let mixed = #expect(throws: DescentError.self) { try ModelFolder.load(one) }
        #expect(mixed?.what == "the model does not fit config.json")
        #expect(mixed?.place == "\(one)/model.safetensors")
    }

    // MARK: Larger images

    // By hand: a new pixel's middle lies at (i + 1/2) / factor - 1/2 of the old ones, and edges go on; as OpenCV's
    // INTER_LINEAR.
    @Test func imagesAreMadeLargerLinearly() {
        func larger(_ shape: [Int], _ elements: [UInt8], _ factor: Int) -> NDArray<UInt8> {
            Enlargement.apply(to: NDArray(shape: shape, elements: elements), factor: factor)
        }
        #expect(
            larger([1, 2, 2], [0, 100, 200, 40], 2)
                == NDArray(
                    shape: [1, 4, 4],
                    elements: [
                        0, 25, 75, 100,
                        50, 59, 76, 85,
                        150, 126, 79, 55,
                        200, 160, 80, 40,
                    ]))
        #expect(
            larger([2, 1, 2], [0, 90, 255, 255], 3)
                == NDArray(
                    shape: [2, 3, 6],
                    elements: (0..<3).flatMap { _ in [0, 0, 30, 60, 90, 90] as [UInt8] }
                        + [UInt8](repeating: 255, count: 18)))
        #expect(larger([1, 1, 3], [1, 2, 3], 1).elements == [1, 2, 3])
        #expect(larger([0, 5, 5], [], 4).shape == [0, 5, 5])
    }
}
