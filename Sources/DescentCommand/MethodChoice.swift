import Descent

/// `descent train --model auto` on a table: methods side by side by cross-validation, and the best of them trained on all training
/// rows.
struct MethodChoice {
    let training: TableTraining
    let loaded: LoadedData

    /// Measures, trains the best, keeps and reports. Ctrl-C ends the measuring; the best of what was measured is kept.
    func run(_ interruption: Interruption) throws {
        guard let table = loaded.trainingTable, case .table(let preprocessing)? = loaded.input else {
            throw DescentError(
                .usage, "auto compares methods on tables", at: "--model auto", expected: "a table (CSV)",
                got: loaded.split.name,
                advice: "name a model, such as \(RegressionModel.names.joined(separator: ", "))")
        }
        let methods = TableMethod.all(for: table, seed: training.seed)
        let search = MethodSearch(
            methods, seed: training.seed, groupColumn: training.groupColumn, scaling: preprocessing.scaling,
            missing: preprocessing.missing)
        let display = LearningDisplay(training.options)
        defer { display.clear() }
        let measure: Leaderboard.Measure = training.task == .regression ? .rmse : .accuracy
        let board = try search.run(on: table, cancellation: interruption.cancellation) { progress in
            guard let entry = progress.finished else {
                let share =
                    (Double(progress.method) + Double(progress.fold) / Double(progress.foldCount))
                    / Double(progress.methodCount)
                return display.show(
                    LearningProgress(
                        activity: "\(progress.name), fold \(progress.fold + 1) of \(progress.foldCount)",
                        fraction: share))
            }
            display.clear()
            guard !training.options.quiet else { return }
            let row = LeaderboardText.row(entry, measure)
            let figure =
                entry.failure ?? "\(measure == .rmse ? "RMSE" : "accuracy") \(row[1]) +- \(row[2])"
            Output.error.tryWrite("\(row[0])  \(figure)  \(Numerals.duration(entry.seconds))\n")
        }
        display.clear()
        guard let best = board.best, let method = methods.first(where: { $0.name == best.name }) else {
            throw failure(board, interruption)
        }
        let remark =
            interruption.cancellation.isCancelled
            ? "The choice was interrupted: \(best.name) is the best of \(board.entries.count { !$0.isBaseline }) methods that were measured."
            : nil
        // The measuring may have been stopped; what it found is worth training all the same. A second Ctrl-C ends the program.
        let stop = interruption.cancellation.isCancelled ? nil : interruption.cancellation
        let clock = ContinuousClock()
        let start = clock.now
        let data = try loaded.split.inMemory()
        let test = data.test.count > 0 ? data.test : nil
        let fitted = try method.fit(data.train, testing: test, seed: training.seed, cancellation: stop) {
            display.show($0)
        }
        let seconds = (clock.now - start).inSeconds
        display.clear()
        var trainer: Trainer?
        if case .network(_, let settings) = method.way { trainer = settings }
        switch fitted {
        case .regressor(let regressor, let history):
            try training.finish(
                regressor, history, loaded, seconds: seconds, interruption, trainer: trainer,
                leaderboard: board, remark: remark
            )
        case .classifier(let classifier, let history):
            try finish(classifier, history, trainer, board, seconds: seconds, remark, interruption)
        case .constant: throw failure(board, interruption)
        }
    }

    private func failure(_ board: Leaderboard, _ interruption: Interruption) -> DescentError {
        let why = board.entries.compactMap { entry in entry.failure.map { "\(entry.name): \($0)" } }
        return interruption.cancellation.isCancelled
            ? DescentError(
                .interrupted, "interrupted before a method was measured", advice: "nothing was trained")
            : DescentError(
                .failed, "no method could be measured on all folds", at: loaded.split.name,
                got: why.first, advice: "give more examples of each class, or name a model")
    }

    /// Keeps and reports a classifier.
    private func finish(
        _ classifier: any TrainedClassifier, _ history: History?, _ trainer: Trainer?, _ board: Leaderboard,
        seconds: Double,
        _ remark: String?, _ interruption: Interruption
    ) throws {
        let data = try loaded.split.inMemory()
        let test = data.test.count > 0 ? try classifier.evaluate(on: data.test) : nil
        var folder = ModelFolder(
            classifier, history: history, run: training.record(loaded, trainer: trainer, history),
            scores: history == nil ? PipelineScores(trainSeconds: seconds, test: test) : nil,
            samples: (data.test.count > 0 ? data.test : data.train).prefix(8).features, remark: remark)
        (folder.input, folder.leaderboard) = (loaded.input, board)
        folder.novelty = ModelNovelty.fitted(to: data.train, of: classifier, seed: training.seed)
        let model = folder
        let (made, problem) = try training.reservation.write {
            try model.writeOrRescue(to: training.place, reserved: training.reservation.folder)
        }
        let isInterrupted = interruption.cancellation.isCancelled
        interruption.end()
        for note in made.notes { Output.warn(note) }
        var error = problem?.advising("the model is saved in \(made.path) instead")
        if error == nil, isInterrupted {
            error = DescentError(
                .interrupted, TableTraining.words(remark),
                advice: "the model is saved in \(made.path)")
        }
        do {
            try Output.standard.write(
                training.options.json
                    ? json(classifier, board, test, made.path, seconds)
                    : text(classifier, board, test, made, history, seconds))
        } catch let failure {
            throw error ?? failure
        }
        if let error { throw error }
    }

    private func text(
        _ classifier: any TrainedClassifier, _ board: Leaderboard, _ test: Evaluation?,
        _ made: ModelDestination.Made, _ history: History?, _ seconds: Double
    ) -> String {
        var text = LeaderboardText(board).text + "\n\(classifier.name): \(classifier.summary)\n"
        if let test {
            text += "Test accuracy \(Numerals.percent(test.accuracy)) (\(Numerals.grouped(test.correct)) of "
            text += "\(Numerals.grouped(test.count))).\n"
        }
        let watching =
            history.map { ", \(Numerals.grouped($0.validationCount)) of them to choose the best epoch," }
            ?? ""
        text += "Learned from all training rows\(watching) in \(Numerals.duration(seconds)).\n"
        return text + "\n" + ModelHints(path: made.path, isLatest: made.isLatest).text
    }

    private func json(
        _ classifier: any TrainedClassifier, _ board: Leaderboard, _ test: Evaluation?, _ path: String,
        _ seconds: Double
    ) -> String {
        let line: JSONText = [
            "event": "result", "version": 1, "model": .string(path), "data": .string(loaded.split.name),
            "task": "classification", "name": .string(classifier.name),
            "summary": .string(classifier.summary),
            "test_accuracy": .rounded(test?.accuracy, decimals: 6),
            "train_seconds": .rounded(seconds, decimals: 4),
            "verdict": .string(test.map { TrainingVerdict($0).kind.rawValue }),
            "leaderboard": (try? board.jsonText()) ?? .null,
        ]
        return line.line + "\n"
    }
}
