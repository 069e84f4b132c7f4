import Arrays
import Support

/// A source of examples with their targets: in memory (``LabeledExamples``, ``LabeledExamples``), or a file that is larger than
/// memory.
///
/// Targets are always in memory; features are read batch by batch, one ahead of the training step, on a thread of the loader's
/// own.
public protocol ExampleSource: Sendable {
    /// The number of examples, N.
    var count: Int { get }
    /// The shape of one example: [D], [H, W] or [C, H, W].
    var exampleShape: [Int] { get }
    /// The target of each.
    var targets: Targets { get }
    /// The names of the classes; empty where the targets are numbers.
    var classNames: [String] { get }
    /// All features, if they are in memory; nil by default.
    var residentFeatures: FeatureMatrix? { get }
    /// A text that is equal for equal examples: a checkpoint stores it, so that a run is resumed with its own examples only.
    var contentChecksum: String { get }

    /// Returns the features of the examples `rows`, in that order; may be called from any thread.
    ///
    /// - Throws: what reading them throws.
    func features(of rows: [Int32]) throws -> FeatureMatrix
}

extension ExampleSource {
    /// nil.
    public var residentFeatures: FeatureMatrix? { nil }

    /// The number of features of an example, D.
    public var featureCount: Int { exampleShape.reduce(1, *) }

    /// Returns the examples `rows`, in that order: copied where the features are in memory, else read when they are asked for.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    package func selecting(_ rows: [Int32]) -> any ExampleSource {
        if let residentFeatures {
            return SelectedExamples(
                base: self, rows: rows, residentFeatures: residentFeatures.gathered(rows))
        }
        return SelectedExamples(base: self, rows: rows, residentFeatures: nil)
    }

    /// Returns the first `n` examples; all of them when there are no more. Features in memory are shared.
    ///
    /// - Precondition: `n` is not negative.
    package func first(_ n: Int) -> any ExampleSource {
        guard n < count else { return self }
        return SelectedExamples(
            base: self, rows: (0..<n).map { Int32($0) }, residentFeatures: residentFeatures?[0..<n])
    }
}

/// A selection of the examples of a source.
private struct SelectedExamples: ExampleSource {
    let base: any ExampleSource
    let rows: [Int32]
    let residentFeatures: FeatureMatrix?
    let targets: Targets

    init(base: any ExampleSource, rows: [Int32], residentFeatures: FeatureMatrix?) {
        (self.base, self.rows, self.residentFeatures) = (base, rows, residentFeatures)
        targets = base.targets.gathered(rows)
    }

    var count: Int { rows.count }
    var exampleShape: [Int] { base.exampleShape }
    var classNames: [String] { base.classNames }

    var contentChecksum: String {
        if let residentFeatures {
            return Self.resident(residentFeatures, targets, classNames).contentChecksum
        }
        var checksum = Checksum()
        rows.withUnsafeBytes { checksum.add($0) }
        return "\(base.contentChecksum), rows \(checksum.text)"
    }

    func features(of rows: [Int32]) throws -> FeatureMatrix {
        if let residentFeatures { return residentFeatures.gathered(rows) }
        return try base.features(of: rows.map { self.rows[Int($0)] })
    }

    private static func resident(
        _ features: FeatureMatrix, _ targets: Targets, _ names: [String]
    ) -> LabeledExamples {
        switch targets {
        case .classes(let classes): LabeledExamples(features, classes: classes, classNames: names)
        case .values(let values): LabeledExamples(features, values: values)
        }
    }
}

extension ExampleSource {
    /// Returns examples in order, as rows of features: of all features where they are in memory, else of those that are read.
    ///
    /// - Precondition: the range lies within 0..<N.
    /// - Throws: what reading them throws.
    package func rows(_ range: Range<Int>) throws -> (features: FeatureMatrix, rows: [Int32]) {
        let rows = range.map { Int32($0) }
        if let residentFeatures { return (residentFeatures, rows) }
        return (try features(of: rows), (0..<range.count).map { Int32($0) })
    }
}
