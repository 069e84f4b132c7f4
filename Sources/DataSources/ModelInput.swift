import Arrays
import ExampleData
import Handwriting
import ImageFolders
import Images
import Support
import Tables

/// What a model makes of pictures or tables before it takes examples, so that whatever it is given is prepared as the
/// training examples were. It is stored in `input.json`.
public enum ModelInput: Codable, Equatable, Sendable {
    /// Pictures of any size and kind, brought to one form.
    case images(ImageInput)
    /// Rows of a table, whose columns are found by their names.
    case table(TablePreprocessing)

    /// The pictures of these files as examples: [N, H, W], or [N, 3, H, W].
    ///
    /// - Throws: `badData` that names the picture; `usage` where the model takes tables; `interrupted`.
    package func examples(ofImagesAt paths: [String], cancellation: Cancellation? = nil) throws
        -> FeatureMatrix
    {
        guard case .images(let input) = self else {
            throw DescentError(
                .usage, "the model takes rows of a table, not pictures",
                expected: "a table, such as rows.csv",
                got: paths.first.map { "'\($0)'" } ?? "no picture")
        }
        return try input.examples(at: paths, cancellation: cancellation)
    }

    /// An image in memory as an example, [1, H, W] or [1, 3, H, W]: grey [H, W] or colours [H, W, 3], of any size.
    ///
    /// - Throws: `badData` for another shape; `usage` where the model takes tables.
    public func example(of image: NDArray<UInt8>) throws -> FeatureMatrix {
        guard case .images(let input) = self else {
            throw DescentError(
                .usage, "the model takes rows of a table, not pictures",
                expected: "a table, such as rows.csv", got: "an image of shape \(image.shape)")
        }
        return try input.example(of: image)
    }

    /// Pictures that are in memory as files are, such as a request's body, as examples: [N, H, W], or [N, 3, H, W].
    ///
    /// - Throws: `badData` that says what is wrong with which; `usage` where the model takes tables.
    public func examples(ofEncodedImages files: [[UInt8]], decoder: ImageDecoder = ImageDecoder()) throws
        -> FeatureMatrix
    {
        guard case .images(let input) = self else {
            throw DescentError(.usage, "the model takes rows of a table, not pictures", expected: "a row")
        }
        return try input.examples(ofEncodedImages: files, decoder: decoder)
    }

    /// The images as the model takes them: brought into MNIST's form where the model is one of digits on paper; others as they
    /// are.
    ///
    /// - Throws: `badData` where a model of digits gets no grey images; `interrupted`.
    package func prepared(
        _ examples: LabeledExamples, cancellation: Cancellation? = nil
    ) throws -> LabeledExamples {
        guard case .images(let form) = self, form.digits != nil else { return examples }
        return LabeledExamples(
            try prepared(examples.features, cancellation: cancellation), classes: examples.classes,
            classNames: examples.classNames)
    }

    /// The same for images whose classes are not known.
    package func prepared(
        _ examples: FeatureMatrix, cancellation: Cancellation? = nil
    ) throws -> FeatureMatrix {
        guard case .images(let form) = self, let digits = form.digits else { return examples }
        guard let images = examples.greyImages else {
            throw DescentError(
                .badData, "only images can be digits on paper", expected: "images",
                got: "examples of shape \(examples.exampleShape)")
        }
        return .bytes(try digits.images(of: images, cancellation: cancellation))
    }

    /// The rows of a table as examples [N, D], the classes that the table says, if it says any, and notes.
    ///
    /// - Throws: `badData` with row and column; `usage` where the model takes pictures; `interrupted`.
    package func rows(
        ofTableAt path: String, cancellation: Cancellation? = nil
    ) throws -> (features: FeatureMatrix, notes: [String]) {
        if case .table = self, let header = try? ImageHeader(contentsOf: path) {
            throw DescentError(
                .usage, "the model takes rows of a table, not pictures", at: path,
                expected: "a table, such as rows.csv",
                got: "a picture of \(header.width)x\(header.height)")
        }
        if case .table = self, ArrayFile.recognizes(path) {
            throw DescentError(
                .usage, "the model finds the columns of a table by their names", at: path,
                expected: "a table, such as rows.csv", got: "an array, whose columns have none")
        }
        guard case .table(let preprocessing) = self else {
            throw DescentError(
                .usage, "the model takes pictures, not a table", at: path, expected: "pictures or IDX files")
        }
        let table = try Table(path, for: preprocessing, cancellation: cancellation)
        let prepared = try preprocessing.applied(to: table)
        return (.floats(prepared.features), table.notes + prepared.notes)
    }
}

