import Arrays
import DataSources
import Pipelines
import Support
import Training

extension ModelFolder {
    /// The text of the folder's README.md: the model's kind, quality, use and limits.
    var modelCard: String {
        let labels = classifier.classNames.joined(separator: ", ").showingControlCharacters
        let size = classifier.imageSize.map { "\($0.height)x\($0.width)" }
        let features = Numerals.counted(classifier.exampleShape.reduce(1, *), "feature")
        let colour = classifier.exampleShape.count == 3 ? "colour" : "grey"
        let shows = size.map { "a \(colour) picture of \($0) pixels shows" } ?? "a row of \(features) is of"
        var text = """
            # \(classifier.name)

            \(kind) that tells which of these \(shows): \(labels).

            """
        if let remark { text += "\n**\(remark.showingControlCharacters)**\n" }
        if let history { text += "\n## How good it is\n\n" + scores(history) }
        if let scores { text += "\n## How good it is\n\n" + table(scores) }
        if let run { text += "\n## How it was made\n\n" + making(run) }
        text += """

            ## How to use it

            ```sh
            ./descent evaluate MODEL                # this folder in place of MODEL
            ./descent predict MODEL --index 0-4
            ```

            \(size.map(self.pictures) ?? rows(features))

            ## What it cannot do

            It answers with one of its classes, also for \(size == nil ? "a row that is of" : "a picture that shows") none of them\(rejection).
            The figures above hold for \(examples) like those that it was tested on; others may do much worse.

            ## The files

            - `model.safetensors`: what was learned. `config.json`: what it is, the labels, the size of the \(examples).
            - `samples.safetensors`: \(examples) with the answers they must give, checked on every load.
            \(scoreFiles)
            \(keptFiles)- `run.json`: what the run was started with. `checksums.json`: what tells a damaged file.

            """
        return text
    }

    /// What the examples are called.
    private var examples: String { classifier.imageSize == nil ? "rows" : "pictures" }

    /// Where unlike examples are told, how.
    private var rejection: String {
        novelty == nil ? "" : ", unless `predict --reject`\nmay say \"unknown\""
    }

    /// The files that not every model has.
    private var keptFiles: String {
        var text = ""
        if input != nil { text += "- `input.json`: how \(examples) are prepared.\n" }
        if imageSplit != nil {
            text += "- `split.json`: the pictures that it learned from and was tested on.\n"
        }
        if novelty != nil {
            text +=
                "- `novelty.safetensors`: by what `predict --reject` tells \(examples) that are unlike all others.\n"
        }
        return text
    }

    private func pictures(_ size: String) -> String {
        guard case .images(let form)? = input else {
            return """
                The pictures must look like those that it learned from\(Self.light(run)): \(size) pixels, bytes
                0 to 255\(division). PNG, JPEG and WebP files of other sizes are cut and scaled to that.
                """
        }
        guard form.digits == nil else {
            return """
                The pictures show digits on paper, dark on light or light on dark, of any size: PNG, JPEG and WebP files. Of each the
                digit is found and brought to \(size) pixels, light ink on black\(division).
                """
        }
        let fit =
            switch form.fit {
            case "pad": "filled up to its shape and scaled"
            case "stretch": "stretched"
            default: "cut to its shape and scaled"
            }
        return """
            The pictures are PNG, JPEG and WebP files of any size that show what those showed that it learned from, as they showed
            it. Each is turned as its EXIF data say, \(fit) to \(size) pixels\(form.isColor ? "" : " and made grey"), as bytes
            0 to 255\(division).
            """
    }

    /// The published digits and clothes are light on black.
    private static func light(_ run: RunRecord?) -> String {
        run.map { DataSource.names.contains($0.dataName) } == true ? ", light ink on black" : ""
    }

    private func rows(_ features: String) -> String {
        guard case .table(let preprocessing)? = input else {
            return """
                The rows must have the same \(features) in the same order as those that it learned from, in the same units.
                """
        }
        let names = preprocessing.columns.map { "`\($0.name.showingControlCharacters)`" }
        let listed =
            names.count > 20
            ? names.prefix(20).joined(separator: ", ") + " and \(Numerals.grouped(names.count - 20)) more"
            : names.joined(separator: ", ")
        return """
            The tables must have these columns, in any order, in the same units as the one that it learned from: \(listed).
            Missing values are filled as they were in training.
            """
    }

