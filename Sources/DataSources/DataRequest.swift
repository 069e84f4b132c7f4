import ExampleData
import Handwriting
import ImageFolders
import Support
import Tables

/// What is asked of data besides their name: the test examples, and what a model expects.
package struct DataRequest: Sendable {
    /// A file of test examples; nil for a part of the training file.
    package var testFile: String?
    /// The share of a file without a test file that is held out for the test; 0 for none.
    package var testShare: Double
    /// The seed of the split.
    package var seed: Int
    /// The numbers of built-in digits to make; nil for 60,000 and 10,000. Other data are not cut.
    package var trainLimit: Int?, testLimit: Int?
    /// The number of features that a model expects; nil to go by the file.
    package var featureCount: Int?
    /// The index of the first feature in files that number features; nil to go by the file.
    package var firstIndex: Int?
    /// What is asked of a table.
    package var table = TableRequest()
    /// What is asked of pictures: size, cut, colour.
    package var images = ImageOptions()
    /// The column, or for pictures the regular expression or column, whose equal values stay on one side of the split.
    package var groupColumn: String?
    /// What a model makes of pictures and tables; nil to find it from the data.
    package var input: ModelInput?
    /// The division of a folder's pictures that a model was trained on; nil to divide them anew.
    package var imageSplit: ImageSplit?
    /// The step that finds a digit on paper, for pictures of digits; nil for pictures of other things.
    package var digits: DigitNormalization?
    /// The pictures of a folder to choose settings and epochs by, where the folder has no such part; nil for none. Other data
    /// are not divided by it.
    package var validation: HeldOut?
    /// The bytes of pixels of each part of a folder that may stay in memory; a batch of more is read when it is needed.
    package var residentLimit = ImageExamples.defaultResidentLimit
    /// Ends the reading of pictures and tables; nil where nothing does.
    package var cancellation: Cancellation?
    /// Called now and then while pictures are decoded and tables are read, on any thread.
    package var reading: (@Sendable (ReadingProgress) -> Void)?

    /// Creates a request.
    ///
    /// - Precondition: 0 <= testShare < 1.
    package init(
        testFile: String? = nil, testShare: Double = 0.2, seed: Int = 1, trainLimit: Int? = nil,
        testLimit: Int? = nil, featureCount: Int? = nil, firstIndex: Int? = nil
    ) {
        require(testShare >= 0 && testShare < 1, "a share of \(testShare) cannot be held out")
        self.testFile = testFile
        self.testShare = testShare
        self.seed = seed
        self.trainLimit = trainLimit
        self.testLimit = testLimit
        self.featureCount = featureCount
        self.firstIndex = firstIndex
    }

    /// Creates the request by which the examples of a run are found again. `featureCount`: the number of features that its
    /// model expects.
    package init(_ origin: DataOrigin, featureCount: Int?) {
        self.init(
            testFile: origin.testFile, testShare: origin.testShare ?? 0, seed: origin.seed ?? 1,
            featureCount: featureCount, firstIndex: origin.firstIndex)
        groupColumn = origin.groupColumn
        table.options.encoding = origin.encoding
        images.skipsUnreadable = origin.skipsUnreadable ?? false
    }

    func refuseTestFile(for name: String) throws {
        guard testFile != nil else { return }
        throw DescentError(
            .usage, "\(name) has test examples of its own", at: "`testFile`", advice: "leave it out")
    }
}

/// How many of the examples to learn from are held out.
package enum HeldOut: Sendable, Equatable {
    /// A share of them, 0 ..< 1.
    case share(Double)
    /// So many of them; classes and groups may make it a few more or fewer.
    case count(Int)

    /// Returns the share of `total` examples, of which the share `test` is for the test.
    func share(of total: Int, test: Double) -> Double {
        switch self {
        // Without the digits that a product adds: the share is stored in words.
        case .share(let share): (share * (1 - test) * 1e6).rounded() / 1e6
        case .count(let count): Double(count) / Double(max(1, total))
        }
    }
}

/// How far the reading of one's own data has come.
package enum ReadingProgress: Sendable, Equatable {
    /// Pictures of a folder are decoded.
    case decoding(ImageProgress)
    /// The share of a table's bytes that have been read, 0 to 1.
    case table(Double)
}

/// What is asked of a table of text.
package struct TableRequest: Sendable {
    /// The label's column; nil for one that is called label, target, class, species or y, or the only one of text.
    package var label: String?
    /// The task; nil for what the label's values suggest.
    package var task: TableTask?
    /// How numbers are scaled.
    package var scaling: TablePreprocessing.Scaling
    /// What is done about missing values.
    package var missing: TablePreprocessing.MissingValues
    /// What is known of the file.
    package var options: TableOptions

    /// Creates a request.
    package init(
        label: String? = nil, task: TableTask? = nil, scaling: TablePreprocessing.Scaling = .standard,
        missing: TablePreprocessing.MissingValues = .fill, options: TableOptions = TableOptions()
    ) {
        (self.label, self.task, self.scaling) = (label, task, scaling)
        (self.missing, self.options) = (missing, options)
    }
}

