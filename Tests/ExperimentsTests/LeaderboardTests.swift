import Arrays
import Classical
import EvaluationMetrics
import ExampleData
import Models
import Pipelines
import Regression
import Support
import Tables
import TestSupport
import Testing

@testable import Experiments

/// Cross-validation against scikit-learn on the same folds, by `Vectors/make_leaderboard_vectors.py` (the versions are in the file).
@Suite struct LeaderboardTests {
    private struct Vectors: Decodable {
        struct Scores: Decodable {
            let scores: [Double], secondary: [Double]
        }
        let houses: String
        let regression: [String: Scores], classification: [String: Scores]
        let answers: [String: [Float]]

        static func read() throws -> Vectors { try vectors("leaderboard.json") }

        /// The table of houses, with its missing values.
        var table: Table {
            get throws { try Table(bytes: Array(houses.utf8), name: "houses.csv", label: "price (EUR)") }
        }
    }

    /// Networks have no counterpart there, and take seconds.
    private static func classical(_ table: Table) -> [TableMethod] {
        TableMethod.all(for: table).filter { if case .network = $0.way { false } else { true } }
    }

    @Test func regressorsScoreAsInScikitLearn() throws {
        let vectors = try Vectors.read()
        let table = try vectors.table
        #expect(table.task == .regression)
        let board = try MethodSearch(Self.classical(table)).run(on: table)
        #expect(board.measure == .rmse && board.entries.count == vectors.regression.count)
        for entry in board.entries {
            let wanted = try #require(vectors.regression[entry.name], "\(entry.name)")
            expectClose(entry.scores, wanted.scores, relative: 2e-4, entry.name)
            let mean = wanted.secondary.reduce(0, +) / 5
            #expect(abs(try #require(entry.secondary) - mean) < 2e-4, "\(entry.name)")
        }
        #expect(board.entries.last?.isBaseline == true)
    }

    @Test(.needsShared("fixtures/tabular/wine.csv")) func classifiersScoreAsInScikitLearn() throws {
        let vectors = try Vectors.read()
        let table = try Table(SharedFiles.path("fixtures/tabular/wine.csv"), label: "label")
        let board = try MethodSearch(Self.classical(table)).run(on: table)
        for (name, wanted) in vectors.classification {
            let entry = try #require(board.entries.first { $0.name == name }, "\(name)")
            expectClose(entry.scores, wanted.scores, absolute: 1e-12, name)
            #expect(abs((entry.secondary ?? 0) - wanted.secondary.reduce(0, +) / 5) < 1e-12, "\(name)")
        }
        #expect(board.measure == .accuracy && board.best != nil)
    }

    /// Targets are standardised inside: scikit-learn's `TransformedTargetRegressor` with a `StandardScaler`.
    @Test func answersAreThoseOfScikitLearn() throws {
        let vectors = try Vectors.read()
        let table = try vectors.table
        let examples = try table.examples(TablePreprocessing(fittedTo: table))
        // Solved exactly on both sides.
        var machine = SupportVectorRegression(cost: 10, epsilon: 0.2)
        machine.tolerance = 1e-6
        let learners: [String: any RegressionLearner] = [
            "ridge": RidgeRegression(), "knn": NearestNeighborsRegression(k: 5),
            "svr": machine,
        ]
        #expect(learners.count == vectors.answers.count)
        for (name, wanted) in vectors.answers {
            let regressor = try RegressionPipeline(try #require(learners[name])).fit(examples)
            let found = try regressor.predictions(for: examples.prefix(10).features)
            expectClose(found, wanted, relative: 2e-4, name)
        }
    }

    /// What is measured on a fold depends on nothing of its rows but their own features.
    @Test func nothingLeaksIntoAFold() throws {
        let table = try Vectors.read().table
        let folds = try table.folds(5, seed: 1)
        let changed = try TablePreprocessing(fittedTo: folds[0].train)
        let whole = try TablePreprocessing(fittedTo: table)
        #expect(changed != whole)
        final class Seen: @unchecked Sendable { var counts: [Int] = [] }
        struct Watching: RegressionLearner {
            let seen: Seen
            static let kind = "watching"
            init(seen: Seen) { self.seen = seen }
            init(from settings: inout SettingText) throws { self.init(seen: Seen()) }
            func fit(
                _ examples: LabeledExamples, cancellation: Cancellation?,
                progress: ((LearningProgress) -> Void)?
            ) throws -> RidgeRegressor {
                seen.counts.append(examples.count)
                // Standardised by these rows alone: each column of numbers has mean 0.
                let means = examples.features.unscaledFloats[.all, 0..<3].asType(Double.self).mean(axis: 0)
                #expect(means.elements.allSatisfy { abs($0) < 1e-6 }, "\(means.elements)")
                return try RidgeRegression().fit(
                    examples, cancellation: cancellation, progress: progress)
            }
        }
        let seen = Seen()
        _ = try MethodSearch([TableMethod("w", .regressor(Watching(seen: seen)))]).run(on: table)
        #expect(seen.counts == [96, 96, 96, 96, 96])
    }

    @Test func aStoppedSearchKeepsWhatWasMeasured() throws {
        let table = try Vectors.read().table
        let cancellation = Cancellation()
        let methods = Self.classical(table)
        let board = try MethodSearch(methods).run(on: table, cancellation: cancellation) { progress in
            if progress.finished?.name == "ridge" { cancellation.cancel() }
        }
        #expect(board.entries.map(\.name) == ["ridge", "mean"] && board.best?.name == "ridge")
        #expect(board.omitted.count == methods.count - 2)
        #expect(throws: DescentError.self) {
            try MethodSearch(methods).run(on: table, cancellation: cancellation)
        }
    }

    @Test func aMethodThatFailsSaysWhy() throws {
        let table = try Vectors.read().table
        let methods = [
            TableMethod("too many", .regressor(NearestNeighborsRegression(k: 100))),
            TableMethod("ridge", .regressor(RidgeRegression())),
            TableMethod("slow", .regressor(RidgeRegression()), mostExamples: 50),
        ]
        let board = try MethodSearch(methods).run(on: table)
        #expect(board.entries.map(\.name) == ["ridge", "too many"])
        #expect(board.entries[1].failure == "fold 1: k is larger than the training set")
        #expect(board.omitted == ["slow: would take too long on 120 rows"])
    }

    @Test func largeTablesAreMeasuredOnASample() throws {
        let table = try Vectors.read().table
        var search = MethodSearch(Self.classical(table))
        search.mostExamples = 60
        let board = try search.run(on: table)
        #expect(board.exampleCount == 60 && board.trainCount == 120)
    }

    /// A small network learns both tasks; it is chosen where it is best.
    @Test func networksTakePart() throws {
        let table = try Vectors.read().table
        let networks = TableMethod.all(for: table).filter {
            if case .network = $0.way { true } else { false }
        }
        #expect(networks.map(\.name) == ["mlp:32", "mlp:64,32"])
        let method = try #require(networks.first)
        let board = try MethodSearch([method]).run(on: table)
        #expect(try #require(board.entries[0].secondary) > 0.6, "\(board.entries)")
        #expect(method.settings.first == .init("model", "mlp:32"))
        let examples = try table.examples(TablePreprocessing(fittedTo: table))
        guard case .regressor(let regressor, let history) = try method.fit(examples) else {
            Issue.record("no regressor")
            return
        }
        #expect(history != nil && regressor.name == "mlp:32")
    }
}
