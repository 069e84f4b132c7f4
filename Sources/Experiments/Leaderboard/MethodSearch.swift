import Arrays
import Classification
import EvaluationMetrics
import ExampleData
import Models
import Regression
import Support
import Tables
import Training

/// Cross-validation of several methods on a table: which of them to take.
///
/// The training rows are cut into folds, stratified by class and seeded. For each fold everything is learned from the other folds
/// alone, the preparation of the columns (means, deviations, texts, what is filled in) included: nothing of the rows that are
/// measured on leaks into what is measured.
///
/// ```swift
/// let search = MethodSearch(TableMethod.all(for: train), seed: 1)
/// let board = try search.run(on: train)
/// print(board.best?.name ?? "", board.reason ?? "")
/// ```
public struct MethodSearch: Sendable {
    /// The methods, the simplest first.
    public var methods: [TableMethod]
    /// The number of folds.
    public var folds: Int
    /// The seed of the folds and of the methods.
    public var seed: Int
    /// The column whose equal values stay in one fold; nil for none.
    public var groupColumn: String?
    /// How numbers are scaled.
    public var scaling: TablePreprocessing.Scaling
    /// What is done about missing values.
    public var missing: TablePreprocessing.MissingValues
    /// The number of rows beyond which the methods are measured on a sample of so many.
    public var mostExamples: Int

    /// Creates a search.
    public init(
        _ methods: [TableMethod], folds: Int = 5, seed: Int = 1, groupColumn: String? = nil,
        scaling: TablePreprocessing.Scaling = .standard, missing: TablePreprocessing.MissingValues = .fill,
        mostExamples: Int = 10_000
    ) {
        (self.methods, self.folds, self.seed, self.groupColumn) = (methods, folds, seed, groupColumn)
        (self.scaling, self.missing, self.mostExamples) = (scaling, missing, mostExamples)
    }

    /// How far a search has come.
    public struct Progress: Sendable {
        /// The method that is measured, from 0, and the number of all.
        public let method: Int, methodCount: Int
        /// Its name.
        public let name: String
        /// The fold, from 0, and the number of all.
        public let fold: Int, foldCount: Int
        /// The method that has just been finished; nil in between.
        public let finished: Leaderboard.Entry?
    }

    private struct Parts {
        let train: LabeledExamples, held: LabeledExamples
    }

    /// Measures the methods one after another. A cancelled search ends with what was measured to the end.
    ///
    /// - Throws: as `Table.folds`, `TablePreprocessing`; `badData` for a table without a label; `interrupted` when cancelled before
    ///   a method was measured.
    /// - Complexity: folds x (training and answering of all methods).
    public func run(
        on table: Table, cancellation: Cancellation? = nil, progress: ((Progress) -> Void)? = nil
    ) throws -> Leaderboard {
        let sample = try sampled(table)
        let parts = try sample.folds(folds, seed: seed, groupBy: groupColumn).map { fold in
            let preprocessing = try TablePreprocessing(
                fittedTo: fold.train, scaling: scaling, missing: missing)
            return Parts(
                train: try fold.train.examples(preprocessing), held: try fold.held.examples(preprocessing))
        }
        var (entries, omitted): ([Leaderboard.Entry], [String]) = ([], [])
        let chosen = methods.filter { $0.mostExamples.map { table.count <= $0 } ?? true }
        omitted += methods.filter { method in !chosen.contains { $0.name == method.name } }.map {
            "\($0.name): would take too long on \(Numerals.grouped(table.count)) rows"
        }
        for (number, method) in chosen.enumerated() {
            guard cancellation?.isCancelled != true else {
                omitted.append("\(method.name): the search was stopped before")
                continue
            }
            func tell(_ fold: Int, _ finished: Leaderboard.Entry? = nil) {
                progress?(
                    Progress(
                        method: number, methodCount: chosen.count, name: method.name, fold: fold,
                        foldCount: parts.count, finished: finished))
            }
            do {
                let entry = try measured(method, parts, cancellation) { tell($0) }
                entries.append(entry)
                tell(parts.count, entry)
            } catch let error as DescentError where error.kind == .interrupted {
                omitted.append("\(method.name): the search was stopped before")
            }
        }
        guard !entries.isEmpty else {
            throw DescentError(
                .interrupted, "stopped before a method was measured", at: table.path,
                advice: "nothing was trained")
        }
        return Leaderboard(
            measure: table.task == .regression ? .rmse : .accuracy, folds: parts.count, seed: seed,
            exampleCount: sample.count, trainCount: table.count, entries: entries, omitted: omitted)
    }

    /// A part of a large table, by chance, each class in its share.
    private func sampled(_ table: Table) throws -> Table {
        guard table.count > mostExamples else { return table }
        let share = Double(mostExamples) / Double(table.count)
        return try table.split(test: share, seed: seed, groupBy: groupColumn).test ?? table
    }

    /// - Throws: `interrupted`; whatever else goes wrong is in the entry.
    private func measured(
        _ method: TableMethod, _ parts: [Parts], _ cancellation: Cancellation?, _ fold: (Int) -> Void
    ) throws -> Leaderboard.Entry {
        let clock = ContinuousClock()
        let start = clock.now
        var (scores, others): ([Double], [Double]) = ([], [])
        var failure: String?
        do {
            for (number, part) in parts.enumerated() {
                fold(number)
                let fitted = try method.fit(part.train, seed: seed, cancellation: cancellation)
                let (score, other) = try Self.scores(of: fitted, on: part.held, cancellation)
                scores.append(score)
                if let other { others.append(other) }
            }
        } catch let error as DescentError where error.kind != .interrupted {
            failure = "fold \(scores.count + 1): \(error.what)"
        } catch let error as TrainingDiverged {
            failure = "fold \(scores.count + 1): \(error.error.what)"
        }
        return Leaderboard.Entry(
            name: method.name, settings: method.settings, isBaseline: method.isBaseline, scores: scores,
            secondary: others.count == parts.count
                ? others.reduce(0, +) / Double(max(1, others.count)) : nil,
            seconds: (clock.now - start).inSeconds, failure: failure)
    }

    /// Accuracy and macro F1, or RMSE and R².
    private static func scores(
        of fitted: TableMethod.Fitted, on held: LabeledExamples, _ cancellation: Cancellation?
    ) throws -> (Double, Double?) {
        if case .values(let targets) = held.targets {
            let predicted: [Float]
            switch fitted {
            case .regressor(let regressor, _):
                predicted = try regressor.predictions(for: held.features, cancellation: cancellation)
            case .constant(let value): predicted = [Float](repeating: value, count: held.count)
            case .classifier: mistake("a classifier was fitted to numbers")
            }
            let metrics = try RegressionMetrics(
                actual: targets.elements.map(Double.init), predicted: predicted.map(Double.init))
            return (metrics.rootMeanSquaredError, metrics.r2)
        }
        let predicted: [Int32]
        switch fitted {
        case .classifier(let classifier, _):
            predicted = try classifier.classes(of: held.features, cancellation: cancellation)
        case .constant(let value): predicted = [Int32](repeating: Int32(value), count: held.count)
        case .regressor: mistake("a regressor was fitted to classes")
        }
        let metrics = try ClassificationMetrics(
            actual: held.classes, predicted: predicted, classNames: held.classNames)
        return (metrics.accuracy, metrics.macro.f1)
    }
}

extension TableMethod {
    /// Whether it learns nothing, and is there to be compared with.
    var isBaseline: Bool { if case .baseline = way { true } else { false } }
}
