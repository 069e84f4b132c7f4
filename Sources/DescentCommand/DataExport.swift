import ArgumentParser
import Descent

/// `descent data export`.
struct DataExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the data in another format, by the name of the file.",
        usage: "descent data export <data> --out <file> [<options>]")

    @OptionGroup var looked: LookedAtData

    @Option(
        help: ArgumentHelp(
            "NAME.npz, NAME.csv, NAME.svm (libsvm's text), or a folder of PNG files.", valueName: "file"))
    var out: String

    @Flag(help: "Replace the file in --out.")
    var force = false

    @OptionGroup(title: "Output") var options: OutputOptions

    private var suffix: String { out.split(separator: ".").last.map { $0.lowercased() } ?? "" }

    func run() async throws {
        options.apply()
        if ["npz", "csv", "tsv", "svm", "libsvm"].contains(suffix) {
            try OtherProgramsFile.refuseExisting(out, force: force)
        }
        // Whoever reads the file scales the numbers.
        let loaded = try await looked.load(scaling: TablePreprocessing.Scaling.none, options)
        let split = try loaded.inMemory(for: "data export", options)
        let (train, test) = (split.train, split.test)
        guard test.count == 0 || train.fits(test) else {
            throw DescentError(
                .usage, "only examples of one form are exported", at: looked.data.rawValue,
                expected: "training and test examples of one shape, with the same classes",
                got: "\(train.exampleShape) and \(test.exampleShape)")
        }
        var notes: [String]
        switch suffix {
        case "npz":
            try requireUnpackable(train, test)
            notes = try writeArchive([("train", train), ("test", test)])
        case "csv", "tsv":
            try requireUnpackable(train, test)
            notes = try writeTable(train.joined(with: test), loaded.input)
        // The training examples first.
        case "svm", "libsvm": notes = try LibSVMText.write(train.joined(with: test), to: out)
        default:
            notes = []
            try train.joined(with: test).exportFolder(to: out)
        }
        guard !options.quiet else { return }
        if case .table(let preprocessing)? = loaded.input, !preprocessing.textColumns.isEmpty {
            let names = preprocessing.textColumns.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            notes.append("a feature of 0 and 1 is written for each text of \(names)")
        }
        for line in notes + [out] { Output.error.tryWrite("\(line.showingControlCharacters)\n") }
    }

    /// Requires memory for rows with their zeros.
    private func requireUnpackable(_ parts: LabeledExamples...) throws {
        guard let part = parts.first(where: { !$0.features.canBeUnpacked }) else { return }
        throw DescentError(
            .usage, "the examples would take too much memory with their zeros", at: looked.data.rawValue,
            expected: "at most \(Numerals.bytes(FeatureMatrix.unpackingLimit))",
            got: "\(Numerals.grouped(part.count)) x \(Numerals.grouped(part.features.featureCount)) numbers",
            advice: "export them as libsvm's text, which has no zeros: --out NAME.svm")
    }

    /// Labels are the names of the classes where these are whole numbers that an archive's reader takes for names, else their numbers.
    private func writeArchive(_ parts: [(name: String, examples: LabeledExamples)]) throws -> [String] {
        var file = NPZ()
        let names = parts[0].examples.classNames
        let labels = names.compactMap { name in
            Int32(name).flatMap { (0...65_535).contains($0) && String($0) == name ? $0 : nil }
        }
        let areNames = labels.count == names.count
        for (part, examples) in parts where examples.count > 0 {
            switch examples.features.dense {
            case .bytes(let bytes): file.set(bytes, named: "x_\(part)")
            case .floats(let numbers): file.set(numbers, named: "x_\(part)")
            }
            switch examples.targets {
            case .classes(let classes):
                file.set(NDArray(areNames ? classes.map { labels[Int($0)] } : classes), named: "y_\(part)")
            case .values(let values):
                file.set(values.shape[1] == 1 ? values.reshaped(values.shape[0]) : values, named: "y_\(part)")
            }
        }
        try file.write(to: out, compressed: true)
        return areNames
            ? [] : ["the archive has no texts: its classes are \(parts[0].examples.numberedClassNames)"]
    }

    /// A table keeps the names of its columns.
    private func writeTable(_ examples: LabeledExamples, _ input: ModelInput?) throws -> [String] {
        let delimiter: DelimitedFormat.Delimiter = suffix == "csv" ? .comma : .tab
        if case .table(let preprocessing)? = input {
            try DelimitedText.write(
                examples, featureNames: preprocessing.featureNames,
                labelName: preprocessing.labelName ?? "label", to: out, delimiter: delimiter)
        } else {
            try DelimitedText.write(examples, to: out, delimiter: delimiter)
        }
        return []
    }
}
