import Descent
import Foundation
import HTTPTypes
import Handwriting
import Hummingbird
import Images
import NIOCore
import Serving
import Synchronization

/// The drawing page, which the server shows at `/`: plain files that are part of the program.
///
/// The page asks `/page/models` and posts pictures to `/page/look` and `/page/examples` of the same server, and asks nothing of any
/// other: its policy allows no more.
public final class DrawingPage: Sendable {
    /// The folder that "save as example" grows; nil where the page may write none.
    private let examples: ExampleFolder?
    /// What was found inside the models: of each its last version.
    private let insides = Mutex<[String: (version: Int, inside: ModelInside)]>([:])

    /// The most bytes of a picture.
    static let bodyLimit = 16 << 20
    /// The most pixels of a picture.
    static let imagePixels = 25_000_000
    /// The most classes whose probabilities are told.
    static let shownClasses = 10

    /// Creates the page. `examples`: the folder for pictures that the user labels; nil for none.
    public init(examples: ExampleFolder? = nil) { self.examples = examples }

    /// Returns the answer to a request for the page; nil for another path, which is then the server's own.
    ///
    /// - Throws: `ServingError`, and `DescentError` for a picture that cannot be read.
    public func response(to request: Request, _ store: ModelStore) async throws -> Response? {
        let path = request.uri.path
        let isReading = request.method == .get || request.method == .head
        if isReading, let (name, bytes) = Self.file(at: path) {
            return PageFiles.response(to: request, name, bytes)
        }
        guard path.hasPrefix("/page/") else { return nil }
        switch (request.method, path) {
        case (.get, "/page/models"): return try PageFiles.json(try offer(store))
        case (.post, "/page/look"): return try PageFiles.json(try await look(request, store))
        case (.post, "/page/examples"): return try PageFiles.json(try await save(request, store))
        default: throw ServingError(404, "there is nothing at \(path.prefix(80))")
        }
    }

    private static func file(at path: String) -> (name: String, bytes: [UInt8])? {
        switch path {
        case "/", "/index.html": ("index.html", PackageResources.index_html)
        case "/page.css": ("page.css", PackageResources.page_css)
        case "/page.js": ("page.js", PackageResources.page_js)
        case "/drawing.js": ("drawing.js", PackageResources.drawing_js)
        case "/inside.js": ("inside.js", PackageResources.inside_js)
        case "/words.js": ("words.js", PackageResources.words_js)
        default: nil
        }
    }
}

// What the page asks, and what it is told.
extension DrawingPage {
    private struct Offer: Encodable {
        struct Model: Encodable {
            var name: String, kind: String
            /// nil for a model of tables.
            var height: Int?, width: Int?
            var isGrey: Bool
            /// Whether a drawing is brought into the form of MNIST's digits.
            var isHandwriting: Bool
            var classNames: [String]
        }

        var models: [Model]
        var canSave: Bool
    }

    private struct Saved: Encodable {
        var label: String
        var isNew: Bool
        var count: Int
    }

    /// A picture as a model takes it.
    private struct Given {
        var entry: ModelStore.Entry
        var example: FeatureMatrix
        var hasInk: Bool
    }

    private func offer(_ store: ModelStore) throws -> Offer {
        let models = try store.names.map { name in
            let model = try store.entry(named: name).model
            let shape = model.model.classifier.exampleShape
            let input = model.pictureInput
            var isPicture = input != nil
            if case .table? = input { isPicture = false }
            return Offer.Model(
                name: name, kind: try inside(model).kind,
                height: isPicture ? shape[shape.count - 2] : nil,
                width: isPicture ? shape[shape.count - 1] : nil, isGrey: shape.count == 2,
                isHandwriting: Self.isHandwriting(model), classNames: model.model.classNames)
        }
        return Offer(models: models, canSave: examples != nil)
    }

    /// Whether a model is one of single signs in MNIST's form, light ink on black.
    private static func isHandwriting(_ model: ServedModel) -> Bool {
        model.model.classifier.exampleShape == [28, 28]
            && model.model.classNames.allSatisfy { $0.count == 1 }
    }

    private func inside(_ model: ServedModel) throws -> ModelInside {
        if let known = insides.withLock({ $0[model.name] }), known.version == model.version {
            return known.inside
        }
        let made = try ModelInside(model.model, at: model.path)
        insides.withLock { $0[model.name] = (model.version, made) }
        return made
    }

