import ArrayFiles
import Arrays
import ExampleData
import Support
import Tables

/// NumPy's archives with the keys of Keras's `mnist.npz`: x_train, y_train, x_test, y_test; or x and y.
package enum NumPyFormat: DataFormat {
    package static let name = "an npz archive with x_train and y_train"

    package static func recognizes(_ head: [UInt8], path: String) -> Bool {
        head.starts(with: [0x50, 0x4B, 0x03, 0x04]) && FileKind.other(head) == nil
    }

    package static func read(_ path: String, _ request: DataRequest) throws -> LoadedData {
        let file = try NPZ(contentsOf: path)
        var origin = DataOrigin(path, request)
        var notes: [String] = []
        let first = file.names.contains("x_train") ? ("x_train", "y_train") : ("x", "y")
        let isRegression = request.table.task == .regression
        func part(_ file: NPZ, _ keys: (String, String), _ path: String) throws -> LabeledArray {
            try LabeledArray(file, keys, path, isRegression: isRegression)
        }
        var parts = [try part(file, first, path)]
        if let testFile = request.testFile {
            let other = try NPZ(contentsOf: testFile)
            let keys = other.names.contains("x_test") ? ("x_test", "y_test") : ("x", "y")
            parts.append(try part(other, keys, testFile))
            origin.testFile = Files.resolved(testFile) ?? testFile
        } else if file.names.contains("x_test") {
            parts.append(try part(file, ("x_test", "y_test"), path))
        }
        let examples = try LabeledArray.examples(parts)
        var (train, test) = (examples[0], examples.count > 1 ? examples[1] : examples[0].prefix(0))
        if examples.count == 1, request.testShare > 0 {
            let all = train
            (train, test) = all.stratifiedSplit(holding: request.testShare, seed: request.seed)
            (origin.testShare, origin.seed) = (request.testShare, request.seed)
            notes.append(
                DataNotes.heldOut(path, test.count, of: all.count, request, ofClasses: !isRegression))
        }
        return LoadedData(
            Dataset(
                name: PathText.name(of: path), train: train, test: test, checksum: train.contentChecksum),
            notes: notes, origin: origin)
    }
}

/// An array of examples with the whole numbers that are its labels, or the numbers that are to be learned.
struct LabeledArray {
    private let array: StoredArray
    /// The labels; empty for numbers.
    private let labels: [Int]
    /// The numbers; nil for labels.
    private let values: [Float]?
    private let place: String

    /// - Throws: `badData` for labels that are no whole numbers, numbers that are not finite, and examples without a first axis.
    init(_ file: NPZ, _ keys: (x: String, y: String), _ path: String, isRegression: Bool) throws {
        array = try file.array(named: keys.x)
        place = "\(path), \(keys.x)"
        let values: [Double] = try file.array(named: keys.y).converted().elements
        if isRegression {
            if let wrong = values.firstIndex(where: { !Float($0).isFinite }) {
                throw DescentError(
                    .badData, "a number that cannot be learned", at: "\(path), \(keys.y)[\(wrong)]",
                    expected: "a finite number", got: "\(values[wrong])")
            }
            (self.values, labels) = (values.map { Float($0) }, [])
            try checkCount(values.count)
            return
        }
        self.values = nil
        if let wrong = values.firstIndex(where: { !(0...65_535).contains($0) || $0 != $0.rounded() }) {
            throw DescentError(
                .badData, "a label that is no class", at: "\(path), \(keys.y)[\(wrong)]",
                expected: "a whole number, 0 to 65535", got: "\(values[wrong])")
        }
        labels = values.map { Int($0) }
        try checkCount(values.count)
    }

    private func checkCount(_ count: Int) throws {
        guard array.shape.count >= 2, array.shape[0] == count else {
            throw DescentError(
                .badData, "as many examples as labels are needed", at: place,
                expected: "[\(count), ...]", got: "\(array.shape)")
        }
    }

    /// The examples of the parts: of one form, and with the classes whose labels occur in any.
    ///
    /// - Throws: `badData` when the parts have examples of different shapes, or images are no bytes.
    static func examples(_ parts: [LabeledArray]) throws -> [LabeledExamples] {
        let shape = Array(parts[0].array.shape.dropFirst())
        for part in parts where Array(part.array.shape.dropFirst()) != shape {
            throw DescentError(
                .badData, "training and test examples have different shapes", at: part.place,
                expected: "[N, \(shape.map(String.init).joined(separator: ", "))]", got: "\(part.array.shape)"
            )
        }
        let names = Set(parts.flatMap(\.labels)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        // Images are bytes; a table is what it is.
        let isImage = shape.count >= 2
        let isUnit = isImage && parts.allSatisfy { $0.largest <= 1 }
        return try parts.map { part in
            let features =
                isImage
                ? try part.images(isUnit: isUnit) : FeatureMatrix.floats(part.array.converted())
            if let values = part.values { return LabeledExamples(features, values: NDArray(values)) }
            return try LabeledExamples(
                validating: features, .classes(part.labels.map { numbers[$0] ?? 0 }),
                classNames: names.map(String.init))
        }
    }

    private var largest: Double { Self.largest(of: array) }

    private static func largest(of array: StoredArray) -> Double {
        if case .uint8 = array { return 255 }
        let values: NDArray<Double> = array.converted()
        return values.elements.max() ?? 0
    }

    /// The pixels of images as bytes: numbers of 0 to 1 times 255, others as they are, rounded.
    ///
    /// - Throws: `badData` for numbers that are no pixels.
    static func bytes(of array: StoredArray, at place: String) throws -> NDArray<UInt8> {
        try bytes(of: array, isUnit: largest(of: array) <= 1, at: place)
    }

    private static func bytes(
        of array: StoredArray, isUnit: Bool, at place: String
    ) throws -> NDArray<UInt8> {
        if case .uint8(let stored) = array { return stored }
        let values: NDArray<Double> = array.converted()
        let scale = isUnit ? 255.0 : 1
        guard values.elements.allSatisfy({ $0 >= 0 && $0 * scale <= 255 }) else {
            throw DescentError(
                .badData, "images are bytes, or numbers from 0 to 1 or 255", at: place,
                advice: "give the pixels as they were before they were standardised")
        }
        return NDArray(shape: values.shape, elements: values.elements.map { UInt8(($0 * scale).rounded()) })
    }

    private func images(isUnit: Bool) throws -> FeatureMatrix {
        let bytes = try Self.bytes(of: array, isUnit: isUnit, at: place)
        let shape = bytes.shape
        // Keras keeps colours beside each other: [N, H, W, 3]; [N, 3, H, W] is taken as it is.
        if shape.count == 4, shape[3] == 3 { return .interleaved(bytes) }
        if shape.count == 4, shape[3] == 1 { return .bytes(bytes.reshaped(to: Array(shape.dropLast()))) }
        return .bytes(bytes)
    }
}
