import ArgumentParser
import Descent

extension GradientFault: ExpressibleByArgument {}

/// `descent gradcheck`: the gradient microscope.
struct GradcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradcheck",
        abstract: "Compare back-propagated gradients with numerical ones.",
        usage: "descent gradcheck <model> [<options>]",
        discussion: """
            Moves each element of the parameters by a small step up and down, computes \
            the whole network for both, and compares the central difference with \
            back-propagation's gradient. In double precision. Exit code 1 when they differ, \
            or when a parameter could not be checked.

            Where a slope jumps (ReLU at 0), as where an image is blank and biases are \
            zero, elements are checked with all weights moved a little.

            EXAMPLES
              descent gradcheck two-layer --data mnist
                  all 39,760 parameters, 79,520 forward passes
              descent gradcheck lenet --sample 20
                  20 values of each parameter
              descent gradcheck runs/latest --svg heat.svg
                  a trained model, with a heat map
              descent gradcheck two-layer --inject-bug sum --batch-size 10
                  see what a forgotten 1/N looks like
              descent gradcheck mlp:32 --step 1e-12
                  see what a step does that is too small
            """)

    @Argument(
        help: ArgumentHelp(
            "A network's name, such as two-layer or lenet, or a model folder.", valueName: "model"),
        completion: .directory)
    var model: String

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Examples in the batch (default: 100, or 10 for networks with other than dense layers).",
            valueName: "n"))
    var batchSize: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What weights, batch and sample are drawn with.", valueName: "n"),
        transform: SeedArgument.parse)
    var seed = 1

    @Option(
        help: ArgumentHelp(
            "What is differentiated: \(Loss.names.joined(separator: ", ")).", valueName: "name"))
    var loss = "cross-entropy"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Numbers of each parameter (default: all if that takes less than a minute, else 24).",
            valueName: "n"))
    var sample: Int?

    @Flag(help: "All elements, however long it takes.")
    var all = false

    @Option(parsing: .unconditional, help: ArgumentHelp("How far each number is moved.", valueName: "size"))
    var step = 1e-5

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How far gradients may lie apart, as a part of their size.", valueName: "ratio"))
    var tolerance = 1e-5

    @Option(
        help: ArgumentHelp("Draw the differences into this file.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var svg: String?

    @Option(help: ArgumentHelp("Make back-propagation wrong, to see it found.", valueName: "how"))
    var injectBug: GradientFault?

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if let batchSize, !(1...4096).contains(batchSize) {
            throw ValidationError("--batch-size must be 1 to 4096, not \(batchSize)")
        }
        if let sample, sample < 1 { throw ValidationError("--sample must be 1 or more, not \(sample)") }
        if sample != nil, all { throw ValidationError("--sample and --all exclude each other") }
        if !(step > 0 && step <= 1) {
            throw ValidationError("--step must be above 0 and at most 1, not \(step)")
        }
        if !(tolerance > 0 && tolerance < 1) {
            throw ValidationError("--tolerance must be above 0 and below 1, not \(tolerance)")
        }
        try WrittenFile.svg.checkName(svg, of: "--svg")
    }

    func run() async throws {
        options.apply()
        try WrittenFile.svg.check(svg)
        let loss = try Loss(parsing: loss)
        let chosen = try NamedNetwork(model)
        let source = source.remembering(chosen.dataName, in: chosen.dataDirectory)
        let count = max(1000, batchSize ?? 100)
        let examples = try await source.load(
            part: .train, limit: source.dataDir == nil && source.name() == .builtin ? count : nil,
            default: chosen.dataName, options
        ).examples.labeledExamples()
        var random = RandomState(seed)
        let (network, name) = try chosen.network(for: examples, using: &random)
        try loss.check(
            outputs: network.outputShape(for: [examples.featureCount])?.last ?? 0,
            classes: examples.classNames.count)
        let isDense = network.layers.allSatisfy { $0 is Dense }
        let rows = Array(random.permutationIndices(examples.count).prefix(batchSize ?? (isDense ? 100 : 10)))
        let labels = examples.classes
        var microscope = GradientChecker(
            network, loss: loss, inputs: examples.features, rows: rows,
            labels: rows.map { labels[Int($0)] })
        (microscope.step, microscope.tolerance, microscope.seed) = (step, tolerance, seed)
        (microscope.sample, microscope.spoil) = (sample, injectBug)
        let seconds = limit(&microscope)
        say(
            "\(name.showingControlCharacters) on \(Numerals.counted(rows.count, "example")) of \(source.name(default: chosen.dataName).name): "
                + "\(Numerals.counted(microscope.numberCount, "number")), two full forward passes each, about "
                + "\(Numerals.duration(seconds))\n")
        let report = try look(microscope)
        if let svg { try WrittenFile.svg.write(GradientPicture.svg(report, of: name), to: svg) }
        try Output.standard.write(options.json ? json(report, name) : text(report))
        guard report.agrees else {
            let unchecked = report.uncheckedParameters
            guard !report.parameters.allSatisfy(\.finding.isHarmless) else {
                throw DescentError(
                    .failed, "every number of some parameters lies at a kink: they are not checked",
                    at: model,
                    got: unchecked.joined(separator: ", "), advice: "try another --seed, or more examples")
            }
            throw DescentError(
                .failed, "back-propagated and numerical gradients differ", at: model,
                got: report.findings.map(\.label).joined(separator: ", "))
        }
    }

    /// Takes a sample where all would take too long and no flag decides; returns the estimate in seconds.
    private func limit(_ microscope: inout GradientChecker) -> Double {
        let seconds = microscope.estimate()
        guard sample == nil, !all, seconds > 60 else { return seconds }
        say(
            "all elements would take about \(Numerals.duration(seconds)): 24 of each parameter are checked; --all for all\n"
        )
        let total = microscope.numberCount
        microscope.sample = 24
        return seconds * Double(microscope.numberCount) / Double(total)
    }

    private func say(_ text: String) {
        if !options.quiet { Output.error.tryWrite(text) }
    }

    private func look(_ microscope: GradientChecker) throws -> GradientReport {
        let shows = !options.quiet && Output.error.isTerminal
        let interruption = Interruption(saying: options)
        defer {
            interruption.end()
            if shows { Output.error.tryWrite("\r\u{1B}[K") }
        }
        return try microscope.check(cancellation: interruption.cancellation) { progress in
            guard shows else { return }
            let percent = Numerals.fixed(100 * Double(progress.done) / Double(progress.total), 0)
            Output.error.tryWrite(
                "\r\(percent) %  \(Numerals.grouped(progress.done)) of \(Numerals.grouped(progress.total)) elements  "
                    + "\(Numerals.duration(progress.secondsLeft)) left\u{1B}[K")
        }
    }

    /// Returns the report as text.
    func text(_ report: GradientReport) -> String {
        var table = TextTable(
            ["parameter", "shape", "elements", "largest", "mean", "relative", "finding"],
            alignments: [.left, .right, .right, .right, .right, .right, .left])
        for parameter in report.parameters {
            table.rows.append([
                parameter.name, parameter.shape.map(String.init).joined(separator: "x"),
                Numerals.grouped(parameter.elements.count), Self.short(parameter.largest),
                Self.short(parameter.mean),
                Self.short(parameter.largestRelative), parameter.finding.label,
            ])
        }
        let passes = 2 * report.parameters.reduce(0) { $0 + $1.elements.count }
        var text = table.text + "\n"
        text += Self.verdict(report)
        text += " (\(Numerals.grouped(passes)) forward passes in \(Numerals.duration(report.seconds)), "
        text +=
            "\(Numerals.rate(Double(passes) / max(report.seconds, 1e-9))) per second; loss \(Numerals.loss(report.loss))).\n"
        if report.nudgedCount > 0 {
            text +=
                "\(Numerals.counted(report.nudgedCount, "number")) at a kink: checked with all weights moved a little.\n"
        }
        for sentence in report.sentences { text += "- \(sentence).\n" }
        if let svg { text += "heat map   \(svg.showingControlCharacters)\n" }
        return text
    }

    /// Returns the verdict on the whole, and the number of elements it is of.
    private static func verdict(_ report: GradientReport) -> String {
        guard report.parameters.allSatisfy(\.finding.isHarmless) else {
            return "Back-propagation and the numerical gradient differ"
        }
        guard report.uncheckedCount > 0 else { return "Back-propagation is right" }
        let checked = report.numberCount - report.uncheckedCount
        let part =
            "\(Numerals.grouped(checked)) of \(Numerals.grouped(report.numberCount)) elements were checked"
        let unchecked = report.uncheckedParameters
        return unchecked.isEmpty
            ? "Back-propagation is right where it was checked: \(part)"
            : "Nothing is known of \(unchecked.joined(separator: ", ")): \(part)"
    }

    /// Returns two digits, with a power of ten where that is shorter.
    static func short(_ value: Double) -> String {
        value.isFinite ? Numerals.twoDigits(value) : "\(value)"
    }

    private func json(_ report: GradientReport, _ name: String) -> String {
        let parameters = report.parameters.map { parameter -> JSONText in
            [
                "name": .string(parameter.name), "shape": .array(parameter.shape.map(JSONText.integer)),
                "numbers": .integer(parameter.elements.count), "largest": .number(parameter.largest),
                "mean": .number(parameter.mean), "relative": .number(parameter.largestRelative),
                "finding": .string(parameter.finding.name), "unchecked": .integer(parameter.unchecked.count),
                "nudged": .integer(parameter.nudged.count),
            ]
        }
        let findings = report.findings.map { finding -> JSONText in
            ["name": .string(finding.name), "words": .string(finding.words)]
        }
        let line: JSONText = [
            "version": 1, "model": .string(name), "agrees": .bool(report.agrees),
            "loss": .number(report.loss), "examples": .integer(report.rows), "step": .number(report.step),
            "tolerance": .number(report.tolerance), "unchecked": .integer(report.uncheckedCount),
            "nudged": .integer(report.nudgedCount),
            "forward_passes": .integer(2 * report.parameters.reduce(0) { $0 + $1.elements.count }),
            "seconds": .rounded(report.seconds, decimals: 4), "findings": .array(findings),
            "parameters": .array(parameters),
        ]
        return line.line + "\n"
    }
}

