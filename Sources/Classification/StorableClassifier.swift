import ArrayFiles

/// A classifier that can be kept in a safetensors file and brought back from it.
public protocol StorableClassifier: Classifier, Sendable {
    /// Stands for the type in a file: `knn`, `svm`.
    static var kind: String { get }

    /// Puts everything that the classifier needs, its labels included, under names that begin with `prefix`.
    func store(in file: inout SafeTensors, prefix: String)

    /// Brings back what `store` put.
    ///
    /// - Throws: `badData` when something is missing, has another shape, or contradicts the rest.
    init(from file: SafeTensors, prefix: String) throws
}