/// The files of a run's data and their split: what finds the same examples again.
package struct DataOrigin: Codable, Equatable, Sendable {
    /// The absolute path of the file.
    package var file: String
    /// The absolute path of the file of test examples; nil without one.
    package var testFile: String?
    /// The share of `file` that was held out for the test, and the seed of the split; nil with a test file.
    package var testShare: Double?, seed: Int?
    /// The index of the first feature in the file, where it numbers features.
    package var firstIndex: Int?
    /// The column whose equal values stayed on one side of the split; nil without one.
    package var groupColumn: String?
    /// The encoding that was asked for; nil where it was detected.
    package var encoding: TextEncoding?
    /// Whether pictures that cannot be read were left out.
    package var skipsUnreadable: Bool?

    /// Creates an origin from its parts.
    package init(
        file: String, testFile: String? = nil, testShare: Double? = nil, seed: Int? = nil,
        firstIndex: Int? = nil
    ) {
        self.file = file
        self.testFile = testFile
        self.testShare = testShare
        self.seed = seed
        self.firstIndex = firstIndex
    }

    private enum CodingKeys: String, CodingKey {
        case file
        case testFile = "test_file"
        case testShare = "test_share"
        case seed
        case firstIndex = "first_index"
        case groupColumn = "group_column"
        case encoding
        case skipsUnreadable = "skips_unreadable"
    }

    /// Reads an origin and checks that a split can be made by it.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        file = try values.decode(String.self, forKey: .file)
        testFile = try values.decodeIfPresent(String.self, forKey: .testFile)
        testShare = try values.decodeIfPresent(Double.self, forKey: .testShare)
        seed = try values.decodeIfPresent(Int.self, forKey: .seed)
        firstIndex = try values.decodeIfPresent(Int.self, forKey: .firstIndex)
        groupColumn = try values.decodeIfPresent(String.self, forKey: .groupColumn)
        encoding = try values.decodeIfPresent(TextEncoding.self, forKey: .encoding)
        skipsUnreadable = try values.decodeIfPresent(Bool.self, forKey: .skipsUnreadable)
        guard testShare.map({ $0 >= 0 && $0 < 1 }) ?? true, seed.map({ UInt32(exactly: $0) != nil }) ?? true
        else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no share or seed of a split"))
        }
    }

    /// The origin of a file that was read as `request` says.
    init(_ path: String, _ request: DataRequest) {
        self.init(file: Files.resolved(path) ?? path)
        groupColumn = request.groupColumn
        encoding = request.table.options.encoding
        skipsUnreadable = request.images.skipsUnreadable ? true : nil
    }
}

/// Training and test examples that were loaded.
package struct LoadedData: Sendable {
    /// The examples, in parts.
    package var split: ExampleParts
    /// Notes for the user, a line each: examples that were held out, features that were filled or left out.
    package var notes: [String]
    /// Those of the notes that say something should be mended.
    package var faults: [String] = []
    /// The files, for a run's record; nil for data that are found by their name.
    package var origin: DataOrigin?
    /// What was made of pictures and tables, to be stored with the model; nil where the file holds examples as they are.
    package var input: ModelInput?
    /// The division of a folder's pictures, to be stored with the model.
    package var imageSplit: ImageSplit?
    /// The rows of a table that are learned from, not prepared: for what prepares them anew in each fold. Nil for other data.
    package var trainingTable: Table?
    /// The parts that a folder of pictures has itself; empty for other data.
    package var ownSubsets: Set<ImageSubset> = []

    /// Creates loaded data from data in memory.
    package init(
        _ data: Dataset, notes: [String] = [], origin: DataOrigin? = nil, input: ModelInput? = nil,
        imageSplit: ImageSplit? = nil
    ) {
        self.init(
            ExampleParts(data), notes: notes, origin: origin, input: input, imageSplit: imageSplit)
    }

    /// Creates loaded data from their parts.
    package init(
        _ split: ExampleParts, notes: [String] = [], origin: DataOrigin? = nil, input: ModelInput? = nil,
        imageSplit: ImageSplit? = nil
    ) {
        self.split = split
        self.notes = notes
        self.origin = origin
        self.input = input
        self.imageSplit = imageSplit
    }
}

/// One part of data that was loaded.
package struct LoadedPart: Sendable {
    /// The examples.
    package var examples: any ExampleSource
    /// Notes for the user, a line each.
    package var notes: [String]
    /// Whether these are all examples, because the data have no parts.
    package var isWhole: Bool

    /// The checksum of the examples to learn from that lie beside them, as a run's record has it; nil where it is not known.
    package var checksum: String?

    /// Creates a part.
    package init(
        _ examples: any ExampleSource, notes: [String] = [], isWhole: Bool = false, checksum: String? = nil
    ) {
        (self.examples, self.notes, self.isWhole, self.checksum) = (examples, notes, isWhole, checksum)
    }
}
