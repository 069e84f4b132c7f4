import ArgumentParser
import Descent

/// `descent tune`: random search and successive halving over the flags of `descent train`.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Search for settings that train well.",
        usage: "descent tune --range <name=values> ... [<options>] [<flags of train> ...]",
        discussion: """
            Draws settings by chance, trains each for a few epochs, and goes on with \
            the best third and three times the epochs, until some have had all of them \
            (successive halving; --halving 1 trains all to the end: random search). \
            A sixth of the training images is held back to choose by. The test images \
            are not looked at: test the settings that are printed, once, at the end. \
            Each result is written down at once: a search that was ended, even by \
            kill -9, goes on when the same command is given again.

            RANGES
              lr=1e-4..1e-1:log     a number, equal ratios equally likely
              hidden=20..200        a whole number
              batch-size=32,64,128  one of these
              'model=mlp:64|mlp:256,128'
                                    one of these, where a value has a comma

            EXAMPLES
              descent tune --range lr=1e-2..1:log --range hidden=20..200
                  27 trials of up to 9 epochs on built-in digits
              descent tune --data mnist --model lenet --range optimizer=sgd,adam \\
                --range lr=1e-4..1e-1:log --trials 9 --epochs 3
                  what is not varied is given as to 'descent train'
              descent tune --range lr=1e-3..1:log --halving 1 --out runs/rates
                  random search, in a folder of your choice
            """)

    @Option(
        name: .customLong("range"),
        help: ArgumentHelp(
            "A flag of 'descent train' and its values; give it once for each.", valueName: "name=values"))
    var ranges: [String] = []

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Use the first n training examples only.", valueName: "n")
    )
    var trainLimit: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Training examples that are held back to choose by: a share below 1, or so many (default: a sixth).",
            valueName: "share|n"))
    var validation: HeldBack?

    @Option(parsing: .unconditional, help: ArgumentHelp("Settings that are tried.", valueName: "n"))
    var trials = 27

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Epochs of those that are trained longest.", valueName: "n"))
    var epochs = 9

    @Option(
        parsing: .unconditional, help: ArgumentHelp("One of so many continues; 1 for all.", valueName: "n"))
    var halving = 3

    @Option(
        parsing: .unconditional, help: ArgumentHelp("What everything random begins with.", valueName: "n"),
        transform: SeedArgument.parse)
    var seed = 1

    @Option(
        name: [.short, .long], help: ArgumentHelp("The folder of the search.", valueName: "dir"),
        completion: .directory)
    var out = "runs/tune"

    @OptionGroup(title: "Output") var options: OutputOptions

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("What 'descent train' takes, for all trials alike.", valueName: "flags of train"))
    var fixed: [String] = []

    func validate() throws {
        if ranges.isEmpty {
            throw ValidationError("nothing to search: give a --range, such as lr=1e-3..1:log")
        }
        for (name, value, most) in [
            ("--trials", trials, 10_000), ("--epochs", epochs, 1_000_000), ("--halving", halving, 100),
        ]
        where !(1...most).contains(value) {
            throw ValidationError("\(name) must be 1 to \(most), not \(value)")
        }
        if validation?.isNone == true {
            throw ValidationError("--validation must be above 0: what is held back chooses among the trials")
        }
        if let trainLimit, trainLimit < 2 {
            throw ValidationError("--train-limit must be 2 or more, not \(trainLimit)")
        }
        if out.isEmpty { throw ValidationError("--out is empty") }
    }

    func run() async throws {
        let work = try TuneWork(self)
        try TuneReport.checkCharts(work.search.ranges, in: out)
        options.apply()
        let examples = try await source.load(
            part: .train, limit: trainLimit, default: .builtin,
            request: DataRequest(testShare: source.name().isFile ? 0.2 : 0, seed: seed), options
        ).examples
        let data = try source.source(default: .builtin)
        if data.isOwn { try examples.requireTwoClasses(at: data.text) }
        try examples.requireClasses(of: data.name, for: "tune")
        let held = validation?.count(of: examples.count) ?? max(1, examples.count / 6)
        guard held < examples.count else {
            throw DescentError(
                .usage, "nothing is left to learn from", at: "--validation",
                expected: "fewer than \(examples.count)",
                got: "\(held)")
        }
        let journal = try SearchJournal(
            in: out, title: work.title(examples, held: held).line, of: work.search)
        Output.warn(journal.lockCaveat)
        if !options.quiet {
            Output.error.tryWrite(
                """
                \(work.rounds)
                learning from \(Numerals.grouped(examples.count - held)) training examples, choosing by \
                \(Numerals.grouped(held)) others; the test examples are not looked at
                \(journal.results.isEmpty ? "" : "going on: \(Numerals.counted(journal.results.count, "result")) in \(journal.path.showingControlCharacters)\n")
                """)
        }
        let (learning, validating) = examples.splitting(holding: held, seed: seed)
        let data = ExampleParts(name: source.name().name, train: learning, test: validating, checksum: "")
        let interruption = Interruption(saying: options)
        defer { interruption.end() }
        let results = try work.search.run(known: journal.results) { settings, epochs in
            try work.evaluate(settings, epochs, on: data, interruption.cancellation)
        } keep: { result in
            try journal.add(result)
            if options.json { try Output.standard.write(TuneReport.event(result) + "\n") }
            if !options.quiet { Output.error.tryWrite(TuneReport.line(result) + "\n") }
        }
        let guessing = Guessing(
            of: validating.classes, classes: validating.classNames.count)
        let report = TuneReport(work: work, results: results, folder: out, guessing: guessing)
        // A picture that cannot be drawn must not cost the figures.
        var problem: (any Error)?
        do { try report.writeCharts() } catch { problem = error }
        if interruption.cancellation.isCancelled {
            throw DescentError(
                .interrupted, "interrupted after \(Numerals.counted(results.count, "trial"))",
                advice: "the same command goes on")
        }
        try Output.standard.write(try options.json ? report.json() : report.text())
        if let problem { throw problem }
    }
}
