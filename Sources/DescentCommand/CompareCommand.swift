import ArgumentParser
import Descent
import Glibc

/// `descent compare`: designed features with classical classifiers beside networks, on the same split.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare ways to read images: designed features, and networks.",
        usage: "descent compare [<options>]",
        discussion: """
            Pixels, HOG, SIFT words and SURF words, each by KNN, a linear SVM and an RBF \
            SVM; the two-layer network; a convolutional network. For each: accuracy with \
            its 95 % interval, the training time, the prediction time for an image, the size of \
            the model, and the mistakes that are made most often ('9 as 4': true 9 predicted as \
            4); and which differences are more than chance.

            EXAMPLES
              descent compare
                  on built-in digits: 6,000 training images, 2,000 test images
              descent compare --data mnist --html compare.html
                  all of MNIST, and a page with pictures of the mistakes
              descent compare --data heart.svm
                  on a file of libsvm's text: methods for rows of features
              descent compare --only knn --only lenet
                  methods whose names contain one of these
              descent compare --data photos --features onnx:efficientnet.onnx
                  and what a network of yours sees
              descent compare --list
              descent compare --json
            """)

    @OptionGroup(title: "Data") var source: DataOptions
    @OptionGroup(title: "Your own pictures and tables") var own: OwnDataOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Train on the first n training examples only (default: all; built-in digits: 6000).",
            valueName: "n"))
    var trainLimit: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Test on the first n test examples only (default: all; built-in digits: 2000).", valueName: "n"))
    var testLimit: Int?

    @Option(
        help: ArgumentHelp(
            "The file of test examples, for data in a file (default: a fifth of them, drawn by the seed).",
            valueName: "file"),
        completion: .file())
    var testData: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Only methods whose name contains this; may be given again.", valueName: "text"),
        completion: .list(Completions.methods))
    var only: [String] = []

    @Option(
        help: ArgumentHelp(
            "Also logistic regression on other features, such as onnx:FILE[@TENSOR].", valueName: "name"))
    var features: String?

    @Flag(help: "Print the methods' names and end.")
    var list = false

    @Option(
        help: ArgumentHelp("Also write one self-contained page with pictures.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var html: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("What everything random begins with.", valueName: "n"),
        transform: SeedArgument.parse)
    var seed = 1

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if html?.isEmpty == false { try WrittenFile.html.checkName(html, of: "--html") }
        for (flag, value) in [("--train-limit", trainLimit), ("--test-limit", testLimit)] {
            if let value, value < 1 { throw ValidationError("\(flag) must be 1 or more, not \(value)") }
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        options.apply()
        let features = try features.map { text in
            try DescentError.located(at: "--features") { try FeatureChoice(parsing: text) }
        }
        var own = own
        own.take(features?.pictureSize)
        let named = try source.name().isFile && !list ? [] : methods(for: nil, features)
        if list { return try Output.standard.write(named.map { $0.name + "\n" }.joined()) }
        if let html { try Self.check(html) }
        let isBuiltIn = source.name() == .builtin
        let loaded = try await source.load(
            trainLimit: trainLimit ?? (isBuiltIn ? 6000 : nil),
            testLimit: testLimit ?? (isBuiltIn ? 2000 : nil), testFile: testData, seed: seed,
            own: own, options)
        if !isBuiltIn { try loaded.requireTwoClasses(at: source.source().text) }
        let data = try loaded.inMemory(for: "compare", options)
        try data.train.requireClasses(of: data.name, for: "compare")
        let methods = try methods(for: data.train, features)
        let style = ProgressDisplay.style(options)
        let interruption = Interruption {
            if style != .none { Output.error.tryWrite("\nstopping; Ctrl-C again quits at once\n") }
        }
        defer { interruption.end() }
        let display = LearningDisplay(options)
        defer { display.clear() }
        let comparison = try MethodComparison(
            of: methods, on: data, cancellation: interruption.cancellation
        ) { index, progress in
            var shown = progress
            shown.activity = "\(index + 1) of \(methods.count), \(methods[index].name): \(progress.activity)"
            display.show(shown)
        }
        display.clear()
        if comparison.rows.isEmpty, let (name, reason) = comparison.failures.first {
            throw DescentError(
                reason.kind,
                "no method suits these \(data.train.exampleShape.count > 1 ? "images" : "examples"); \(name): \(reason.what)",
                at: data.name,
                expected: reason.expected, got: reason.got, advice: reason.advice)
        }
        // A page that cannot be written must not cost the figures.
        var problem: (any Error)?
        if let html {
            do { try WrittenFile.html.write(ComparisonPage(comparison).html(), to: html) } catch {
                problem = error
            }
        }
        try Output.standard.write(
            options.json
                ? Self.json(comparison, methods)
                : Self.text(comparison, methods, page: problem == nil ? html : nil))
        if let problem { throw problem }
    }

    /// Checks that the page can be written: minutes of work should not end in a mistyped path.
    private static func check(_ path: String) throws {
        guard !path.isEmpty else {
            throw DescentError(
                .usage, "an empty path", at: "--html", advice: "give a file, such as compare.html")
        }
        do {
            try WrittenFile.html.check(path)
        } catch let error as DescentError {
            throw DescentError(
                .cannotCreate, "cannot write the page", at: path,
                expected: "a file in a folder that can be written to", got: error.what, advice: error.advice)
        }
    }

    /// Returns the requested methods.
    private func methods(
        for examples: LabeledExamples?, _ features: FeatureChoice?
    ) throws -> [ComparedMethod] {
        var all = examples.map { ComparedMethod.all(for: $0, seed: seed) } ?? ComparedMethod.all(seed: seed)
        if let features {
            all.append(
                ComparedMethod(
                    features.name, "logistic", .pipeline(Pipeline(features, LogisticRegression(), seed: seed))
                ))
        }
        let chosen =
            only.isEmpty
            ? all
            : all.filter { method in only.contains { method.name.lowercased().contains($0.lowercased()) } }
        guard !chosen.isEmpty else {
            throw DescentError(
                .usage, "no such method", at: "--only", expected: all.map(\.name).joined(separator: ", "),
                got: only.joined(separator: ", "))
        }
        return chosen
    }

    /// Returns the comparison for a person, best first.
    static func text(_ comparison: MethodComparison, _ methods: [ComparedMethod], page: String?) -> String {
        var table = TextTable(
            [
                "", "method", "accuracy", "95 % interval", "better than", "training",
                comparison.images.shape[0] > 0 ? "per image" : "per example", "model",
                "most frequent mistakes",
            ],
            alignments: [.right, .left, .right, .right, .left, .right, .right, .right, .left])
        table.optional = [8]
        let order = comparison.rows.indices.sorted {
            (comparison.rows[$1].evaluation.correct, $0) < (comparison.rows[$0].evaluation.correct, $1)
        }
        /// Returns the ranks of the methods that this one beats by more than chance.
        func worse(than index: Int) -> [Int] {
            order.indices.filter { rank in
                comparison.pairs.contains { pair in
                    guard pair.isSignificant else { return false }
                    return (pair.first, pair.second) == (index, order[rank])
                        ? pair.onlyFirst > pair.onlySecond
                        : (pair.first, pair.second) == (order[rank], index)
                            && pair.onlySecond > pair.onlyFirst
                }
            }.map { $0 + 1 }
        }
        for (rank, index) in order.enumerated() {
            let row = comparison.rows[index]
            table.rows.append([
                "\(rank + 1)", row.name, Numerals.percent(row.accuracy),
                "\(Numerals.fixed(100 * row.interval.lower, 2)) - \(Numerals.percent(row.interval.upper))",
                Self.ranges(worse(than: index)),
                Numerals.duration(row.trainSeconds), "\(Numerals.fixed(row.predictMicroseconds, 1)) us",
                Numerals.bytes(row.modelBytes),
                row.evaluation.topConfusions(2).map { "\($0.actual) as \($0.predicted) (\($0.count))" }
                    .joined(separator: ", ").showingControlCharacters,
            ])
        }
        var text = """
            \(comparison.dataName): \(Numerals.counted(comparison.trainCount, comparison.images.shape[0] > 0 ? "training image" : "training example")), \
            \(Numerals.counted(comparison.actual.count, comparison.images.shape[0] > 0 ? "test image" : "test example"))


            """ + table.text
        for row in comparison.rows { if let remark = row.remark { text += "\(row.name): \(remark)\n" } }
        for failure in comparison.failures { text += "left out: \(failure.name): \(failure.reason)\n" }
        text += "\n" + Self.differences(comparison, order)
        // A classifier of this kind that 'train' makes by itself may have other settings.
        var settings = TextTable(
            ["method", "the same by '\(Invocation.program) train'"], alignments: [.left, .left])
        for index in order {
            let name = comparison.rows[index].name
            guard let method = methods.first(where: { $0.name == name }) else { continue }
            settings.rows.append([name, Shell.line(method.flags)])
        }
        settings.whole = [1]
        text += "\n" + settings.text
        if let page { text += "\nPage with pictures: \(page.showingControlCharacters)\n" }
        return text
    }

    /// Ascending numbers, neighbours drawn together: `2, 4-7`.
    static func ranges(_ numbers: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ", ")
    }

    /// Describes how many pairs differ, and which methods are as good as the best.
    private static func differences(_ comparison: MethodComparison, _ order: [Int]) -> String {
        let significant = comparison.pairs.count { $0.isSignificant }
        guard !comparison.pairs.isEmpty else { return "" }
        let count = Numerals.counted(comparison.pairs.count, "pair")
        var text =
            "\(significant) of \(count) \(comparison.pairs.count == 1 ? "differs" : "differ") by more than chance"
        text += " (McNemar's exact test, Holm, 5 %): see 'better than'."
        guard let best = order.first else { return text + "\n" }
        let equals = order.dropFirst().filter { other in
            comparison.pairs.contains {
                ($0.first, $0.second) == (min(best, other), max(best, other)) && !$0.isSignificant
            }
        }
        let names = equals.map { comparison.rows[$0].name }
        text += "\nNot significantly different from the best, \(comparison.rows[best].name): "
        return text + (names.isEmpty ? "none" : names.joined(separator: ", ")) + ".\n"
    }

    /// Returns the comparison as one JSON object.
    static func json(_ comparison: MethodComparison, _ methods: [ComparedMethod]) -> String {
        let rows = comparison.rows.map { row -> JSONText in
            let classes = row.evaluation.classes.map { scores -> JSONText in
                [
                    "label": .string(scores.label), "count": .integer(scores.count),
                    "correct": .integer(scores.correct),
                ]
            }
            return [
                "method": .string(row.name), "features": .string(row.features),
                "classifier": .string(row.classifier),
                "summary": .string(row.summary),
                "flags": .array(
                    (methods.first { $0.name == row.name }?.flags ?? []).map(JSONText.string)),
                "accuracy": .number(row.accuracy),
                "interval": .array([
                    .rounded(row.interval.lower, decimals: 6), .rounded(row.interval.upper, decimals: 6),
                ]), "train_seconds": .rounded(row.trainSeconds, decimals: 4),
                "predict_microseconds": .rounded(row.predictMicroseconds, decimals: 3),
                "model_bytes": .integer(row.modelBytes), "remark": .string(row.remark),
                "classes": .array(classes),
                "confusion": .array(row.evaluation.confusion.map { .array($0.map(JSONText.integer)) }),
            ]
        }
        let pairs = comparison.pairs.map { pair -> JSONText in
            [
                "first": .string(comparison.rows[pair.first].name),
                "second": .string(comparison.rows[pair.second].name), "only_first": .integer(pair.onlyFirst),
                "only_second": .integer(pair.onlySecond), "p": .number(pair.probability),
                "significant": .bool(pair.isSignificant),
            ]
        }
        let failures = comparison.failures.map { failure -> JSONText in
            ["method": .string(failure.name), "reason": .string(failure.reason.naming.description)]
        }
        let line: JSONText = [
            "version": 1, "data": .string(comparison.dataName),
            "train_count": .integer(comparison.trainCount),
            "test_count": .integer(comparison.actual.count), "rows": .array(rows), "pairs": .array(pairs),
            "left_out": .array(failures),
        ]
        return line.line + "\n"
    }
}
