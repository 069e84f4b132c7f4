import Arrays
import Support

/// What a classifier is asked about: rows of features, as bytes or as numbers.
///
/// The first axis counts the examples, N; the others together are their D features. Bytes stay bytes, because
/// distances between them are exact whole numbers and a quarter of the memory.
///
/// ```swift
/// let pixels = Examples.bytes(mnist.test.images)   // [N, 28, 28]
/// pixels.count          // 10000
/// pixels.featureCount   // 784
/// ```
public enum Examples: Sendable {
    /// Pixels and other whole numbers 0...255: [N, ...].
    case bytes(NDArray<UInt8>)
    /// Anything else: [N, ...].
    case numbers(NDArray<Float>)

    /// The axes, N first.
    public var shape: [Int] {
        switch self {
        case .bytes(let array): array.shape
        case .numbers(let array): array.shape
        }
    }

    /// The number of examples, N; 0 for an array without axes.
    public var count: Int { shape.first ?? 0 }

    /// The number of features of each, D: the product of the axes after the first.
    public var featureCount: Int { shape.dropFirst().reduce(1, *) }

    /// The examples of a range, in order; the values are shared, not copied.
    ///
    /// - Precondition: the range lies within 0..<N.
    public subscript(range: Range<Int>) -> Examples {
        switch self {
        case .bytes(let array): .bytes(array[range])
        case .numbers(let array): .numbers(array[range])
        }
    }

    /// All features as `Float` [N, D]; bytes as 0...255, not scaled.
    ///
    /// - Complexity: O(N · D) for bytes; numbers are shared, not copied.
    public var numbers: NDArray<Float> {
        switch self {
        case .bytes(let array): array.asType(Float.self).reshaped(count, featureCount)
        case .numbers(let array): array.reshaped(count, featureCount)
        }
    }
}

/// Examples with the class of each.
public struct LabeledExamples: Sendable {
    /// The features: [N, ...].
    public let examples: Examples
    /// The class of each, an index into `classNames`: N of them. What learns from them checks that.
    public let classes: [Int]
    /// What the classes are called.
    public let classNames: [String]

    /// Examples and their classes.
    ///
    /// - Precondition: one class per example.
    public init(_ examples: Examples, classes: [Int], classNames: [String]) {
        require(
            classes.count == examples.count,
            "\(classes.count) classes for \(examples.count) examples of shape \(examples.shape)")
        self.examples = examples
        self.classes = classes
        self.classNames = classNames
    }

    /// The number of examples, N.
    public var count: Int { classes.count }

    /// How many examples each class has.
    package var countsByClass: [Int] {
        var counts = [Int](repeating: 0, count: classNames.count)
        for index in classes { counts[index] += 1 }
        return counts
    }
}
