import Descent

/// The examples on which a model is measured: those that it was trained on, or others that are named.
struct ModelData {
    private let source: DataOptions
    private let usual: DataName
    private let request: DataRequest
    /// Whether they are the files that the model was trained on.
    private let isTraining: Bool
    /// The checksum of the examples that it was trained on, where its record has one.
    private let checksum: String?

    /// Creates the choice. `model`: the model's folder; nil for none. `featureCount`: the number of features that it takes;
    /// `input`: what it makes of pictures and tables; `predictsNumbers`: whether labels are numbers to be predicted.
    init(
        _ named: DataOptions, of model: String?, featureCount: Int?, input: ModelInput? = nil,
        predictsNumbers: Bool = false
    ) throws {
        let kept = model.flatMap(ModelFolder.data)
        var named = named
        var request = DataRequest(
            testShare: 0, featureCount: featureCount, firstIndex: kept?.origin?.firstIndex)
        if let origin = kept?.origin {
            let isUsual = named.data == nil && named.dataDir == nil
            let isSame =
                named.data?.isFile == true
                && named.data.flatMap { Files.resolved($0.rawValue) } == origin.file
            isTraining = isUsual || isSame
            // The file that it was trained on has its test part still.
            if isUsual || isSame {
                request = DataRequest(origin, featureCount: featureCount)
                request.imageSplit = try model.flatMap { try ModelFolder.imageSplit(of: $0) }
            }
            if isUsual { named.data = DataName(argument: origin.file) }
        } else {
            isTraining = false
        }
        checksum = kept?.checksum
        usual = kept.flatMap { DataName(recorded: $0.name) } ?? .builtin
        // The files that it was trained on, unless others are named.
        source = named.remembering(usual, in: kept?.directory)
        request.input = input
        if predictsNumbers { request.table.task = .regression }
        self.request = request
    }

    /// The name of the data.
    var name: String { source.name(default: usual).name }
    /// The directory of their files; nil without one.
    var directory: String? { source.dataDir }
    /// Where an error about them is.
    var place: String { source.dataDir ?? source.name(default: usual).rawValue }
    /// Whether they are made here, one by one.
    var isBuiltIn: Bool { source.name(default: usual) == .builtin }

    /// Loads a part of them, as the model takes them; all of them where they have no parts.
    ///
    /// - Throws: `usage` where the test part is asked for and the model was trained on all of them.
    func load(part: SplitName, limit: Int?, _ options: OutputOptions) async throws -> LoadedPart {
        var loaded = try await source.load(
            part: part, limit: limit, default: usual, request: request, options)
        if loaded.isWhole, isTraining, part == .test {
            throw DescentError(
                .usage, "the model was trained on all of these examples; none were held out for a test",
                at: name, advice: "give others with --data, or measure the training with --split train")
        }
        // A folder's pictures are held by their own list.
        if isTraining, !isFolder, let checksum, !checksum.isEmpty, let found = loaded.checksum,
            found != checksum
        {
            Output.warn(
                "\(name) has changed since the model was trained, or is divided in another way: rows that it has learned from may be among these"
            )
        }
        // Pictures of a folder have gone through the model's input already.
        if let input = request.input, !isFolder {
            loaded.examples = try input.prepared(loaded.examples.labeledExamples())
        }
        return loaded
    }

    private var isFolder: Bool { (try? source.source(default: usual))?.kind == .folder }
}
