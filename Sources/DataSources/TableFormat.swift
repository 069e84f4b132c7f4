import Arrays
import ExampleData
import Support
import Tables

/// Tables of text: CSV and its kin, gzipped or not. One column is the label, the others become features.
package enum TableFormat: DataFormat {
    package static let name = "a table of text (CSV)"

    /// Returns whether the bytes are text with rows and columns, in whatever encoding.
    package static func recognizes(_ head: [UInt8], path: String) -> Bool { FileKind.isTable(head) }

    /// Reads both parts. The preprocessing is fitted to the training rows alone, or is the model's.
    package static func read(_ path: String, _ request: DataRequest) throws -> LoadedData {
        if case .table(let preprocessing)? = request.input {
            return try read(path, request, by: preprocessing)
        }
        guard request.featureCount == nil else {
            throw DescentError(
                .usage, "the model was not trained on a table, and does not know how to prepare one",
                at: path,
                expected: "data of the kind that it was trained on", got: "a table of text")
        }
        let asked = request.table
        let table = try Table(
            path, label: asked.label, task: asked.task, options: asked.options,
            cancellation: request.cancellation, progress: request.tableProgress)
        var notes = table.notes
        var origin = DataOrigin(path, request)
        var train = table
        var testRows: Table?
        if request.testFile == nil, request.testShare > 0 {
            let split = try table.split(
                test: request.testShare, seed: request.seed, groupBy: request.groupColumn)
            train = split.train
            testRows = split.test
            (origin.testShare, origin.seed) = (request.testShare, request.seed)
            notes.append(
                DataNotes.heldOut(
                    path, split.test?.count ?? 0, of: table.count, request,
                    ofClasses: table.task == .classification))
        }
        let preprocessing = try TablePreprocessing(
            fittedTo: train, scaling: asked.scaling, missing: asked.missing)
        notes += try preprocessing.applied(to: train).notes
        let learning = try train.examples(preprocessing)
        var testing = try testRows?.examples(preprocessing) ?? learning.prefix(0)
        if let testFile = request.testFile {
            testing = try Table(
                testFile, for: preprocessing, labeledOnly: true, options: asked.options,
                cancellation: request.cancellation, progress: request.tableProgress
            ).examples(preprocessing)
            origin.testFile = Files.resolved(testFile) ?? testFile
        }
        var loaded = LoadedData(
            Dataset(
                name: PathText.name(of: path), train: learning, test: testing,
                checksum: learning.contentChecksum),
            notes: notes, origin: origin, input: .table(preprocessing))
        loaded.trainingTable = train
        return loaded
    }

    /// Reads a file that a model is measured on, or the parts that it was trained on.
    private static func read(
        _ path: String, _ request: DataRequest, by preprocessing: TablePreprocessing
    ) throws -> LoadedData {
        let table = try Table(
            path, for: preprocessing, labeledOnly: true, options: request.table.options,
            cancellation: request.cancellation, progress: request.tableProgress)
        var (train, test) = (table, Table?.none)
        if request.testFile == nil, request.testShare > 0 {
            let split = try table.split(
                test: request.testShare, seed: request.seed, groupBy: request.groupColumn)
            (train, test) = (split.train, split.test)
        }
        let learning = try train.examples(preprocessing)
        let testing =
            try request.testFile.map {
                try Table(
                    $0, for: preprocessing, labeledOnly: true, options: request.table.options,
                    cancellation: request.cancellation, progress: request.tableProgress
                ).examples(preprocessing)
            }
            ?? test?.examples(preprocessing) ?? learning.prefix(0)
        return LoadedData(
            Dataset(
                name: PathText.name(of: path), train: learning, test: testing,
                checksum: learning.contentChecksum),
            notes: table.notes, origin: DataOrigin(path, request),
            input: .table(preprocessing))
    }
}

extension DataRequest {
    /// What a table tells of its reading.
    fileprivate var tableProgress: ((Double) -> Void)? {
        reading.map { reading in { reading(.table($0)) } }
    }
}

/// Sentences that several formats say.
enum DataNotes {
    static func heldOut(
        _ path: String, _ held: Int, of count: Int, _ request: DataRequest, what: String = "test file",
        ofClasses: Bool = true
    ) -> String {
        let share = "\(Numerals.fixed(100 * request.testShare, 0)) %"
        let rule =
            request.groupColumn.map { "\(share), those of one \($0) together" }
            ?? (ofClasses ? "\(share) of each class" : share)
        return "\(PathText.name(of: path)) has no \(what): \(Numerals.grouped(held)) of "
            + "\(Numerals.counted(count, "example")) are held out for the test (\(rule), seed \(request.seed))"
    }
}
