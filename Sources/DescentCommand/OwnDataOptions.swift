import ArgumentParser
import Descent

/// The flags that say how files of one's own are read: folders of pictures, and tables.
struct OwnDataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The table's column that is to be predicted (default: label, target, class, species or y, else the only one of text).",
            valueName: "column"))
    var label: String?

    @Option(
        help: ArgumentHelp(
            "What a table's label is: classification or regression (default: by its values).",
            valueName: "task"), completion: .list(TableTask.allCases.map(\.rawValue)))
    var task: TableTask?

    @Option(
        help: ArgumentHelp(
            "A table's missing values: fill (by the mean or the most frequent value of training), or refuse.",
            valueName: "how"), completion: .list(TablePreprocessing.MissingValues.allCases.map(\.rawValue)))
    var missing: TablePreprocessing.MissingValues?

    @Option(
        help: ArgumentHelp(
            "A table's encoding, such as utf-8 or cp949 (default: detected).", valueName: "name"),
        transform: { try TextEncoding(named: $0) })
    var encoding: TextEncoding?

    @Option(
        help: ArgumentHelp(
            "The size that pictures are brought to: 64, or WxH (default: from the pictures, which is said).",
            valueName: "size"))
    var imageSize: String?

    @Option(
        help: ArgumentHelp(
            "How a picture of another shape is made to fit: crop, pad or stretch (default: crop).",
            valueName: "how"), completion: .list(ImageFit.allCases.map(\.rawValue)))
    var fit: ImageFit?

    @Flag(help: "Take the colours out of pictures.")
    var grayscale = false

    @Flag(
        help:
            "The images are digits: bring each into MNIST's form, as predict then does with digits on paper.")
    var digits = false

    @Flag(help: "Go on without pictures that cannot be read.")
    var skipUnreadable = false

    @Option(
        help: ArgumentHelp(
            "Keep examples together in the split: a table's column, or a regular expression on the pictures' paths.",
            valueName: "column|regex"))
    var groupBy: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The share held out for the test where the data have no test part (default: 0.2).",
            valueName: "ratio"))
    var testSplit: Double?

    /// The bytes of pixels of a folder's part that may stay in memory; a batch of more is read from the cache. Hidden: tests
    /// set it, to have a folder that is larger than memory.
    @Option(parsing: .unconditional, help: .hidden) var residentLimit: Int?

    func validate() throws {
        if let testSplit, !(testSplit >= 0 && testSplit < 1) {
            throw ValidationError(
                "--test-split must be a share from 0 to below 1, such as 0.2, not \(testSplit)")
        }
        if let imageSize { _ = try DescentError.inWords { try ImageTarget.size(parsing: imageSize) } }
    }

    /// Takes a size of pictures where none was given.
    mutating func take(_ size: (height: Int, width: Int)?) {
        if imageSize == nil, !digits, let size { imageSize = "\(size.width)x\(size.height)" }
    }

    /// Adds what the flags say to a request.
    func add(to request: inout DataRequest) throws {
        request.table.label = label
        request.table.task = task
        if let missing { request.table.missing = missing }
        request.table.options.encoding = encoding
        request.images.imageSize = try imageSize.map { try ImageTarget.size(parsing: $0) }
        if let fit { request.images.fit = fit }
        if grayscale { request.images.isGrayscale = true }
        request.images.skipsUnreadable = skipUnreadable
        request.groupColumn = groupBy
        if let testSplit { request.testShare = testSplit }
        if digits { request.digits = DigitNormalization() }
        if let residentLimit { request.residentLimit = residentLimit }
    }

    /// Returns loaded data with the step for digits on paper, where it is asked for.
    ///
    /// - Throws: `usage` where they are no grey images.
    func prepared(_ loaded: LoadedData) throws -> LoadedData {
        guard digits else { return loaded }
        // Pictures of a folder have gone through the step one by one.
        if case .images(let form)? = loaded.input, form.digits != nil { return loaded }
        var loaded = loaded
        let (split, input) = (loaded.split, ModelInput.images(ImageInput(digits: DigitNormalization())))
        loaded.split = try DescentError.located(at: "--digits") {
            let data = try split.inMemory()
            return ExampleParts(
                name: data.name, train: try input.prepared(data.train), test: try input.prepared(data.test),
                checksum: data.checksum)
        }
        loaded.input = input
        return loaded
    }
}

extension TableTask: ExpressibleByArgument {}
extension ImageFit: ExpressibleByArgument {}
extension TablePreprocessing.MissingValues: ExpressibleByArgument {}

extension DescentError {
    /// Returns the result of `body`; its errors are the argument parser's.
    fileprivate static func inWords<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError {
            throw ValidationError("\(error.naming)")
        }
    }
}
