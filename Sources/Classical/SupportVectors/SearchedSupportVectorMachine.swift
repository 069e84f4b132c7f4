import Arrays
import Support

/// A support vector machine whose C and gamma are found by cross-validation when it learns.
///
/// ```swift
/// let learner = SearchedSupportVectorMachine(
///     SupportVectorMachine(), by: SupportVectorGridSearch(costs: [1, 10, 100], gammas: [0.01, 0.02])
/// ) { result in print(result.best.accuracy) }
/// let classifier = try Pipeline(.hog(HistogramOfOrientedGradients(cellSize: 4)), learner).fit(digits.train)
/// ```
public struct SearchedSupportVectorMachine: Learner {
    /// The settings that the search leaves alone.
    public var machine: SupportVectorMachine
    /// What is tried.
    public var search: SupportVectorGridSearch
    /// Told what came of the search, before the best settings learn from all examples.
    public var found: @Sendable (SupportVectorGridSearch.Result) -> Void

    /// A machine and what is tried with it.
    public init(
        _ machine: SupportVectorMachine, by search: SupportVectorGridSearch,
        found: @escaping @Sendable (SupportVectorGridSearch.Result) -> Void = { _ in }
    ) {
        self.machine = machine
        self.search = search
        self.found = found
    }

    /// Searches, then learns from all examples with the best settings.
    ///
    /// - Throws: as `SupportVectorGridSearch.run` and `SupportVectorMachine.fit`.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> SupportVectorClassifier {
        let result = try search.run(machine, on: examples, cancellation: cancellation, progress: progress)
        found(result)
        var best = result.best.machine
        best.fitsProbabilities = machine.fitsProbabilities
        return try best.fit(examples, cancellation: cancellation, progress: progress)
    }
}
