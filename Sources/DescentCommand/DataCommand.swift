import ArgumentParser
import Descent

/// `descent data`: what is in data of one's own, before anything is learned from them.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Look at data of your own: pictures, tables, files.",
        discussion: """
            EXAMPLES
              descent data info photos
                  classes, counts, sizes, what is missing or twice
              descent data info wine.csv
              descent data check photos
                  exit code 1 when something should be mended
              descent data show photos --out sheet.png
                  a sheet of pictures of each class
              descent data show photos --augment photos --out sheet.png
                  the same pictures as training changes them
              descent data split photos --out divided --test-split 0.2
                  train/CLASS and test/CLASS; of a table train.csv and test.csv
              descent data export photos --out digits.npz
                  into npz, CSV, libsvm's text or a folder of PNG files, by the name
            """,
        subcommands: [DataInfo.self, DataCheck.self, DataShow.self, DataSplit.self, DataExport.self])
}

/// The data that a subcommand of `data` looks at, and how they are read.
struct LookedAtData: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A folder of pictures, a file (CSV, libsvm's text, npz, IDX), or the name of a data set.",
            valueName: "data"), completion: .file())
    var data: DataName

    @OptionGroup(title: "Reading") var own: OwnDataOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The seed of the split.", valueName: "n"),
        transform: SeedArgument.parse)
    var seed = 1

    func validate() throws {
    }

    /// `scaling`: how a table's numbers are scaled; nil for a model's way.
    func load(
        limit: Int? = nil, scaling: TablePreprocessing.Scaling? = nil, _ options: OutputOptions
    ) async throws -> LoadedData {
        var source = try DataOptions.parse([])
        source.data = data
        var quiet = options
        quiet.quiet = true
        return try await source.load(
            trainLimit: limit, testLimit: limit, seed: seed, own: own, scaling: scaling, quiet)
    }
}

/// `descent data info`.
struct DataInfo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what is in the data.",
        usage: "descent data info <data> [<options>]")

    @OptionGroup var looked: LookedAtData
    @OptionGroup(title: "Output") var options: OutputOptions

    func run() async throws {
        options.apply()
        let loaded = try await looked.load(options)
        let summary = DataSummary(loaded, name: looked.data.name)
        try Output.standard.write(options.json ? summary.json.line + "\n" : summary.text)
    }
}

/// `descent data check`.
struct DataCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look for faults in the data; exit code 1 when there are any.",
        usage: "descent data check <data> [<options>]")

    @OptionGroup var looked: LookedAtData
    @OptionGroup(title: "Output") var options: OutputOptions

    func run() async throws {
        options.apply()
        let loaded = try await looked.load(options)
        var faults = loaded.faults
        let counts = loaded.split.train.countsByClass
        let named = zip(loaded.split.train.classNames, counts).filter { $0.1 > 0 }.map(\.0)
        if !loaded.isRegression, named.count < 2 {
            faults.append(
                "two classes or more are needed, and the training examples are "
                    + (named.first.map { "all of class \($0)" } ?? "none"))
        }
        for (name, count) in zip(loaded.split.train.classNames, counts) where count < 2 {
            // A folder's own report counts its classes without a picture, or with one, to learn from.
            if loaded.imageSplit != nil { continue }
            faults.append("class \(name) has \(Numerals.counted(count, "training example"))")
        }
        let count =
            loaded.split.train.count + (loaded.split.validation?.count ?? 0) + loaded.split.test.count
        if options.json {
            let line: JSONText = [
                "version": 1, "data": .string(looked.data.name), "count": .integer(count),
                "faults": .array(faults.map(JSONText.string)),
                "notes": .array(loaded.notes.filter { !faults.contains($0) }.map(JSONText.string)),
            ]
            try Output.standard.write(line.line + "\n")
        } else {
            for fault in faults { try Output.standard.write("\(fault.showingControlCharacters)\n") }
        }
        guard faults.isEmpty else {
            throw DescentError(
                .failed, "\(Numerals.counted(faults.count, "fault")) found", at: looked.data.rawValue)
        }
        guard !options.json else { return }
        try Output.standard.write("\(Numerals.counted(count, "example")), no faults found\n")
    }
}

/// `descent data show`.
struct DataShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Draw pictures of each class, in the terminal or into a PNG file.",
        usage: "descent data show <data> [<options>]")

    @OptionGroup var looked: LookedAtData

    @Option(help: ArgumentHelp("The PNG file (default: the terminal).", valueName: "file"))
    var out: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("How many pictures of each class.", valueName: "n"))
    var perClass = 8

    @Option(
        help: ArgumentHelp(
            "Draw them as this augmentation changes them: digits, photos, or settings.", valueName: "how"),
        completion: .list(Completions.augmentations), transform: { try Augmentation(parsing: $0) })
    var augment: Augmentation?

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if perClass < 1 { throw ValidationError("--per-class must be 1 or more, not \(perClass)") }
    }

    func run() async throws {
        options.apply()
        try WrittenFile.png.check(out)
        let examples = try await looked.load(options).split.train
        guard FeatureMatrix.isImage(examples.exampleShape), examples.count > 0,
            case .bytes = try examples.rows(0..<1).features.storage
        else {
            throw DescentError(
                .usage, "only pictures can be shown", at: looked.data.rawValue,
                got: "examples of shape \(examples.exampleShape)",
                advice: "descent data info says what is in them")
        }
        let sheet = try ContactSheet(
            examples, perClass: perClass, seed: looked.seed,
            changing: augment.map { augment in
                { images, numbers in
                    augment.images(
                        images, rows: (0..<numbers.count).map { Int32($0) }, numbers: numbers,
                        seed: looked.seed, epoch: 1)
                }
            })
        if let out {
            try WrittenFile.png.write(try PNG.encode(sheet.image), to: out)
            if !options.quiet, !options.json {
                Output.error.tryWrite("\(out.showingControlCharacters)\n")
            }
        }
        if options.json { return try Output.standard.write(json(sheet).line + "\n") }
        guard out == nil else { return }
        try Output.standard.write(
            TerminalPicture.text(
                of: sheet.image, style: options.pictureStyle,
                maximumColumns: max(2, min(160, Output.standard.columns))))
    }

    /// What is where on the sheet: for each line of pictures its class, its lines of pixels, and the training examples from the left.
    private func json(_ sheet: ContactSheet) -> JSONText {
        [
            "version": 1, "data": .string(looked.data.name), "out": .string(out),
            "height": .integer(sheet.image.shape[0]), "width": .integer(sheet.image.shape[1]),
            "rows": .array(
                sheet.rows.map { row in
                    [
                        "class": .string(row.className), "top": .integer(row.pixels.lowerBound),
                        "bottom": .integer(row.pixels.upperBound),
                        "examples": .array(row.examples.map(JSONText.integer)),
                    ]
                }),
        ]
    }
}
