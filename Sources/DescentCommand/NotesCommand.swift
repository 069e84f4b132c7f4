import ArgumentParser
import Descent
import Notes

extension Language: ExpressibleByArgument {}

/// `descent notes`: the notebook, run again.
struct NotesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notes",
        abstract: "Walk through a course's notebook in Swift, every number checked.",
        discussion: """
            The notebook is that of a course on deep learning from scratch, in Python with NumPy; \
            its examples are those of Koki Saitoh's textbook 'Deep Learning from Scratch'. \
            Fifteen sections, from the first array to epochs of training: explanation, \
            code, what it prints, what the notebook printed, and a verdict. The code is \
            in Snippets/; each section also runs alone, such as 'swift run 01-arrays' \
            (which builds everything the first time: some minutes). \
            Sections are built when they are first run, a few seconds each.

            EXAMPLES
              descent notes
                  walk through all sections; Enter goes on, q ends
              descent notes show 2
                  one section, by its number or a part of its name
              descent notes show softmax
              descent notes verify
                  check all; exit code 1 if one fails
              descent notes html --out notes.html --lang ko
                  one page with the figures, in Korean
              descent notes --data-dir ~/mnist
                  with MNIST from files (else the cache, else built-in digits)
            """,
        subcommands: [NotesWalk.self, NotesList.self, NotesShow.self, NotesVerify.self, NotesHTML.self],
        defaultSubcommand: NotesWalk.self)
}

/// The flag of all parts of `descent notes`.
struct NotesLanguage: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The language: en or ko (default: that of the environment).", valueName: "language"))
    var lang: Language?

    var language: Language { lang ?? .ofEnvironment }
}

/// The flags of the parts that run sections.
struct NotesOptions: ParsableArguments {
    @OptionGroup var speaking: NotesLanguage

    @Option(
        help: ArgumentHelp(
            "Read MNIST's four files from here (default: the cache, else built-in digits).", valueName: "dir"),
        completion: .directory)
    var dataDir: String?

    @Option(
        help: ArgumentHelp(
            "Weights for section 11: a pickle with W1, b1, W2, b2, W3, b3, such as sample_weight.pkl.",
            valueName: "file"),
        completion: .file(extensions: ["pkl"]))
    var weights: String?

    @Option(
        help: ArgumentHelp("Keep the pictures (SVG and PNG) in this folder.", valueName: "dir"),
        completion: .directory)
    var figures: String?

    var language: Language { speaking.language }

    /// Returns a runner with the settings of these flags, their files checked first.
    func runner() throws -> SnippetRunner {
        var runner = try SnippetRunner()
        if let dataDir { _ = try DatasetSource.mnist.read(directory: dataDir) }
        if let weights { _ = try Notebook.weights(in: weights) }
        runner.data = dataDir
        runner.weights = weights
        return runner
    }

    /// Runs sections one after another, saying on standard error which one is built or run.
    func run(
        _ sections: [Section], _ options: OutputOptions, each: (SectionResult) throws -> Void
    ) throws {
        let runner = try runner()
        let isShown = !options.quiet && Output.error.isTerminal
        for section in sections {
            if isShown {
                let work = runner.isBuilt(section) ? "running" : "building"
                Output.error.tryWrite(
                    "\r\u{1B}[K\(work) \(section.snippet) (\(section.number) of \(Section.all.count))")
            } else if !options.quiet, !runner.isBuilt(section) {
                Output.error.tryWrite("building \(section.snippet)\n")
            }
            defer { if isShown { Output.error.tryWrite("\r\u{1B}[K") } }
            let result = try runner.run(section)
            // A section's output is printed in any case: it may have taken minutes.
            let figuresWritten = Result { try writeFigures(of: result) }
            if isShown { Output.error.tryWrite("\r\u{1B}[K") }
            try each(result)
            try figuresWritten.get()
        }
    }

    private func writeFigures(of result: SectionResult) throws {
        guard let figures else { return }
        try AtomicFile.createDirectory(at: figures)
        for name in result.pictures.keys {
            guard let bytes = result.picture(name, in: language) else { continue }
            try (name.hasSuffix(".png") ? WrittenFile.png : .svg).write(bytes, to: "\(figures)/\(name)")
        }
    }