/// The form that pictures are brought to: turned as their EXIF data say, cut or padded, shrunk by area averaging.
public struct ImageInput: Codable, Equatable, Sendable {
    /// The number of rows.
    package var height: Int
    /// The number of columns.
    package var width: Int
    /// Whether colours are kept: [3, H, W] instead of [H, W].
    package var isColor: Bool
    /// How a picture of another shape is made to fit: `crop`, `pad` or `stretch`.
    package var fit: String
    /// The step that finds a digit on paper and brings it into MNIST's form; nil for pictures of other things.
    package var digits: DigitNormalization?

    /// Creates a form of pictures.
    public init(height: Int, width: Int, isColor: Bool, fit: ImageFit = .crop) {
        (self.height, self.width, self.isColor, self.fit) = (height, width, isColor, fit.rawValue)
    }

    /// Reads a form, and checks that pictures can have it.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        height = try values.decode(Int.self, forKey: .height)
        width = try values.decode(Int.self, forKey: .width)
        isColor = try values.decode(Bool.self, forKey: .isColor)
        fit = try values.decode(String.self, forKey: .fit)
        digits = try values.decodeIfPresent(DigitNormalization.self, forKey: .digits)
        let sides = 1...16384
        let isDigit = height == DigitNormalization.side && width == DigitNormalization.side && !isColor
        guard sides.contains(height), sides.contains(width), ImageFit(rawValue: fit) != nil,
            digits == nil || isDigit
        else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no form of pictures"))
        }
    }

    /// Creates the form of digits on paper: 28 x 28, grey.
    public init(digits: DigitNormalization) {
        self.init(height: DigitNormalization.side, width: DigitNormalization.side, isColor: false)
        self.digits = digits
    }

    /// The form of a folder's decoded pictures.
    public init(_ target: ImageTarget) {
        self.init(
            height: target.height, width: target.width, isColor: target.color == .rgb, fit: target.fit)
    }

    /// The form of images that a model of this example shape takes; nil for rows.
    package init?(exampleShape shape: [Int]) {
        guard FeatureMatrix.isImage(shape) else { return nil }
        self.init(height: shape[shape.count - 2], width: shape[shape.count - 1], isColor: shape.count == 3)
    }

    /// The shape of one example.
    package var exampleShape: [Int] { isColor ? [3, height, width] : [height, width] }

    var target: ImageTarget {
        ImageTarget(
            height: height, width: width, color: isColor ? .rgb : .gray, fit: ImageFit(rawValue: fit) ?? .crop
        )
    }

    func example(of image: NDArray<UInt8>) throws -> FeatureMatrix {
        let shape = image.shape
        // Nothing is to be done for an image that has the form already.
        if digits == nil, !isColor, shape == [height, width] {
            return .bytes(image.reshaped(1, height, width))
        }
        guard image.ndim == 2 || image.ndim == 3 && shape[2] == 3, image.count > 0 else {
            throw DescentError(
                .badData, "not an image", expected: "bytes of [H, W] or [H, W, 3]", got: "\(shape)")
        }
        if let digits { return .bytes(try digits.image(of: image).reshaped(1, height, width)) }
        let resized = target.resized(image)
        return isColor
            ? .interleaved(resized.reshaped(1, height, width, 3)) : .bytes(resized.reshaped(1, height, width))
    }

    func examples(ofEncodedImages files: [[UInt8]], decoder: ImageDecoder) throws -> FeatureMatrix {
        var pixels: [UInt8] = []
        for file in files {
            let image =
                if let digits { try digits.image(of: decoder.decode(file)) } else {
                    try decoder.decode(file, to: target)
                }
            pixels += image.elements
        }
        guard digits == nil, isColor else {
            return .bytes(NDArray(shape: [files.count, height, width], elements: pixels))
        }
        return .interleaved(NDArray(shape: [files.count, height, width, 3], elements: pixels))
    }

    func examples(at paths: [String], cancellation: Cancellation?) throws -> FeatureMatrix {
        if let digits {
            // A digit is looked for in the whole picture, at its own size.
            var pixels: [UInt8] = []
            for path in paths {
                try Cancellation.check(cancellation, at: path)
                let image = try ImageDecoder().decode(contentsOf: path)
                do {
                    pixels += try digits.image(of: image).elements
                } catch {
                    throw error.at(path)
                }
            }
            return .bytes(NDArray(shape: [paths.count, height, width], elements: pixels))
        }
        let pixels = try ImageBatchReader().images(at: paths, to: target, cancellation: cancellation)
        // Decoders put colours beside each other, networks read them one after another.
        return pixels.ndim == 4 ? .interleaved(pixels) : .bytes(pixels)
    }
}