/// The heat map of a report.
enum GradientPicture {
    static func svg(_ report: GradientReport, of name: String) throws -> String {
        let panels = report.parameters.map { parameter -> HeatMap.Panel in
            let first = parameter.shape.first ?? 1
            let rest = parameter.shape.dropFirst().reduce(1, *)
            var values = [Double](repeating: .nan, count: first * rest)
            for (place, element) in parameter.elements.enumerated() {
                values[element] = parameter.relative[place]
            }
            var matrix = NDArray(
                shape: parameter.shape.count == 1 ? [1, first] : [first, rest], elements: values)
            let isTurned = matrix.shape[0] > matrix.shape[1]
            if isTurned { matrix = matrix.transposed() }
            let shape = parameter.shape.map(String.init).joined(separator: " x ")
            var panel = HeatMap.Panel(
                name: "\(parameter.name)  [\(shape)]",
                note: parameter.finding == .agrees ? "" : parameter.finding.label,
                values: matrix)
            panel.axes = axes(
                of: parameter.shape, isTurned: isTurned, isWhole: !report.isSampled)
            return panel
        }
        return try HeatMap(
            bound: report.tolerance, panels: panels,
            title: "Back-propagated against numerical gradients",
            subtitle:
                "\(name): loss \(Numerals.loss(report.loss)) on \(Numerals.counted(report.rows, "example")), step \(report.step)",
            label: "relative difference; white: the tolerance; blue: less, orange: more"
                + (report.isSampled ? "; grey: not looked at" : "")
        ).svg()
    }

    /// Names the rows and columns of a parameter's picture; `isTurned`: they were exchanged; `isWhole`: all
    /// of it was looked at.
    static func axes(of shape: [Int], isTurned: Bool, isWhole: Bool) -> String {
        let names: (first: String, rest: String)
        switch shape.count {
        case 1: return "across: the \(Numerals.counted(shape[0], "unit"))"
        case 2:
            names = (
                "the \(Numerals.counted(shape[0], "input"))", "the \(Numerals.counted(shape[1], "unit"))"
            )
        default:
            let weights = shape.dropFirst().reduce(1, *)
            names = (
                "the \(Numerals.counted(shape[0], "filter"))",
                "the \(Numerals.counted(weights, "weight")) of each"
            )
        }
        let words =
            isTurned
            ? "across: \(names.first); down: \(names.rest)" : "across: \(names.rest); down: \(names.first)"
        let isImage = isWhole && shape.count == 2 && shape[0] >= 144
        return words
            + (isImage
                ? "; darkest bands: pixels that are black in every example, whose gradient is exactly 0" : "")
    }
}

extension GradientReport {
    /// Whether some elements were left out.
    fileprivate var isSampled: Bool { parameters.contains { $0.elements.count < $0.shape.reduce(1, *) } }
}