    /// Text as the terminal can show it.
    func terminalText(_ options: OutputOptions) -> TerminalText {
        var writer = TerminalText(
            language: language, usesColor: options.usesColor(on: .standard), columns: Output.standard.columns)
        writer.picturesFolder = figures
        writer.picturesAdvice = Words(
            "kept with --figures DIR, shown by notes html", "--figures DIR로 저장, notes html로 보기")
        writer.dataAdvice = Words("--data-dir names its files' directory", "--data-dir로 폴더 지정")
        return writer
    }
}

/// `descent notes walk`: all sections.
struct NotesWalk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "walk", abstract: "All sections, one after another (what 'descent notes' does).")
    @Flag(name: .customLong("no-pause"), help: "Do not wait for Enter between sections on a terminal.")
    var noPause = false
    @OptionGroup(title: "Notebook") var notes: NotesOptions
    @OptionGroup(title: "Output") var options: OutputOptions

    func run() async throws {
        let writer = notes.terminalText(options)
        let pauses = !noPause && !options.json && ReadingPause.isPossible
        for section in Section.all {
            try notes.run([section], options) { result in
                try Output.standard.write(
                    options.json
                        ? VerificationReport.json([result], language: notes.language)
                        : writer.text(result) + "\n")
            }
            guard pauses, let next = Section.all.first(where: { $0.number == section.number + 1 }) else {
                continue
            }
            if !ReadingPause.goesOn(before: next, in: notes.language) { return }
        }
    }
}

/// `descent notes list`: the titles.
struct NotesList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The sections' titles.")
    @OptionGroup var notes: NotesLanguage
    @OptionGroup(title: "Output") var options: OutputOptions

    func run() throws {
        let writer = TerminalText(language: notes.language, columns: Output.standard.columns)
        try Output.standard.write(
            options.json ? VerificationReport.list(language: notes.language) : writer.list())
    }
}

/// `descent notes show`: one section.
struct NotesShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "One section.")
    @Argument(
        help: ArgumentHelp(
            "The section: its number, 1 to 15, or a part of its name, such as arrays.", valueName: "section"),
        completion: .list(Section.all.map { String($0.snippet.drop { $0 != "-" }.dropFirst()) }))
    var name: String
    @OptionGroup(title: "Notebook") var notes: NotesOptions
    @OptionGroup(title: "Output") var options: OutputOptions

    func run() async throws {
        let meant = Section.named(name)
        guard meant.count == 1, let section = meant.first else {
            throw DescentError(
                .usage,
                meant.isEmpty
                    ? "there is no section '\(name)'" : "more than one section has '\(name)' in its name",
                expected: meant.isEmpty
                    ? "1 to \(Section.all.count), or a part of a section's name"
                    : meant.map(\.snippet).joined(separator: " or "),
                advice: "'descent notes list' shows them")
        }
        let writer = notes.terminalText(options)
        try notes.run([section], options) { result in
            try Output.standard.write(
                options.json
                    ? VerificationReport.json([result], language: notes.language) : writer.text(result))
        }
    }
}

/// `descent notes verify`: every figure.
struct NotesVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every figure; exit code 1 if one is not as expected.")
    @OptionGroup(title: "Notebook") var notes: NotesOptions
    @OptionGroup(title: "Output") var options: OutputOptions

    func run() async throws {
        let writer = notes.terminalText(options)
        var results: [SectionResult] = []
        try notes.run(Section.all, options) { result in
            results.append(result)
            if !options.json { try Output.standard.write(writer.summary(result) + writer.failures(result)) }
        }
        let failed = results.filter { $0.verdict == .failed }.count
        try Output.standard.write(
            options.json
                ? VerificationReport.json(results, language: notes.language)
                : writer.conclusion(failed: failed))
        if failed > 0 { throw ExitCode(1) }
    }
}

/// `descent notes html`: the page.
struct NotesHTML: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "html", abstract: "One page with code, figures and verdicts, readable offline.")
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Where to write the page.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var out: String
    @OptionGroup(title: "Notebook") var notes: NotesOptions
    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws { try WrittenFile.html.checkName(out, of: "--out") }

    func run() async throws {
        try WrittenFile.html.check(out)
        var results: [SectionResult] = []
        try notes.run(Section.all, options) { results.append($0) }
        try WrittenFile.html.write(NotebookPage(language: notes.language).html(results), to: out)
        let failed = results.filter { $0.verdict == .failed }.count
        if failed > 0 { Output.error.tryWrite(notes.terminalText(options).conclusion(failed: failed)) }
    }
}
