import ArgumentParser
import Descent

/// `descent data split`.
struct DataSplit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Divide pictures or a table into training, validation and test parts.",
        usage: "descent data split <data> --out <folder> [<options>]",
        discussion: """
            Each class is divided in the same shares, by chance, and the same seed divides alike \
            again. A folder of pictures becomes train/CLASS, val/CLASS and test/CLASS, of the \
            same files (linked, or copied onto another disk); a table becomes train.csv, val.csv \
            and test.csv. Equal pictures stay in one part. The folder is new, and appears when \
            all is there.

            EXAMPLES
              descent data split photos --out divided
                  a fifth of each class is for the test
              descent data split photos --out divided --test-split 0.2 --val-split 0.1
              descent data split photos --out divided --group-by '(person\\d+)_'
                  the pictures of one person stay together
              descent data split wine.csv --out divided --seed 7
              descent data split visits.csv --out divided --group-by patient
            """)

    @OptionGroup var looked: LookedAtData

    @Option(help: ArgumentHelp("The new folder.", valueName: "folder"), completion: .directory)
    var out: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The share for validation (default: none).", valueName: "ratio"))
    var valSplit: Double?

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if let valSplit, !(valSplit >= 0 && valSplit < 1) {
            throw ValidationError(
                "--val-split must be a share from 0 to below 1, such as 0.1, not \(valSplit)")
        }
        if (valSplit ?? 0) + (looked.own.testSplit ?? 0) >= 1 {
            throw ValidationError("--test-split and --val-split leave nothing to learn from")
        }
    }

    func run() async throws {
        options.apply()
        let source = try DataSource(named: looked.data.rawValue)
        let interruption = Interruption(saying: options)
        defer { interruption.end() }
        let cancellation = interruption.cancellation
        let result: SplitCounts
        try refuseUnused(isFolder: source.isFolder)
        if source.isFolder {
            result = try splitPictures(cancellation)
        } else if try source.isTable() {
            result = try splitTable(cancellation)
        } else {
            throw DescentError(
                .usage, "pictures and tables are split", at: looked.data.rawValue,
                expected: "a folder of pictures, or a CSV table",
                got: source.isOwn ? "a file of another format" : "a data set with a test part of its own",
                advice: source.isOwn
                    ? "descent data export writes it as a table or a folder first" : "train on it as it is")
        }
        try Output.standard.write(
            options.json
                ? result.json(data: looked.data.name, out: out).line + "\n"
                : result.text(out: out, flags: flagsOfTraining))
    }

    /// The flags that training on the parts needs as well.
    private var flagsOfTraining: [String] {
        guard looked.data.isFile, !Files.isDirectory(looked.data.rawValue) else { return [] }
        return [("--label", looked.own.label), ("--task", looked.own.task?.rawValue)].flatMap { flag, value in
            value.map { [flag, $0] } ?? []
        }
    }

    /// Refuses flags that change nothing of what is written: pictures are written as they are, and so are a table's rows.
    private func refuseUnused(isFolder: Bool) throws {
        let own = looked.own
        let flags =
            isFolder
            ? [
                ("--image-size", own.imageSize != nil), ("--fit", own.fit != nil),
                ("--grayscale", own.grayscale),
                ("--digits", own.digits), ("--label", own.label != nil), ("--task", own.task != nil),
                ("--missing", own.missing != nil), ("--encoding", own.encoding != nil),
            ]
            : [
                ("--missing", own.missing != nil), ("--digits", own.digits),
                ("--image-size", own.imageSize != nil), ("--fit", own.fit != nil),
                ("--grayscale", own.grayscale),
                ("--skip-unreadable", own.skipUnreadable),
            ]
        guard let flag = flags.first(where: \.1)?.0 else { return }
        throw DescentError(
            .usage, isFolder ? "pictures are divided as they are" : "a table's rows are divided as they are",
            at: flag, advice: "leave it out here, and give it to 'descent train'")
    }

    private func splitPictures(_ cancellation: Cancellation) throws -> SplitCounts {
        var request = DataRequest()
        try looked.own.add(to: &request)
        let folder = try ImageFolder(looked.data.rawValue, cancellation: cancellation)
        let hasTest = folder.files.contains { $0.subset == .test }
        let decoded = try folder.decoded(request.images, cancellation: cancellation)
        let data = try decoded.split(
            ImageSplitOptions(
                validation: share(valSplit), test: share(looked.own.testSplit ?? (hasTest ? 0 : 0.2)),
                seed: looked.seed, groupBy: try looked.own.groupBy.map { try folder.grouping(parsing: $0) }),
            cancellation: cancellation)
        try data.makeFolder(at: out, cancellation: cancellation)
        return SplitCounts(
            noun: "picture", isTable: false,
            classes: data.report.classes.map { ($0.name, [$0.train, $0.validation, $0.test]) },
            totals: [data.train.count, data.validation.count, data.test.count],
            notes: data.report.notes.map { $0.line() })
    }

    private func splitTable(_ cancellation: Cancellation) throws -> SplitCounts {
        var request = DataRequest()
        try looked.own.add(to: &request)
        let asked = request.table
        let table = try Table(
            looked.data.rawValue, label: asked.label, task: asked.task, options: asked.options,
            cancellation: cancellation)
        let split = try table.split(
            test: looked.own.testSplit ?? 0.2, validation: valSplit ?? 0, seed: looked.seed,
            groupBy: looked.own.groupBy)
        try split.write(to: out, options: asked.options, cancellation: cancellation)
        let parts = [split.train, split.validation, split.test]
        let counts = parts.map { part in
            (part?.classes ?? []).reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
        }
        return SplitCounts(
            noun: "row", isTable: true,
            classes: table.classNames.enumerated().map { number, name in
                (name, counts.map { $0[Int32(number)] ?? 0 })
            },
            totals: parts.map { $0?.count ?? 0 }, notes: table.notes)
    }

    /// nil for none: what the folder has stays.
    private func share(_ ratio: Double?) -> Double? { ratio.flatMap { $0 > 0 ? $0 : nil } }
}

