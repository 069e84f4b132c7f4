import ArrayFiles
import Arrays
import ExampleData
import Support

/// NumPy's archives with the keys of Keras's `mnist.npz`: x_train, y_train, x_test, y_test; or x and y.
package enum NumPyFormat: DataFormat {
    package static let name = "an npz archive with x_train and y_train"

    package static func recognizes(_ head: [UInt8], path: String) -> Bool {
        head.starts(with: [0x50, 0x4B, 0x03, 0x04])
    }

    package static func read(_ path: String, _ request: DataRequest) throws -> LoadedData {
        let file = try NPZ(contentsOf: path)
        let name = PathText.name(of: path)
        var origin = DataOrigin(path, request)
        var notes: [String] = []
        let (train, test): (LabeledExamples, LabeledExamples)
        if file.names.contains("x_test"), request.testFile == nil {
            let classNames = try classes(in: file, ["y_train", "y_test"], path)
            train = try part(of: file, "x_train", "y_train", classNames, path)
            test = try part(of: file, "x_test", "y_test", classNames, path)
        } else {
            let isNamed = file.names.contains("x_train")
            let keys = isNamed ? ("x_train", "y_train") : ("x", "y")
            let all = try part(of: file, keys.0, keys.1, try classes(in: file, [keys.1], path), path)
            if let testFile = request.testFile {
                let other = try NPZ(contentsOf: testFile)
                let otherKeys = other.names.contains("x_test") ? ("x_test", "y_test") : ("x", "y")
                (train, test) = (all, try part(of: other, otherKeys.0, otherKeys.1, all.classNames, testFile))
                origin.testFile = Files.resolved(testFile) ?? testFile
            } else if request.testShare > 0 {
                (train, test) = all.stratifiedSplit(holding: request.testShare, seed: request.seed)
                (origin.testShare, origin.seed) = (request.testShare, request.seed)
                notes.append(DataNotes.heldOut(path, test.count, of: all.count, request))
            } else {
                (train, test) = (all, all.prefix(0))
            }
        }
        return LoadedData(
            Dataset(name: name, train: train, test: test, checksum: train.contentChecksum), notes: notes,
            origin: origin)
    }

    /// The labels, whole numbers 0 to 65,535, of all parts.
    private static func classes(in file: NPZ, _ keys: [String], _ path: String) throws -> [String] {
        var largest = 0
        for key in keys { largest = max(largest, try labels(in: file, key, path).max() ?? 0) }
        return (0...largest).map(String.init)
    }

    private static func labels(in file: NPZ, _ key: String, _ path: String) throws -> [Int] {
        let values: [Double] = try file.array(named: key).converted().elements
        guard let wrong = values.firstIndex(where: { !(0...65_535).contains($0) || $0 != $0.rounded() })
        else {
            return values.map { Int($0) }
        }
        throw DescentError(
            .badData, "a label that is no class", at: "\(path), \(key)[\(wrong)]",
            expected: "a whole number, 0 to 65535", got: "\(values[wrong])")
    }

    private static func part(
        of file: NPZ, _ x: String, _ y: String, _ classNames: [String], _ path: String
    ) throws -> LabeledExamples {
        let labels = try labels(in: file, y, path)
        let stored = try file.array(named: x)
        guard stored.shape.count >= 2 else {
            throw DescentError(
                .badData, "examples need a first axis and others", at: "\(path), \(x)", expected: "[N, ...]",
                got: "\(stored.shape)")
        }
        let features: FeatureMatrix
        if let bytes = try? file.array(named: x, as: UInt8.self) {
            // [N, H, W, 3], as Keras keeps colours.
            features = bytes.ndim == 4 && bytes.shape[3] == 3 ? .interleaved(bytes) : .bytes(bytes)
        } else {
            features = .floats(stored.converted())
        }
        do {
            return try LabeledExamples(
                validating: features, .classes(labels.map { Int32($0) }), classNames: classNames)
        } catch {
            throw error.at("\(path), \(x) and \(y)")
        }
    }
}
