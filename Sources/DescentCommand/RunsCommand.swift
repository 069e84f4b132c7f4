import ArgumentParser
import Descent

/// `descent runs`: the runs that are kept.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List, show and compare the runs that are kept.",
        discussion: """
            A run is named by its folder, or by its name below runs/ (or --dir), or by \
            a part of it that only one run has; 'latest' is the latest.

            EXAMPLES
              descent runs
                  all of them, the oldest first
              descent runs show latest
              descent runs compare sgd adam --svg curves.svg
                  what differs, and their curves in one picture
              descent runs diff runs/2026-11-23-220431-two-layer latest
                  the first step at which they part
            """,
        subcommands: [List.self, Show.self, Compare.self, Diff.self], defaultSubcommand: List.self)

    /// The folder in which `descent train` keeps runs.
    static let usualPlace = "runs"

    /// The folder of the runs.
    struct Place: ParsableArguments {
        @Option(
            name: .long, help: ArgumentHelp("Where the runs lie.", valueName: "dir"), completion: .directory)
        var dir = RunsCommand.usualPlace

        func validate() throws {
            if dir.isEmpty { throw ValidationError("--dir is empty") }
        }

        /// Returns the run that `name` means.
        func run(_ name: String) throws -> SavedRun {
            for path in [name, "\(dir)/\(name)"] where Files.isDirectory(path) && !name.isEmpty {
                return try SavedRun(at: path)
            }
            let runs = Files.isDirectory(dir) ? try SavedRun.list(in: dir) : []
            let named = runs.filter { $0.name.contains(name) }
            guard named.count == 1, let run = named.first else {
                throw DescentError(
                    named.isEmpty ? .missingInput : .usage,
                    named.isEmpty ? "there is no such run" : "more than one run has this in its name",
                    at: name,
                    expected: named.isEmpty ? nil : named.map(\.name).joined(separator: " or "),
                    advice: named.isEmpty
                        ? Suggestion.sentence(name, among: runs.map(\.name) + ["latest"])
                            ?? "'descent runs' lists them"
                        : "'descent runs' lists them")
            }
            return run
        }
    }
}

