import Arrays
import DataSources
import ExampleData
import ONNXMessages
import Support
import Tables

/// What a file's graph takes: raw pixels, raw columns of a table, or rows of features.
enum ExampleForm {
    /// Bytes [N, H, W], or with C channels beside each other [N, H, W, C].
    case images(height: Int, width: Int, channels: Int)
    /// Numbers, or bytes, of the classifier's own shape.
    case features(shape: [Int], areBytes: Bool)
    /// Columns of a table.
    case table(TablePreprocessing)

    /// Finds the form of a model that was trained on examples like `samples`.
    init(_ input: ModelInput?, samples: FeatureMatrix) {
        let shape = samples.exampleShape
        let areBytes = if case .bytes = samples.storage { true } else { false }
        if case .table(let preprocessing)? = input {
            self = .table(preprocessing)
        } else if areBytes, shape.count == 2 {
            self = .images(height: shape[0], width: shape[1], channels: 1)
        } else if areBytes, shape.count == 3 {
            self = .images(height: shape[1], width: shape[2], channels: shape[0])
        } else {
            self = .features(shape: shape, areBytes: areBytes)
        }
    }

    /// The graph's inputs.
    var inputs: [ValueForm] {
        switch self {
        case .images(let height, let width, 1):
            return [.init("image", .uint8, examples: [height, width], "grey pixels, 0 black ... 255 white")]
        case .images(let height, let width, let channels):
            let what =
                channels == 3
                ? "red, green and blue of each pixel, 0...255" : "channels of each pixel, 0...255"
            return [.init("image", .uint8, examples: [height, width, channels], what)]
        case .features(let shape, let areBytes):
            return [
                .init("features", areBytes ? .uint8 : .float, examples: shape, "the features of each example")
            ]
        case .table(let preprocessing):
            let (numbers, texts) = (preprocessing.numbers, preprocessing.texts)
            func listed(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
            return
                (numbers.isEmpty
                ? []
                : [
                    .init(
                        "numbers", .double, examples: [numbers.count],
                        "the columns \(listed(numbers.map(\.name))); NaN where a value is missing")
                ])
                + (texts.isEmpty
                    ? []
                    : [
                        .init(
                            "texts", .string, examples: [texts.count],
                            "the columns \(listed(texts.map(\.name))); empty where a value is missing")
                    ])
        }
    }

    /// The examples in the graph, as the model's first stage takes them.
    struct Examples {
        let name: String
        /// The shape of one: [H, W], [C, H, W] or [D].
        let shape: [Int]
        let areBytes: Bool
    }

    /// Adds what is made of the inputs before the model takes them.
    func examples(in graph: inout GraphBuilder) -> Examples {
        switch self {
        case .images(let height, let width, 1):
            return Examples(name: "image", shape: [height, width], areBytes: true)
        case .images(let height, let width, let channels):
            let planes = graph.add("Transpose", "image", attributes: ["perm": .ints([0, 3, 1, 2])])
            return Examples(name: planes, shape: [channels, height, width], areBytes: true)
        case .features(let shape, let areBytes):
            return Examples(name: "features", shape: shape, areBytes: areBytes)
        case .table(let preprocessing):
            return Examples(
                name: graph.add(preprocessing), shape: [preprocessing.featureCount], areBytes: false)
        }
    }
}

extension TablePreprocessing {
    var numbers: [NumberColumn] {
        columns.compactMap { if case .number(let column) = $0 { column } else { nil } }
    }

    var texts: [CategoryColumn] {
        columns.compactMap { if case .category(let column) = $0 { column } else { nil } }
    }
}

extension GraphBuilder {
    /// Adds a table's preprocessing of `numbers` and `texts`: [N, D].
    fileprivate mutating func add(_ preprocessing: TablePreprocessing) -> String {
        let numbers = preprocessing.numbers
        var scaled = ""
        if !numbers.isEmpty {
            let filled = add(
                "Where", add("IsNaN", "numbers"), constant(numbers.map(\.fill), "fills"), "numbers")
            let moved = add("Sub", filled, constant(numbers.map(\.offset), "offsets"))
            scaled = cast(add("Div", moved, constant(numbers.map(\.divisor), "divisors")), to: .float)
        }
        // Features stand in the order of the columns: runs of numbers between the texts.
        var (parts, run, numberCount, textCount): ([String], Int, Int, Int) = ([], 0, 0, 0)
        func endRun(_ graph: inout GraphBuilder) {
            if run > 0 {
                let isAll = run == numbers.count
                parts.append(
                    isAll ? scaled : graph.slice(scaled, 1, from: numberCount - run, to: numberCount))
            }
            run = 0
        }
        for column in preprocessing.columns {
            switch column {
            case .number:
                (run, numberCount) = (run + 1, numberCount + 1)
            case .category(let column):
                endRun(&self)
                parts.append(oneHot(column, place: textCount))
                textCount += 1
            }
        }
        endRun(&self)
        return concatenate(parts, axis: 1)
    }

    /// A feature for each known text of a column, and one for all others.
    private mutating func oneHot(_ column: TablePreprocessing.CategoryColumn, place: Int) -> String {
        let texts = add("Gather", "texts", scalar(place, "column"), attributes: ["axis": .int(1)])
        let fill = column.categories.firstIndex(of: column.fill) ?? 0
        var (keys, values) = (column.categories, Array(column.categories.indices))
        if !keys.contains("") {
            keys.append("")
            values.append(fill)
        }
        let codes = add(
            "LabelEncoder", texts,
            attributes: [
                "keys_strings": .texts(keys), "values_int64s": .ints(values),
                "default_int64": .int(column.categories.count),
            ], domain: Self.machineLearning)
        return add(
            "OneHot", codes, scalar(column.categories.count + 1, "depth"),
            constant([Float(0), 1], "values"))
    }
}
