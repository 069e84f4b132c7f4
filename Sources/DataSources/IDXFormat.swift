import Arrays
import Datasets
import ExampleData
import Support

/// Pairs of IDX files, MNIST's format: a file of images, whose labels lie beside it under the name that `images` and `idx3` in
/// its name become `labels` and `idx1` by.
package enum IDXFormat: DataFormat {
    package static let name = "an IDX file of images with its labels beside it"

    package static func recognizes(_ head: [UInt8], path: String) -> Bool {
        head.count > 4 && head[0] == 0 && head[1] == 0 && (8...14).contains(head[2])
            && (1...8).contains(head[3])
    }

    package static func read(_ path: String, _ request: DataRequest) throws -> LoadedData {
        let all = try pair(path, classNames: nil)
        var (train, test, notes) = (all, all.prefix(0), [String]())
        var origin = DataOrigin(path, request)
        if let testFile = request.testFile {
            test = try pair(testFile, classNames: all.classNames)
            origin.testFile = Files.resolved(testFile) ?? testFile
        } else if request.testShare > 0 {
            (train, test) = all.stratifiedSplit(holding: request.testShare, seed: request.seed)
            (origin.testShare, origin.seed) = (request.testShare, request.seed)
            notes.append(DataNotes.heldOut(path, test.count, of: all.count, request))
        }
        return LoadedData(
            Dataset(
                name: PathText.name(of: path), train: train, test: test, checksum: all.contentChecksum),
            notes: notes, origin: origin)
    }

    /// The classes are the labels that occur, or those of the training examples.
    private static func pair(_ path: String, classNames: [String]?) throws -> LabeledExamples {
        let images = try IDX.read(path, rank: 3)
        let name = PathText.name(of: path)
        let labelName = name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
        let labelPath = String(path.dropLast(name.count)) + labelName
        guard labelName != name, Files.exists(labelPath) else {
            throw DescentError(
                .missingInput, "the labels of the images are not beside them", at: path,
                expected: labelName == name ? "a name with 'images' in it" : labelPath,
                advice: "name the files as MNIST's: train-images-idx3-ubyte and train-labels-idx1-ubyte")
        }
        let labels = try IDX.read(labelPath, rank: 1).elements
        let names = classNames ?? Set(labels).sorted().map { "\($0)" }
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        do {
            // A label that was not learned has the number behind the last, which is refused with its row.
            return try LabeledExamples(
                validating: .bytes(images),
                .classes(labels.map { numbers["\($0)"] ?? Int32(names.count) }), classNames: names)
        } catch {
            throw error.at("\(path) and \(labelName)")
        }
    }
}
