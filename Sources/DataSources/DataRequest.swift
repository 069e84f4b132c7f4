import ExampleData
import Handwriting
import ImageFolders
import Support
import Tables

/// What is asked of data besides their name: the test examples, and what a model expects.
public struct DataRequest: Sendable {
    /// A file of test examples; nil for a part of the training file.
    public var testFile: String?
    /// The share of a file without a test file that is held out for the test; 0 for none.
    public var testShare: Double
    /// The seed of the split.
    public var seed: Int
    /// The numbers of built-in digits to make; nil for 60,000 and 10,000. Other data are not cut.
    public var trainLimit: Int?, testLimit: Int?
    /// The number of features that a model expects; nil to go by the file.
    public var featureCount: Int?
    /// The index of the first feature in files that number features; nil to go by the file.
    public var firstIndex: Int?
    /// What is asked of a table.
    public var table = TableRequest()
    /// What is asked of pictures: size, cut, colour.
    public var images = ImageOptions()
    /// The column, or for pictures the regular expression or column, whose equal values stay on one side of the split.
    public var groupColumn: String?
    /// What a model makes of pictures and tables; nil to find it from the data.
    public var input: ModelInput?
    /// The division of a folder's pictures that a model was trained on; nil to divide them anew.
    public var imageSplit: ImageSplit?
    /// The step that finds a digit on paper, for pictures of digits; nil for pictures of other things.
    public var digits: DigitNormalization?

    /// Creates a request.
    ///
    /// - Precondition: 0 <= testShare < 1.
    public init(
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
    public init(_ origin: DataOrigin, featureCount: Int?) {
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

/// What is asked of a table of text.
public struct TableRequest: Sendable {
    /// The label's column; nil for one that is called label, target, class, species or y, or the only one of text.
    public var label: String?
    /// The task; nil for what the label's values suggest.
    public var task: TableTask?
    /// How numbers are scaled.
    public var scaling: TablePreprocessing.Scaling
    /// What is done about missing values.
    public var missing: TablePreprocessing.MissingValues
    /// What is known of the file.
    public var options: TableOptions

    /// Creates a request.
    public init(
        label: String? = nil, task: TableTask? = nil, scaling: TablePreprocessing.Scaling = .standard,
        missing: TablePreprocessing.MissingValues = .fill, options: TableOptions = TableOptions()
    ) {
        (self.label, self.task, self.scaling) = (label, task, scaling)
        (self.missing, self.options) = (missing, options)
    }
}

/// The files of a run's data and their split: what finds the same examples again.
public struct DataOrigin: Codable, Equatable, Sendable {
    /// The absolute path of the file.
    public var file: String
    /// The absolute path of the file of test examples; nil without one.
    public var testFile: String?
    /// The share of `file` that was held out for the test, and the seed of the split; nil with a test file.
    public var testShare: Double?, seed: Int?
    /// The index of the first feature in the file, where it numbers features.
    public var firstIndex: Int?
    /// The column whose equal values stayed on one side of the split; nil without one.
    public var groupColumn: String?
    /// The encoding that was asked for; nil where it was detected.
    public var encoding: TextEncoding?
    /// Whether pictures that cannot be read were left out.
    public var skipsUnreadable: Bool?

    /// Creates an origin from its parts.
    public init(
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
    public init(from decoder: any Decoder) throws {
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
public struct LoadedData: Sendable {
    /// The examples.
    public var split: Dataset
    /// Notes for the user, a line each: examples that were held out, features that were filled or left out.
    public var notes: [String]
    /// Those of the notes that say something should be mended.
    public var faults: [String] = []
    /// The files, for a run's record; nil for data that are found by their name.
    public var origin: DataOrigin?
    /// What was made of pictures and tables, to be stored with the model; nil where the file holds examples as they are.
    public var input: ModelInput?
    /// The division of a folder's pictures, to be stored with the model.
    public var imageSplit: ImageSplit?
    /// The rows of a table that are learned from, not prepared: for what prepares them anew in each fold. Nil for other data.
    public var trainingTable: Table?

    /// Creates loaded data from their parts.
    public init(
        _ split: Dataset, notes: [String] = [], origin: DataOrigin? = nil, input: ModelInput? = nil,
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
public struct LoadedPart: Sendable {
    /// The examples.
    public var examples: LabeledExamples
    /// Notes for the user, a line each.
    public var notes: [String]
    /// Whether these are all examples, because the data have no parts.
    public var isWhole: Bool

    /// Creates a part.
    public init(_ examples: LabeledExamples, notes: [String] = [], isWhole: Bool = false) {
        (self.examples, self.notes, self.isWhole) = (examples, notes, isWhole)
    }
}