/// What a split has come to: for each class, and in all, the numbers of the training, validation and test part.
private struct SplitCounts {
    let noun: String
    let isTable: Bool
    let classes: [(name: String, counts: [Int])]
    let totals: [Int]
    let notes: [String]

    private static let names = ["train", "val", "test"]

    func text(out: String, flags: [String]) -> String {
        let used = totals.indices.filter { totals[$0] > 0 }
        var text = ""
        if !classes.isEmpty {
            var table = TextTable(
                ["class"] + used.map { Self.names[$0] }, alignments: [.left] + used.map { _ in .right })
            for one in classes {
                table.rows.append(
                    [one.name.showingControlCharacters] + used.map { Numerals.grouped(one.counts[$0]) })
            }
            text += table.text + "\n"
        }
        let counts = used.map { "\(Self.names[$0]) \(Numerals.counted(totals[$0], noun))" }
        let data =
            isTable
            ? "\(Shell.quoted("\(out)/train.csv"))"
                + (totals[2] > 0 ? " --test-data \(Shell.quoted("\(out)/test.csv"))" : "") : Shell.quoted(out)
        return text + """
            \(out.showingControlCharacters): \(counts.joined(separator: ", "))
            train  \(Invocation.program) train --data \(data)\(flags.map { " " + Shell.quoted($0) }.joined())

            """
    }

    func json(data: String, out: String) -> JSONText {
        func members(_ counts: [Int]) -> [JSONText.Member] {
            zip(Self.names, counts).map { .init($0, .integer($1)) }
        }
        return .object(
            [.init("version", 1), .init("data", .string(data)), .init("out", .string(out))] + members(totals)
                + [
                    .init(
                        "classes",
                        .array(
                            classes.map { .object([.init("name", .string($0.name))] + members($0.counts)) })),
                    .init("notes", .array(notes.map(JSONText.string))),
                ])
    }
}
