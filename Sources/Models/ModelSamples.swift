import ArrayFiles
import Arrays
import Classification
import ExampleData
import Pipelines
import Support

/// The samples of a model, `samples.safetensors`: inputs and the outputs that they must give. A model that was damaged, or
/// that another version computes differently, is found when it is loaded, not by its wrong answers.
struct ModelSamples {
    /// The largest difference of a probability from the stored one: sums in another order, as another CPU makes them, differ
    /// by about 1e-6.
    static let tolerance: Float = 1e-4
    /// The largest difference where another CPU's rounding may turn a vote (a 45th of ten classes' votes), or assign another
    /// word to one descriptor of a picture's hundred.
    static let voteTolerance: Float = 0.05
    static let wordTolerance: Float = 0.02
    static let imagesKey = "images"
    static let featuresKey = "features"
    static let probabilitiesKey = "probabilities"

    /// The inputs: images as bytes [N, H, W], or rows of features.
    let inputs: FeatureMatrix
    /// The outputs, [N, K].
    let probabilities: NDArray<Float>

    init(inputs: FeatureMatrix, probabilities: NDArray<Float>) {
        self.inputs = inputs
        self.probabilities = probabilities
    }

    /// Reads the samples and checks that they have the model's sizes.
    init(at path: String, for classifier: any TrainedClassifier) throws {
        let file = try SafeTensors(contentsOf: path)
        inputs = try Self.inputs(in: file)
        probabilities = try file.array(named: Self.probabilitiesKey, as: Float.self)
        let count = inputs.count
        guard count > 0, inputs.exampleShape == classifier.exampleShape,
            probabilities.shape == [count, classifier.classNames.count]
        else {
            let shape = (["N"] + classifier.exampleShape.map(String.init)).joined(separator: ", ")
            throw DescentError(
                .badData, "the samples do not fit config.json", at: path,
                expected:
                    "\(classifier.imageSize == nil ? "features" : "images") [\(shape)] and probabilities"
                    + " [N, \(classifier.classNames.count)]",
                got: "\(inputs.shape) and \(probabilities.shape)")
        }
    }

    /// Reads the inputs: images, numbers, or numbers without their zeros.
    static func inputs(in file: SafeTensors) throws -> FeatureMatrix {
        if file.arrays[featuresKey] != nil {
            let rows = try file.array(named: featuresKey, as: Float.self)
            guard rows.ndim == 2 else {
                throw DescentError(
                    .badData, "the samples are not rows", at: file.path, expected: "[N, D]",
                    got: "\(rows.shape)")
            }
            return .floats(rows)
        }
        if file.arrays[sparseKey("starts")] != nil { return .sparse(try sparse(in: file)) }
        let images = try file.array(named: imagesKey, as: UInt8.self)
        guard images.ndim > 0 else {
            throw DescentError(.badData, "the samples are not rows", at: file.path, got: "\(images.shape)")
        }
        return .bytes(images)
    }

    /// Writes `samples.safetensors`.
    ///
    /// - Throws: `usage` without samples: a model that cannot be compared with anything is not loaded either.
    func write(to path: String) throws {
        guard inputs.count > 0 else {
            throw DescentError(
                .usage, "a model folder needs at least one sample image", at: "samples", got: "none")
        }
        var file = SafeTensors()
        Self.set(inputs: inputs, in: &file)
        file.set(probabilities, named: Self.probabilitiesKey)
        try file.write(to: path)
    }

    /// Puts the inputs into a file.
    static func set(inputs: FeatureMatrix, in file: inout SafeTensors) {
        switch inputs.storage {
        case .bytes(let images): file.set(images, named: imagesKey)
        case .floats(let rows): file.set(rows, named: featuresKey)
        case .sparse(let rows): set(rows, in: &file)
        }
    }

    /// Compares the outputs of `classifier` with the stored ones.
    func check(_ classifier: any TrainedClassifier, at path: String) throws {
        let found: [Float]
        do {
            found = try classifier.probabilities(of: inputs).elements
        } catch let error as DescentError {
            throw DescentError(
                .badData, "the model cannot read the samples that are stored with it: \(error.what)",
                at: path,
                expected: error.expected, got: error.got,
                advice: "the folder is damaged; train the model again")
        }
        guard found.count == probabilities.count else {
            throw DescentError(
                .badData, "the model gives another number of answers than are stored with it", at: path,
                expected: "\(probabilities.count) probabilities", got: "\(found.count)",
                advice: "the folder is damaged; train the model again")
        }
        var worst: Float = 0
        for (one, other) in zip(found, probabilities.elements) {
            let difference = abs(one - other)
            worst = difference.isNaN ? .infinity : max(worst, difference)
        }
        let tolerance = Self.tolerance(for: classifier)
        guard worst <= tolerance else {
            throw DescentError(
                .badData, "the model does not give the answers that are stored with it", at: path,
                expected: "differences up to \(tolerance)", got: "\(worst)",
                advice: "the folder is damaged; train the model again")
        }
    }

    private static func tolerance(for classifier: any TrainedClassifier) -> Float {
        if case .votes = classifier.scoreKind { return voteTolerance }
        return classifier.isSensitiveToRounding ? wordTolerance : tolerance
    }
}

extension ModelSamples {
    fileprivate static func sparseKey(_ part: String) -> String { "features.\(part)" }

    /// Stores rows without their zeros.
    fileprivate static func set(_ rows: CompressedRows, in file: inout SafeTensors) {
        var (starts, columns, values): ([Int32], [Int32], [Float]) = ([0], [], [])
        for row in 0..<rows.shape[0] {
            let entries = rows.entries(ofRow: row)
            columns += entries.columns
            values += entries.values
            starts.append(Int32(values.count))
        }
        file.set(NDArray(shape: [starts.count], elements: starts), named: sparseKey("starts"))
        file.set(NDArray(shape: [columns.count], elements: columns), named: sparseKey("columns"))
        file.set(NDArray(shape: [values.count], elements: values), named: sparseKey("values"))
        file.metadata["features.width"] = "\(rows.shape[1])"
    }

    /// Reads rows without their zeros.
    ///
    /// - Throws: `badData` when they contradict each other.
    fileprivate static func sparse(in file: SafeTensors) throws -> CompressedRows {
        let starts = try file.array(named: sparseKey("starts"), as: Int32.self).elements
        let columns = try file.array(named: sparseKey("columns"), as: Int32.self).elements
        let values = try file.array(named: sparseKey("values"), as: Float.self).elements
        guard let width = file.metadata["features.width"].flatMap({ Int($0) }),
            let rows = CompressedRows(
                checking: width, starts: starts.map { Int($0) }, columns: columns, values: values)
        else {
            throw DescentError(
                .badData, "the sparse samples contradict each other", at: file.path,
                advice: "the folder is damaged; train the model again")
        }
        return rows
    }
}
