import ArrayFiles
import Arrays
import Classical
import Datasets
import ExampleData
import FoundationEssentials
import ONNXImport
import Support

/// An extractor that takes colours, and says how far it has come.
package protocol PictureFeatureExtractor: FeatureExtractor {
    /// The form in which it would have pictures of any size.
    var pictures: (height: Int, width: Int) { get }

    /// Returns the features of images [N, H, W] or [N, 3, H, W].
    ///
    /// - Throws: as `rows(of:cancellation:)`.
    func rows(
        of examples: FeatureMatrix, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> FeatureMatrix
}

/// What a trained network of an ONNX file makes of pictures: the tensor before its last layer, or any other by its name.
///
/// The file's bytes are kept with the model. Of a tensor [N, C, H, W] the mean of each channel is taken.
///
/// ```swift
/// let eyes = try FeatureChoice(parsing: "onnx:efficientnet.onnx")
/// let pipeline = Pipeline(eyes, LogisticRegression())
/// ```
package struct ONNXFeatures: PictureFeatureExtractor {
    /// `onnx`.
    package static let kind = "onnx"
    /// `onnx:FILE[@TENSOR]`.
    package static let usage = "onnx:FILE[@TENSOR]"

    /// The file's name, without its folder.
    package let fileName: String
    /// The form of the pictures.
    package let form: ONNXPictures
    /// The tensor that is taken.
    package let tensor: String
    /// The names of the output `label`, where the graph decides itself: the class's number is one feature more.
    let labels: [String]?
    let fingerprint: Fingerprint
    private let bytes: [UInt8]
    private let model: ONNXModel
    private let width: Int
    /// The path that was named; nil where the network was read from a model.
    private var path: String?
    /// The folder that keeps rows; nil for none.
    package var cacheFolder: String?

    /// The most pictures that go through the network at once.
    private static let batch = 8

    /// Opens the network in the bytes of the file at `path`.
    ///
    /// - Throws: `badData` where it cannot be read or takes no pictures, or has no such tensor.
    package init(
        bytes: [UInt8], path: String, tensor: String?, settings: ONNXPictures.Settings = .init(),
        labels: [String]? = nil
    ) throws {
        let whole = try ONNXModel(bytes: bytes, named: path)
        try Self.requireOneFile(whole, path)
        guard let tensor = tensor ?? whole.lastLayerInput else {
            throw DescentError(
                .badData, "the network has no layer of weights before its output", at: path,
                advice: "name the tensor, as in onnx:\(path)@TENSOR")
        }
        try self.init(
            bytes, PathText.name(of: path), tensor, try ONNXPictures(of: whole, settings, at: path),
            labels: labels)
    }

    /// A model folder holds one file: weights beside it would stay behind.
    private static func requireOneFile(_ model: ONNXModel, _ path: String) throws {
        guard model.hasExternalData else { return }
        throw DescentError(
            .badData, "weights in files beside the network do not travel with a model", at: path,
            expected: "a network in one file", advice: "save it again without external data")
    }

    private init(
        _ bytes: [UInt8], _ fileName: String, _ tensor: String, _ form: ONNXPictures, labels: [String]?
    ) throws {
        (self.bytes, self.fileName, self.tensor, self.form, self.labels) = (
            bytes, fileName, tensor, form, labels
        )
        model = try ONNXModel(
            bytes: bytes, named: fileName, outputs: [tensor] + (labels == nil ? [] : ["label"]))
        try Self.requireOneFile(model, fileName)
        fingerprint = Fingerprint(bytes)
        // A network that cannot run on its own form is found here, not after the pictures are read.
        let blank = FeatureMatrix.bytes(
            NDArray(
                shape: [1] + form.exampleShape,
                elements: [UInt8](repeating: 0, count: form.exampleShape.reduce(1, *))))
        width = try Self.rows(model, form, labels, blank, 1).count
    }

    /// Opens the file of a text: `onnx:FILE[@TENSOR]`, with `size=224`, `mean=0.5/0.5/0.5` and `deviation=0.5` where needed.
    package init(from settings: inout SettingText) throws {
        guard let text = settings.text("file", main: true), !text.isEmpty else {
            throw DescentError(
                .usage, "features of a network need its file", at: "features 'onnx'",
                expected: "onnx:FILE[@TENSOR]")
        }
        var pictures = ONNXPictures.Settings()
        if let side = try settings.whole("size", in: 1...16384) { pictures.size = (side, side) }
        func numbers(_ key: String) throws -> [Double]? {
            guard let text = settings.text(key) else { return nil }
            return try text.split(separator: "/", omittingEmptySubsequences: false).map { part in
                guard let number = Double(part) else {
                    throw settings.wrong(key, expected: "numbers, as in 0.5/0.5/0.5", got: text)
                }
                return number
            }
        }
        pictures.mean = try numbers("mean")
        pictures.deviation = try numbers("deviation")
        var (path, tensor): (String, String?) = (text, nil)
        if !Files.exists(path), let place = text.lastIndex(of: "@") {
            (path, tensor) = (String(text[..<place]), String(text[text.index(after: place)...]))
        }
        try self.init(
            bytes: ONNXFile.bytes(of: path), path: path, tensor: tensor,
            settings: pictures)
        self.path = path
        cacheFolder = try? CacheDirectory.standard() + "/features"
    }

    /// The file and the tensor.
    package var settingsText: String { "\(path ?? fileName)@\(tensor)" }

    /// `what efficientnet.onnx sees (1,280 numbers of 'pool')`.
    package var summary: String {
        labels != nil ? fileName : "what \(fileName) sees (\(Numerals.grouped(width)) numbers of '\(tensor)')"
    }

    /// Height and width that the network takes.
    package var pictures: (height: Int, width: Int) { (form.height, form.width) }

    /// The number of elements of its tensor, whatever the size of the images, which are brought to the network's own.
    package func featureCount(height: Int, width: Int) throws -> Int { self.width }

    /// Returns what the network makes of grey images.
    package func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
        try rows(of: .bytes(images), cancellation: cancellation, progress: nil)
    }

    /// Returns what the network makes of images, those of the cache without asking it.
    package func rows(
        of examples: FeatureMatrix, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> FeatureMatrix {
        guard let cacheFolder else { return try computed(examples, cancellation, progress) }
        let cache = FeatureCache(
            folder: cacheFolder,
            name: "\(fingerprint.text)-\(Fingerprint(Array("\(tensor) \(form)".utf8)).text)",
            width: width)
        return try cache.rows(of: examples) { missing, keep in
            // What was computed before Ctrl-C need not be computed again.
            try computed(missing, cancellation, progress, keep: keep)
        }
    }

    private func computed(
        _ examples: FeatureMatrix, _ cancellation: Cancellation?, _ progress: ((LearningProgress) -> Void)?,
        keep: (([Float]) -> Void)? = nil
    ) throws -> FeatureMatrix {
        let fixed = model.inputs.first?.shape?.first ?? nil
        let length = max(1, min(fixed ?? Self.batch, 1024))
        var elements: [Float] = []
        elements.reserveCapacity(examples.count * width)
        for start in stride(from: 0, to: examples.count, by: length) {
            try Cancellation.check(cancellation, at: fileName)
            let end = min(start + length, examples.count)
            let count = fixed ?? (end - start)
            let part = try Self.rows(model, form, labels, examples[start..<end], count)
            elements += part
            keep?(part)
            progress?(
                LearningProgress(
                    activity: "looking with \(fileName)", fraction: Double(end) / Double(examples.count)))
        }
        return .floats(NDArray(shape: [examples.count, width], elements: elements))
    }

    /// Returns the rows of a batch: means over the places of each channel, and the class's number where the graph decides.
    private static func rows(
        _ model: ONNXModel, _ form: ONNXPictures, _ labels: [String]?, _ examples: FeatureMatrix, _ batch: Int
    ) throws -> [Float] {
        guard let input = model.inputs.first else { return [] }
        let fixed = input.shape?.first ?? nil
        let count = max(fixed ?? batch, examples.count)
        let results = try model.run([input.name: try form.tensor(of: examples, count: count)])
        let tensor = results[0]
        guard tensor.shape.first == count, tensor.count > 0 else {
            throw DescentError(
                .badData, "the tensor is not one row for each picture",
                at: "tensor '\(model.outputs[0].name)'",
                expected: "[\(count), ...]", got: "\(tensor.shape)",
                advice: "name another, as in onnx:FILE@TENSOR")
        }
        let values = try tensor.elements(as: Float.self)
        let channels = tensor.shape.count > 1 ? tensor.shape[1] : 1
        // [N, C, H, W]: the mean of each channel; [N, tokens, D]: of each feature; other tensors as they are.
        let each = values.count / count
        var rows: [Float] = []
        for index in 0..<examples.count {
            let own = values[(index * each)..<((index + 1) * each)]
            switch tensor.shape.count {
            case 4 where each > channels:
                let places = each / channels
                for channel in 0..<channels {
                    let first = own.startIndex + channel * places
                    rows.append(own[first..<first + places].reduce(0, +) / Float(places))
                }
            case 3 where each > tensor.shape[2]:
                let features = tensor.shape[2]
                for feature in 0..<features {
                    var sum: Float = 0
                    for token in 0..<channels { sum += own[own.startIndex + token * features + feature] }
                    rows.append(sum / Float(channels))
                }
            default: rows += own
            }
            if let labels {
                let texts = results[1].strings
                guard texts.count == count, let number = labels.firstIndex(of: texts[index]) else {
                    throw DescentError(.badData, "a label that is no class", at: "output 'label'")
                }
                rows.append(Float(number))
            }
        }
        guard rows.allSatisfy(\.isFinite) else {
            throw DescentError(
                .badData, "the network gives numbers that are not finite",
                at: "tensor '\(model.outputs[0].name)'")
        }
        return rows
    }

    /// Equal if the same tensor of the same file is taken, of the same pictures.
    package static func == (one: ONNXFeatures, other: ONNXFeatures) -> Bool {
        one.fingerprint == other.fingerprint && one.tensor == other.tensor && one.form == other.form
            && one.labels == other.labels
    }

    /// By file and tensor.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(fingerprint)
        hasher.combine(tensor)
    }

    // MARK: Keeping

    private struct Stored: Codable {
        var file: String
        var tensor: String
        var pictures: ONNXPictures
        var labels: [String]?
    }

    /// Puts the file itself and the form of its pictures under `prefix`.
    package func store(in file: inout SafeTensors, prefix: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let stored = Stored(file: fileName, tensor: tensor, pictures: form, labels: labels)
        // Names and numbers cannot fail to be encoded; a file without them is refused when it is read.
        file.metadata[prefix + "network"] = (try? encoder.encode(stored)).map {
            String(decoding: $0, as: UTF8.self)
        }
        file.set(NDArray(bytes), named: prefix + "onnx")
    }

    /// Opens the network again.
    package init(from file: SafeTensors, prefix: String) throws {
        let stored: Stored
        do {
            stored = try JSONDecoder().decode(
                Stored.self, from: Data((file.metadata[prefix + "network"] ?? "").utf8))
        } catch {
            throw StoredFeatures.damaged(file)
        }
        let form = stored.pictures
        guard (1...16384).contains(form.height), (1...16384).contains(form.width),
            form.channels == 1 || form.channels == 3, form.mean.count == form.channels,
            form.deviation.count == form.channels
        else { throw StoredFeatures.damaged(file) }
        try self.init(
            file.array(named: prefix + "onnx", as: UInt8.self).elements, stored.file, stored.tensor, form,
            labels: stored.labels)
    }
}

extension FeatureChoice {
    /// The height and width that the extractor would have pictures in; nil where any will do.
    package var pictureSize: (height: Int, width: Int)? {
        (extractor as? any PictureFeatureExtractor)?.pictures
    }
}
