import ArrayFiles
import Arrays
import ExampleData

/// A regressor that a file can keep.
///
/// Its learner is registered in a `RegressorRegistry`, which finds the type by its kind when a file is read.
public protocol StorableRegressor: Regressor {
    /// The kind, as files have it: `ridge`, `svr`.
    static var kind: String { get }

    /// The learned parameters in a line of a summary: `rbf:gamma=0.5, 80 support vectors`; `1 output` by default.
    var summary: String { get }

    /// Lines about how the training went, to be read once after it. How the solver ended, by default, or nothing.
    var remarks: [String] { get }

    /// Checks that `store` can write everything that `init(from:prefix:)` needs; it can by default.
    ///
    /// - Throws: `usage` when it cannot.
    func checkStorable() throws

    /// Puts everything that the regressor needs under names that begin with `prefix`.
    func store(in file: inout SafeTensors, prefix: String)

    /// Restores the model from the entries that `store` wrote.
    ///
    /// - Throws: `badData` when something is missing, has another shape, or contradicts the rest.
    init(from file: SafeTensors, prefix: String) throws
}

extension StorableRegressor {
    /// The number of outputs.
    public var summary: String { outputCount == 1 ? "1 output" : "\(outputCount) outputs" }

    /// The end of the solver; empty for methods that do not iterate.
    public var remarks: [String] { convergence.map { ["\($0)"] } ?? [] }

    /// Everything can be stored.
    public func checkStorable() throws {}
}
