import Arrays
import ExampleData
import Support

extension TrainedClassifier {
    /// Evaluates the classifier on labelled examples, in memory or read part by part. Classes are matched by name.
    ///
    /// - Throws: as `evaluate(on:cancellation:)` of examples in memory; what reading the source throws.
    public func evaluate(
        on source: any ExampleSource, cancellation: Cancellation? = nil
    ) throws -> Evaluation {
        guard source.residentFeatures == nil, source.count > 0 else {
            return try evaluate(on: source.labeledExamples(), cancellation: cancellation)
        }
        return Evaluation(
            joining: try source.readingRanges.map {
                try Cancellation.check(cancellation, at: name)
                return try evaluate(on: source.labeledExamples($0), cancellation: cancellation)
            })
    }

    /// Returns the answers for the examples of a source, in memory or read part by part.
    ///
    /// - Throws: as `answers(for:)`; what reading the source throws.
    package func answers(for source: any ExampleSource) throws -> Answers {
        if let features = source.residentFeatures { return try answers(for: features) }
        guard source.count > 0 else { return .none(classes: classNames.count) }
        let parts = try source.readingRanges.map { try answers(for: source.labeledExamples($0).features) }
        return Answers(classes: parts.flatMap(\.classes), scores: concatenate(parts.map(\.scores)))
    }

    /// Returns the classes of the examples of a source, in memory or read part by part.
    ///
    /// - Throws: as `classes(of:)`; what reading the source throws.
    package func classes(of source: any ExampleSource) throws -> [Int32] {
        if let features = source.residentFeatures { return try classes(of: features) }
        return try source.readingRanges.flatMap { try classes(of: source.labeledExamples($0).features) }
    }
}