    /// The division of the bytes in the network's input.
    private var division: String {
        guard let divisor = (classifier as? NetworkClassifier)?.preprocessing.divisor else { return "" }
        return "; each byte is divided by \(JSONText.number(Double(divisor)).line)"
    }

    private var scoreFiles: String {
        history == nil && scores != nil
            ? "- `metrics.json`: the scores."
            : "- `metrics.json`, `history.csv`, `plots/`: the scores at the end and after each epoch."
    }

    /// The kind of model, in the first sentence.
    private var kind: String {
        guard let network = (classifier as? NetworkClassifier)?.architecture else {
            return "A classifier (\(classifier.summary))"
        }
        return "A network (\(network.sizes), \(Numerals.grouped(network.parameterCount)) parameters)"
    }

    private static let scoresRemark =
        "\nIts figures for the classes are in the order of its decisions, but no probabilities.\n"

    private func table(_ scores: PipelineScores) -> String {
        var text = "| | examples | accuracy |\n|---|---:|---:|\n"
        if let test = scores.test {
            text += "| test | \(Numerals.grouped(test.count)) | \(Numerals.percent(test.accuracy)) |\n"
        }
        if let test = scores.test {
            let verdict = TrainingVerdict(test)
            if verdict.kind == .notLearned { text += "\n\(verdict.sentence)\n" }
        }
        text += "\nIt learned in \(Numerals.duration(scores.trainSeconds)).\n"
        switch classifier.scoreKind {
        case .probabilities: break
        case .votes(let most, let decisions):
            text +=
                "\nIt decides by \(Numerals.counted(decisions, "vote")), one for each pair of classes; a class can have"
            text += " \(most) of them. Its figures for the classes are shares of votes, not probabilities.\n"
        case .neighbors, .weightedNeighbors:
            text += "\nIts figures for the classes are shares of the neighbours, not probabilities.\n"
        case .scores: text += Self.scoresRemark
        }
        return text
    }

    private func scores(_ history: History) -> String {
        var text = "| | examples | accuracy | loss |\n|---|---:|---:|---:|\n"
        func row(_ name: String, _ count: Int?, _ scores: Scores) {
            text += "| \(name) | \(count.map(Numerals.grouped) ?? "") | \(Numerals.percent(scores.accuracy))"
            text += " | \(Numerals.loss(scores.loss)) |\n"
        }
        if let sample = history.trainingSample {
            row("training (a sample)", sample, history.training)
        } else {
            row("training", run?.trainCount, history.training)
        }
        if let validation = history.validation { row("validation", history.validationCount, validation) }
        if let test = history.test { row("test", run?.testCount, test) }
        if history.watched == .validation {
            let kept = history.keptEpoch.map { ", and chose epoch \($0)" } ?? ""
            text +=
                "\nThe validation examples were held back from the training examples. They were watched after each"
            text += " epoch\(kept); the test examples were used once, at the end.\n"
        } else if let kept = history.keptEpoch {
            text +=
                "\nEpoch \(kept) was chosen by the test examples: on others the model may do a little worse.\n"
        }
        if let verdict { text += "\n\(verdict.sentence)\n" }
        if classifier.scoreKind == .scores { text += Self.scoresRemark }
        return text
    }

    private func making(_ run: RunRecord) -> String {
        var text = "Trained on `\(run.dataName)` with "
        if run.epochs > 0 {
            text += "\(run.optimizer), batches of \(run.batchSize), "
            text += "\(Numerals.counted(run.epochs, "epoch")), seed \(run.seed).\n"
        } else {
            text += "\(Numerals.grouped(run.trainCount)) examples, seed \(run.seed).\n"
        }
        if !run.tools.isEmpty { text += "\nBesides: \(run.tools).\n" }
        if !run.arguments.isEmpty { text += "\n    ./descent \(Shell.line(run.arguments))\n" }
        return text
    }
}
