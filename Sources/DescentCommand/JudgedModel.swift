import Descent

/// What `evaluate` has found out.
struct JudgedModel {
    /// Accuracy, loss and confusion matrix.
    let evaluation: Evaluation
    /// Everything else.
    var report: EvaluationReport
    /// The examples that it was measured on.
    let examples: any ExampleSource
    /// The temperature that was fitted now.
    let fitted: Calibration?

    /// The report for a terminal.
    var text: String {
        let columns = Output.standard.isTerminal ? Output.standard.columns : 80
        let verdict = TrainingVerdict(evaluation)
        // A classifier that decides by votes has no loss.
        return EvaluationText(
            report, columns: columns, loss: evaluation.loss.isNaN ? nil : evaluation.loss,
            remark: verdict.kind == .notLearned ? verdict.sentence : ""
        ).text
    }

    /// The report as a page.
    func page(in language: Language) throws -> String {
        try EvaluationPage(report, language: language, pictures: pictures()).html()
    }

    /// The temperature in words.
    func words(for calibration: Calibration) -> String {
        """
        temperature  \(Numerals.fixed(calibration.temperature, 3)), fitted to \
        \(Numerals.counted(calibration.count, "other example")) and stored in the model

        """
    }

    /// The pictures of the worst mistakes, where the examples are grey or colour pictures.
    private func pictures() throws -> [Int: NDArray<UInt8>] {
        let shape = examples.exampleShape
        let isGray = shape.count == 2
        guard isGray || shape.count == 3 && [1, 3].contains(shape[0]) else { return [:] }
        var pictures: [Int: NDArray<UInt8>] = [:]
        for mistake in report.worstMistakes {
            let (features, rows) = try examples.rows(mistake.index..<mistake.index + 1)
            guard case .bytes(let bytes) = features.storage else { return [:] }
            let picture = bytes[Int(rows[0])]
            pictures[mistake.index] = isGray ? picture : picture.permuted([1, 2, 0]).contiguousCopy()
        }
        return pictures
    }
}
