import ArrayFiles
import Arrays
import ExampleData

/// A classifier that a file can keep, and that says all that is to be known of it.
///
/// Its learner is registered in a `ClassifierRegistry`, which finds the type by its kind when a file is read.
public protocol StorableClassifier: Classifier {
    /// The kind, as files have it: `knn`, `svm`.
    static var kind: String { get }

    /// Whether it learns from and answers for sparse rows without unpacking them; false by default, where a pipeline unpacks them
    /// once.
    static var takesSparseRows: Bool { get }

    /// The learned parameters in a line of a summary: `rbf:gamma=0.5, 80 support vectors`; `4 classes` by default.
    var summary: String { get }

    /// Lines about how the training went, to be read once after it: how the solver ended, how k was chosen. How the solver
    /// ended, by default, or nothing.
    ///
    /// - Parameter rows: takes rows, as the classifier sees them, on which it may measure itself.
    func remarks(measuring rows: () throws -> FeatureMatrix) -> [String]

    /// Checks that `store` can write everything that `init(from:prefix:)` needs; it can by default.
    ///
    /// - Throws: `usage` when it cannot.
    func checkStorable() throws

    /// Puts everything that the classifier needs, its class names included, under names that begin with `prefix`.
    func store(in file: inout SafeTensors, prefix: String)

    /// Restores a classifier from the entries that `store` wrote.
    ///
    /// - Throws: `badData` when something is missing, has another shape, or contradicts the rest.
    init(from file: SafeTensors, prefix: String) throws
}

extension StorableClassifier {
    /// false.
    public static var takesSparseRows: Bool { false }

    /// The number of classes.
    public var summary: String { "\(classNames.count) classes" }

    /// Describes how the solver ended; empty for methods that do not iterate.
    public func remarks(measuring rows: () throws -> FeatureMatrix) -> [String] {
        convergence.map { ["\($0)"] } ?? []
    }

    /// Everything can be stored.
    public func checkStorable() throws {}
}
