import Descent
import Foundation
import ImageFolders
import Tables

/// The examples of a run.
public struct LabData: Sendable {
    /// The examples to learn from.
    public let train: LabeledExamples
    /// The examples that are only looked at.
    public let test: LabeledExamples
    /// What a model of them makes of pictures and tables; nil for examples as they are.
    let input: ModelInput?
    /// Notes for the user, a line each.
    public let notes: [String]
    /// The names of the two features where the examples are points of the plane.
    let axes: [String]

    /// Whether the examples are points of the plane.
    public var isPlane: Bool { train.exampleShape == [2] }
    /// Height, width and channels where the examples are pictures.
    var imageShape: (height: Int, width: Int, channels: Int)? {
        let shape = train.exampleShape
        return switch shape.count {
        case 2: (shape[0], shape[1], 1)
        case 3 where shape[0] == 3: (shape[1], shape[2], 3)
        default: nil
        }
    }

    init(
        train: LabeledExamples, test: LabeledExamples, input: ModelInput? = nil, notes: [String] = [],
        axes: [String] = ["x", "y"]
    ) {
        (self.train, self.test, self.input, self.notes) = (train, test, input, notes)
        self.axes = axes
    }

    /// Creates data of points in the plane, three of ten for the test.
    init(splitting examples: LabeledExamples, seed: Int) {
        let parts = examples.stratifiedSplit(holding: 0.3, seed: seed)
        self.init(train: parts.learning, test: parts.held)
    }

    /// Creates data of points that a person has placed. All of them are learned from where they are few.
    ///
    /// - Throws: `usage` for fewer than two classes.
    init(points: [LabSettings.Point], seed: Int) throws {
        let used = Set(points.map(\.classIndex))
        guard used.count >= 2 else {
            throw DescentError(
                .usage, "points of one class alone", at: "points", expected: "points of two classes or more",
                got: "\(used.count)", advice: "place points of another class too")
        }
        // Classes that have no point are left out, so that each has examples.
        let order = used.sorted()
        let numbers = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, Int32($0)) })
        let elements = points.flatMap { [Float($0.x), Float($0.y)] }
        let examples = LabeledExamples(
            .floats(NDArray(shape: [points.count, 2], elements: elements)),
            classes: points.map { numbers[$0.classIndex] ?? 0 },
            classNames: order.map { "class \($0)" })
        guard points.count >= 40 else {
            self.init(train: examples, test: examples)
            return
        }
        self.init(splitting: examples, seed: seed)
    }

    /// Reads a table of text, or a folder of pictures; a fifth is held out.
    init(contentsOf path: String, label: String?) throws {
        if Self.isFolder(path) {
            let data = try ImageFolder(path).split(test: 0.2, seed: 1)
            try Self.checkSize(data.train.count, data.train.featureCount, at: path)
            self.init(
                train: try data.train.labeledExamples(), test: try data.test.labeledExamples(),
                input: .images(ImageInput(data.decoded.target)))
            return
        }
        let table = try Table(path, label: label)
        let parts = try table.split(test: 0.2, seed: 1)
        let preprocessing = try TablePreprocessing(fittedTo: parts.train)
        let train = try parts.train.examples(preprocessing)
        guard train.targets.classes != nil else {
            throw DescentError(
                .usage, "the lab tells classes, and the label is a number", at: path,
                advice: "name a column of classes by --label")
        }
        try Self.checkSize(train.count, train.featureCount, at: path)
        let test = try parts.test?.examples(preprocessing) ?? train
        let names = preprocessing.valueColumns.map(\.name)
        self.init(
            train: train, test: test, input: .table(preprocessing), notes: table.notes,
            axes: train.featureCount == 2 && names.count == 2 ? names : ["x", "y"])
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func checkSize(_ count: Int, _ features: Int, at path: String) throws {
        guard count <= LabSource.exampleLimit, count * features <= LabSource.numberLimit else {
            throw DescentError(
                .usage, "the data are too large for the lab", at: path,
                expected: "at most \(LabSource.exampleLimit) examples to learn from",
                got: "\(count) of \(features) numbers", advice: "train on them by `descent train`")
        }
    }

    func limited(to count: Int) -> LabData {
        LabData(train: train.prefix(count), test: test, input: input, notes: notes, axes: axes)
    }
}
