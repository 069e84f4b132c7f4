import Arrays
import ExampleData
import Support

/// The conversion of an example to a network's input: bytes x / divisor, row after row; numbers as they are.
public struct Preprocessing: Equatable, Sendable {
    /// The shape of one example: [H, W] for grey images, [3, H, W] for colour images, [D] for rows of features.
    public var exampleShape: [Int]
    /// The divisor of each byte: 255 scales them to 0...1.
    public var divisor: Double

    /// Creates a preprocessing of grey images.
    public init(height: Int = 28, width: Int = 28, divisor: Double = 255) {
        self.init(exampleShape: [height, width], divisor: divisor)
    }

    /// Creates a preprocessing of examples of any shape.
    public init(exampleShape: [Int], divisor: Double = 255) {
        self.exampleShape = exampleShape
        self.divisor = divisor
    }

    /// The number of features of an example, D.
    package var featureCount: Int { exampleShape.reduce(1, *) }

    /// Returns examples whose bytes a network multiplies by 1 / divisor.
    func scaled(_ examples: FeatureMatrix) -> FeatureMatrix {
        guard case .bytes(let bytes) = examples.storage else { return examples }
        return .bytes(bytes, scale: Float(1 / divisor))
    }

    /// The object in `config.json`.
    var json: JSONText {
        .object(StoredForm.json(of: exampleShape) + [JSONText.Member("divide_by", .number(divisor))])
    }
}

/// The form of an example in `config.json`: height and width of an image, with channels where they are more than one, or
/// the number of features.
struct StoredForm: Decodable, Equatable {
    var height: Int?
    var width: Int?
    var channels: Int?
    var features: Int?
    var divide_by: Double?

    static func json(of shape: [Int]) -> [JSONText.Member] {
        guard shape.count > 1 else { return [.init("features", .integer(shape.reduce(1, *)))] }
        let size = [
            JSONText.Member("height", .integer(shape[shape.count - 2])),
            JSONText.Member("width", .integer(shape[shape.count - 1])),
        ]
        return shape.count == 3 ? size + [.init("channels", .integer(shape[0]))] : size
    }

    /// Returns the shape of one example.
    ///
    /// - Throws: `badData` when it is impossible.
    func shape(path: String) throws -> [Int] {
        let side = 1...16384
        if let features, height == nil, width == nil, channels == nil {
            guard (1...(1 << 28)).contains(features) else {
                throw DescentError(.badData, "impossible number of features", at: path, got: "\(features)")
            }
            return [features]
        }
        guard let height, let width, features == nil else {
            throw DescentError(
                .badData, "the form of an example is incomplete", at: path,
                expected: "height and width, or features",
                advice: "the file is damaged; train the model again")
        }
        guard side.contains(height), side.contains(width) else {
            throw DescentError(.badData, "impossible image size", at: path, got: "\(height)x\(width)")
        }
        guard let channels else { return [height, width] }
        guard channels == 3 else {
            throw DescentError(
                .badData, "impossible number of channels", at: path, expected: "3", got: "\(channels)")
        }
        return [channels, height, width]
    }
}