    private func look(_ request: Request, _ store: ModelStore) async throws -> Look {
        let given = try await given(request, store)
        let (model, example) = (given.entry.model, given.example)
        let inside = try inside(model)
        var look = Look(kind: inside.kind, seen: Self.picture(of: example))
        look.hasInk = given.hasInk
        guard given.hasInk else { return look }
        guard let prediction = try model.model.predictions(for: example, rejectingBelow: 0).first else {
            throw ServingError(500, "a picture without an answer")
        }
        look.label = prediction.className
        // A tenth of all votes may be all that a class can have.
        let measure = model.model.classifier.scoreKind
        look.measure = measure.name
        look.share = measure.confidence(prediction.probability).map(Self.finite)
        look.isUnknown = prediction.rejection == .novel
        look.top = prediction.top(Self.shownClasses).map {
            Look.Share(
                label: $0.className,
                share: Self.finite(measure.confidence($0.probability) ?? $0.probability))
        }
        try inside.add(to: &look, for: example)
        return look
    }

    private func save(_ request: Request, _ store: ModelStore) async throws -> Saved {
        guard let examples else {
            throw ServingError(
                403, "the server was started without --examples: there is no folder for pictures")
        }
        // Other requests may come from programs, which name no page; what writes comes from the page alone.
        guard request.headers[.origin] != nil else {
            throw ServingError(403, "examples are saved from the page of this server only")
        }
        guard let label = request.uri.queryParameters["label"].map({ String($0) }) else {
            throw ServingError(400, "label is missing")
        }
        let name = try ExampleFolder.name(of: label)
        let given = try await given(request, store)
        guard given.hasInk else { throw ServingError(400, "there is nothing on the picture") }
        let saved = try examples.save(Self.pixels(of: given.example), as: name)
        return Saved(label: name, isNew: saved.isNew, count: saved.count)
    }

    private func given(_ request: Request, _ store: ModelStore) async throws -> Given {
        let query = request.uri.queryParameters
        let entry = try store.entry(named: query["model"].map { String($0) })
        guard let input = entry.model.pictureInput, case .images(let form) = input else {
            throw ServingError(415, "the model takes rows, not pictures")
        }
        let bytes = try await PageFiles.body(of: request, limit: Self.bodyLimit)
        guard !bytes.isEmpty else { throw ServingError(400, "the request has no body") }
        let decoder = ImageDecoder(maximumPixels: Self.imagePixels)
        let isHandwriting = Self.isHandwriting(entry.model)
        // A photograph of a sign has paper and shadows around it, which a model of MNIST's form never saw.
        if isHandwriting, query["photo"] == "1" || form == ImageInput(digits: DigitNormalization()) {
            let found = try DigitNormalization().images(of: Self.single(decoder.decode(bytes)))
            return Given(entry: entry, example: .bytes(found), hasInk: Self.hasContrast(found))
        }
        let example = try input.examples(ofEncodedImages: [bytes], decoder: decoder)
        let hasInk = !isHandwriting || Self.hasContrast(Self.pixels(of: example))
        return Given(entry: entry, example: example, hasInk: hasInk)
    }

    private static func single(_ image: NDArray<UInt8>) -> NDArray<UInt8> {
        image.reshaped(to: [1] + image.shape)
    }

    private static func hasContrast(_ pixels: NDArray<UInt8>) -> Bool {
        let elements = pixels.elements
        guard let low = elements.min(), let high = elements.max() else { return false }
        return high - low >= 32
    }

    private static func finite(_ number: Float) -> Float { number.isFinite ? number : 0 }

    /// The only example as bytes: [H, W], or [H, W, 3].
    private static func pixels(of example: FeatureMatrix) -> NDArray<UInt8> {
        let bytes = NDArray(
            shape: example.exampleShape,
            elements: example.unscaledFloats.elements.map { UInt8(max(0, min(255, $0))) })
        return bytes.ndim == 3 ? bytes.permuted([1, 2, 0]) : bytes
    }

    private static func picture(of example: FeatureMatrix) -> Look.Picture {
        let shape = example.exampleShape
        return Look.Picture(
            height: shape[shape.count - 2], width: shape[shape.count - 1],
            channels: shape.count == 3 ? shape[0] : 1,
            bytes: BytesText.levels(example.unscaledFloats.elements))
    }
}