extension RunsCommand {
    /// `descent runs list`, and `descent runs` alone.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the runs.",
            discussion: """
                EXAMPLES
                  descent runs
                  descent runs list --dir experiments
                  descent runs list --json
                      a JSON line for each
                """)
        @OptionGroup var place: Place
        @OptionGroup(title: "Output") var options: OutputOptions

        func run() throws {
            guard Files.isDirectory(place.dir) else {
                // Nothing has been trained here yet, which is no mistake; a directory that was named should be there.
                guard place.dir == RunsCommand.usualPlace, !Files.exists(place.dir) else {
                    throw DescentError(
                        .missingInput, "there is no such directory", at: place.dir,
                        advice: "give the directory in which the runs lie")
                }
                return try options.json ? () : Output.standard.write(Self.none(in: place.dir))
            }
            let runs = try SavedRun.list(in: place.dir) { error in
                if !options.quiet { Output.warn(error.naming.description) }
            }
            let unfinished = try RunFolder.unfinished(below: place.dir)
            if options.json {
                let lines = unfinished.map { run -> JSONText in
                    [
                        "version": 1, "run": .string(PathText.name(of: run.path)), "path": .string(run.path),
                        "state": .string(run.isTraining ? "training" : "unfinished"),
                    ]
                }
                return try Output.standard.write(
                    (runs.map { RunText.json($0, versioned: true) } + lines).map { $0.line + "\n" }.joined())
            }
            var table = TextTable(
                ["run", "model", "data", "optimizer", "epochs", "test accuracy", "seconds"],
                alignments: [.left, .left, .left, .left, .right, .right, .right])
            (table.optional, table.whole) = ([3, 6, 2], [0])
            for run in runs {
                table.rows.append([
                    run.name.showingControlCharacters, RunText.model(run).showingControlCharacters,
                    RunText.setting(run, "data"), RunText.setting(run, "optimizer"),
                    run.isNetwork ? String(run.epochs.count) : "-",
                    run.testAccuracy.map(Numerals.percent)
                        ?? run.testErrors?.r2.map { "R2 \(Numerals.fixed($0, 4))" } ?? "-",
                    run.trainSeconds.map { Numerals.fixed($0, 1) } ?? "-",
                ])
            }
            var text = !runs.isEmpty ? table.text : unfinished.isEmpty ? Self.none(in: place.dir) : ""
            for run in unfinished {
                let name = PathText.name(of: run.path).showingControlCharacters
                text +=
                    run.isTraining
                    ? "\(name): being trained now\n"
                    : "\(name): not finished; go on with \(Invocation.program) train --resume \(Shell.quoted(run.path))\n"
            }
            try Output.standard.write(text)
        }

        private static func none(in directory: String) -> String {
            "No runs in \(directory.showingControlCharacters) yet: '\(Invocation.program) train' makes one.\n"
        }
    }

    /// `descent runs show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a run's settings, figures and epochs.",
            discussion: """
                EXAMPLES
                  descent runs show latest
                  descent runs show runs/2026-11-23-220431-two-layer --json
                """)
        @Argument(help: ArgumentHelp("A run.", valueName: "run"), completion: .directory) var one: String
        @OptionGroup var place: Place
        @OptionGroup(title: "Output") var options: OutputOptions

        func run() throws {
            let run = try place.run(one)
            try Output.standard.write(
                options.json ? RunText.json(run, full: true, versioned: true).line + "\n" : RunText.text(run))
        }
    }

    /// `descent runs compare`.
    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare runs: settings, figures, curves.",
            discussion: """
                EXAMPLES
                  descent runs compare runs/A runs/B
                  descent runs compare sgd momentum adam --svg curves.svg
                      names, or parts of them
                """)
        @Argument(help: ArgumentHelp("Two runs or more.", valueName: "run"), completion: .directory)
        var runs: [String]
        @Option(
            help: ArgumentHelp("Draw their curves over one another into this file.", valueName: "file"),
            completion: .file(extensions: ["svg"]))
        var svg: String?
        @OptionGroup var place: Place
        @OptionGroup(title: "Output") var options: OutputOptions

        func validate() throws {
            if runs.count < 2 { throw ValidationError("compare needs two runs or more, not \(runs.count)") }
            try WrittenFile.svg.checkName(svg, of: "--svg")
        }

        func run() throws {
            let runs = try runs.map(place.run)
            let settings = SavedRun.differingSettings(runs)
            if let svg { try WrittenFile.svg.write(RunPicture(runs).svg(), to: svg) }
            if options.json {
                let differing = settings.map(RunText.member)
                let line: JSONText = [
                    "version": 1, "runs": .array(runs.map { RunText.json($0) }),
                    "differing": .object(differing),
                ]
                return try Output.standard.write(line.line + "\n")
            }
            var text = RunText.sideBySide(
                runs, settings, figures: RunText.figures + RunText.numberFigures(runs))
            if settings.isEmpty { text += "\nNo setting differs.\n" }
            if let svg { text += "\npicture  \(svg.showingControlCharacters)\n" }
            try Output.standard.write(text)
        }
    }

    /// `descent runs diff`.
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find the first step at which two runs differ.",
            discussion: """
                Compares the loss of every step, bit for bit.

                EXAMPLES
                  descent runs diff runs/A runs/B
                  descent runs diff runs/A latest --json
                """)
        @Argument(help: ArgumentHelp("A run.", valueName: "run"), completion: .directory) var one: String
        @Argument(help: ArgumentHelp("Another.", valueName: "run"), completion: .directory) var other: String
        @OptionGroup var place: Place
        @OptionGroup(title: "Output") var options: OutputOptions

        func run() throws {
            let runs = try [one, other].map(place.run)
            let difference = try runs[0].difference(from: runs[1])
            let settings = SavedRun.differingSettings(runs)
            guard !options.json else {
                let line = RunText.json(difference, runs, settings)
                return try Output.standard.write(line.line + "\n")
            }
            var text = RunText.text(difference, runs)
            if !settings.isEmpty {
                text += "\nSettings that differ:\n" + RunText.sideBySide(runs, settings, figures: [])
            }
            try Output.standard.write(text)
        }
    }
}
