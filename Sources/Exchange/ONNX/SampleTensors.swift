import Arrays
import DataSources
import ExampleData
import Foundation
import ONNXMessages
import Support
import Tables

/// Examples as a file's graph takes them, named as its inputs are.
struct SampleTensors {
    /// The elements of one input.
    enum Elements {
        case bytes(NDArray<UInt8>)
        case floats(NDArray<Float>)
        case doubles(NDArray<Double>)
        case texts([String], shape: [Int])
    }

    /// By the names of the inputs.
    private(set) var tensors: [(name: String, elements: Elements)] = []
    /// The same examples as the classifier takes them.
    let examples: FeatureMatrix

    /// Brings a model's samples into the form that its graph takes.
    init(_ samples: FeatureMatrix, form: ExampleForm) throws {
        switch (form, samples.dense) {
        case (.table(let preprocessing), .floats(let features)):
            let (numbers, texts, prepared) = Self.columns(features, preprocessing)
            let count = features.shape[0]
            if !preprocessing.numbers.isEmpty {
                tensors.append(
                    (
                        "numbers",
                        .doubles(NDArray(shape: [count, preprocessing.numbers.count], elements: numbers))
                    ))
            }
            if !preprocessing.texts.isEmpty {
                tensors.append(("texts", .texts(texts, shape: [count, preprocessing.texts.count])))
            }
            examples = .floats(prepared)
        case (.images(let height, let width, let channels), .bytes(let bytes)):
            let images =
                channels == 1
                ? bytes.reshaped(bytes.shape[0], height, width)
                : bytes.permuted([0, 2, 3, 1]).contiguousCopy()
            tensors = [("image", .bytes(images))]
            examples = samples
        case (_, .bytes(let bytes)):
            tensors = [("features", .bytes(bytes))]
            examples = samples
        case (_, .floats(let floats)):
            tensors = [("features", .floats(floats))]
            examples = samples
        }
    }

    /// The values of the columns from which a table's preprocessing makes these features, and what it makes of them: numbers may
    /// differ in the last digit.
    private static func columns(
        _ features: NDArray<Float>, _ preprocessing: TablePreprocessing
    ) -> (numbers: [Double], texts: [String], prepared: NDArray<Float>) {
        var (numbers, texts): ([Double], [String]) = ([], [])
        var elements = features.elements
        let width = preprocessing.featureCount
        for row in 0..<features.shape[0] {
            var place = row * width
            for column in preprocessing.columns {
                switch column {
                case .number(let column):
                    let value = Double(elements[place]) * column.divisor + column.offset
                    numbers.append(value)
                    elements[place] = Float((value - column.offset) / column.divisor)
                case .category(let column):
                    let own = elements[place..<place + column.featureCount]
                    let chosen = (own.firstIndex(of: 1) ?? place) - place
                    texts.append(
                        chosen < column.categories.count
                            ? column.categories[chosen] : unknown(column.categories))
                }
                place += column.featureCount
            }
        }
        return (numbers, texts, NDArray(shape: features.shape, elements: elements))
    }

    /// A text that is none of these.
    private static func unknown(_ known: [String]) -> String {
        var text = "(other)"
        while known.contains(text) { text += "?" }
        return text
    }

    /// The inputs in the words of a file's metadata: type, shape, and the elements, little-endian in base 64.
    var json: JSONText {
        .object(tensors.map { JSONText.Member($0.name, Self.json($0.elements)) })
    }

    private static func json(_ elements: Elements) -> JSONText {
        switch elements {
        case .bytes(let array): json("uint8", array)
        case .floats(let array): json("float32", array)
        case .doubles(let array): json("float64", array)
        case .texts(let texts, let shape):
            [
                "type": "string", "shape": .array(shape.map(JSONText.integer)),
                "values": .array(texts.map(JSONText.string)),
            ]
        }
    }

    /// An array in the same words.
    static func json<Scalar: ArrayScalar>(_ type: String, _ array: NDArray<Scalar>) -> JSONText {
        [
            "type": .string(type), "shape": .array(array.shape.map(JSONText.integer)),
            "data": .string(array.withUnsafeElements { Data(buffer: $0) }.base64EncodedString()),
        ]
    }
}

extension TablePreprocessing.CategoryColumn {
    fileprivate var featureCount: Int { categories.count + 1 }
}
