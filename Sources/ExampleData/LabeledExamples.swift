import Arrays
import Support

/// Examples in memory with their targets: a class or numbers for each.
///
/// ```swift
/// let flowers = try LabeledExamples(validating: .floats(table), .classes(species), classNames: names)
/// let houses = try LabeledExamples(validating: .floats(table), .values(prices))
/// ```
public struct LabeledExamples: ExampleSource {
    /// The features: [N, ...].
    public let features: FeatureMatrix
    /// The targets, N of them. A learner of classes checks that each has a name.
    public let targets: Targets
    /// The names of the classes; empty where the targets are numbers.
    public let classNames: [String]

    /// Creates examples with their classes.
    ///
    /// - Precondition: one class per example.
    public init(_ features: FeatureMatrix, classes: [Int32], classNames: [String]) {
        require(
            classes.count == features.count,
            "\(classes.count) classes for \(features.count) examples of shape \(features.shape)")
        self.init(features, .classes(classes), classNames)
    }

    /// Creates examples with numbers as targets: [N], or [N, K] for K numbers each.
    ///
    /// - Precondition: as many rows of numbers as examples.
    public init(_ features: FeatureMatrix, values: NDArray<Float>) {
        require(
            values.shape.first == features.count && (1...2).contains(values.ndim),
            "targets of shape \(values.shape) for \(features.count) examples of shape \(features.shape)")
        self.init(features, .values(Self.columns(values)), [])
    }

    /// Creates examples from values that come from outside the program, and checks them.
    ///
    /// - Throws: `badData` when there is another number of targets than of examples, a class without a name, a target that is
    ///   not finite, or a feature that is not.
    package init(
        validating features: FeatureMatrix, _ targets: Targets, classNames: [String] = []
    ) throws(DescentError) {
        let shape =
            switch targets {
            case .classes(let classes): [classes.count]
            case .values(let values): values.shape
            }
        guard shape.first == features.count, (1...2).contains(shape.count) else {
            throw DescentError(
                .badData, "targets and examples differ in number", at: "targets",
                expected: "[\(features.count)] or [\(features.count), K]", got: "\(shape)")
        }
        switch targets {
        case .classes(let classes):
            if let row = classes.firstIndex(where: { $0 < 0 || Int($0) >= classNames.count }) {
                throw DescentError(
                    .badData, "a class number that there is no class for", at: "row \(row)",
                    expected: "0..<\(classNames.count)", got: "\(classes[row])",
                    advice: "classes are numbered from 0")
            }
            self.init(features, targets, classNames)
        case .values(let values):
            if let place = values.elements.firstIndex(where: { !$0.isFinite }) {
                throw DescentError(
                    .badData, "a target that is not finite",
                    at: "row \(place / max(1, values.count / max(1, features.count)))",
                    got: "\(values.elements[place])")
            }
            self.init(features, .values(Self.columns(values)), [])
        }
        if let place = features.firstNonFinite {
            throw DescentError(
                .badData, "a feature that is not finite", at: "row \(place.row), column \(place.column)",
                got: "\(place.value)")
        }
    }

    private init(_ features: FeatureMatrix, _ targets: Targets, _ classNames: [String]) {
        (self.features, self.targets, self.classNames) = (features, targets, classNames)
    }

    private static func columns(_ values: NDArray<Float>) -> NDArray<Float> {
        values.ndim == 1 ? values.reshaped(values.shape[0], 1) : values
    }

    /// The number of examples, N.
    public var count: Int { features.count }
    /// The shape of one example.
    public var exampleShape: [Int] { features.exampleShape }
    /// The features.
    public var residentFeatures: FeatureMatrix? { features }

    /// The class of each; empty where the targets are numbers.
    public var classes: [Int32] { targets.classes ?? [] }

    /// Returns the features of the examples `rows`.
    public func features(of rows: [Int32]) -> FeatureMatrix { features.gathered(rows) }

    /// Returns the examples `rows`, in that order.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    /// - Complexity: O(elements of the rows): they are copied.
    public func gathered(_ rows: [Int32]) -> LabeledExamples {
        LabeledExamples(features.gathered(rows), targets.gathered(rows), classNames)
    }

    /// The examples of a range, in order; the features are shared where they are dense.
    ///
    /// - Precondition: the range lies within 0..<N.
    public subscript(range: Range<Int>) -> LabeledExamples {
        LabeledExamples(features[range], targets[range], classNames)
    }

    /// The bytes of images: grey [N, H, W] or colour [N, 3, H, W].
    ///
    /// - Precondition: the features are bytes.
    public var images: NDArray<UInt8> {
        guard case .bytes(let bytes) = features.storage else {
            mistake("the examples are not images but numbers of shape \(features.shape)")
        }
        return bytes
    }

    /// Returns the first `n` examples; all of them when there are no more.
    ///
    /// - Precondition: `n` is not negative.
    /// - Complexity: O(n): the features are shared, not copied.
    public func prefix(_ n: Int) -> LabeledExamples {
        require(n >= 0, "cannot take \(n) examples")
        return n < count ? LabeledExamples(features[0..<n], targets[0..<n], classNames) : self
    }

    /// The number of examples of each class.
    package var countsByClass: [Int] {
        var counts = [Int](repeating: 0, count: classNames.count)
        for index in classes { counts[Int(index)] += 1 }
        return counts
    }

    /// The shape of the features and a checksum of features and targets; equal for equal examples.
    public var contentChecksum: String {
        var checksum = Checksum()
        switch features.storage {
        case .bytes(let array): array.withUnsafeElements { checksum.add(UnsafeRawBufferPointer($0)) }
        case .floats(let array): array.withUnsafeElements { checksum.add(UnsafeRawBufferPointer($0)) }
        case .sparse(let rows):
            for row in 0..<features.count {
                let entries = rows.entries(ofRow: row)
                entries.columns.withUnsafeBytes { checksum.add($0) }
                entries.values.withUnsafeBytes { checksum.add($0) }
            }
        }
        switch targets {
        // As the bytes of an IDX file where they are: checkpoints of images have this text.
        case .classes(let classes) where classNames.count <= 256:
            classes.map { UInt8(truncatingIfNeeded: $0) }.withUnsafeBytes { checksum.add($0) }
        case .classes(let classes): classes.withUnsafeBytes { checksum.add($0) }
        case .values(let values): values.withUnsafeElements { checksum.add(UnsafeRawBufferPointer($0)) }
        }
        return "\(features.shape) \(checksum.text)"
    }
}
