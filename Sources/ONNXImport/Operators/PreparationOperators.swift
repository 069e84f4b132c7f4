import Glibc
import Support

/// What pipelines of the set ai.onnx.ml do to rows before a model.
enum PreparationKernels {
    /// Rows of float32, each made by `row`.
    private static func rows(
        _ x: ONNXTensor, _ budget: MemoryBudget, _ row: ([Double]) -> [Double]
    ) throws -> ONNXTensor {
        try x.expectRank(1, orMore: true)
        let width = x.shape[x.rank - 1]
        let values = try x.doubles(budget)
        let y = try ONNXTensor(.float32, x.shape, budget)
        let view = y.view(as: Float.self)
        for start in stride(from: 0, to: values.count, by: max(width, 1)) {
            for (column, value) in row(Array(values[start..<start + width])).enumerated() {
                view[start + column] = Float(value)
            }
        }
        return y
    }

    /// (x - offset) scale, of each column its own or one for all.
    static let scaler: OperatorMaker = { node in
        let offset = try node.floats("offset") ?? []
        let scale = try node.floats("scale") ?? []
        return { arguments in
            let x = try arguments(0)
            let width = x.shape.last ?? 1
            for list in [offset, scale] where ![0, 1, width].contains(list.count) {
                throw DescentError(
                    .badData, "another number of columns than of scales", expected: "\(width)",
                    got: "\(list.count)")
            }
            func value(_ list: [Float], _ column: Int, _ standard: Double) -> Double {
                list.isEmpty ? standard : Double(list[list.count == 1 ? 0 : column])
            }
            return [
                try rows(x, arguments.budget) { row in
                    row.enumerated().map { ($1 - value(offset, $0, 0)) * value(scale, $0, 1) }
                }
            ]
        }
    }

    /// Each row divided by its norm; one of zeros stays as it is.
    static let normalizer: OperatorMaker = { node in
        let norm = try node.text("norm", or: "MAX")
        guard ["MAX", "L1", "L2"].contains(norm) else {
            throw DescentError(.badData, "a norm that is not known", got: "'\(norm)'")
        }
        return { arguments in
            [
                try rows(arguments(0), arguments.budget) { row in
                    let length =
                        switch norm {
                        case "MAX": row.max() ?? 0
                        case "L1": row.reduce(0) { $0 + abs($1) }
                        default: sqrt(row.reduce(0) { $0 + $1 * $1 })
                        }
                    return length == 0 ? row : row.map { $0 / length }
                }
            ]
        }
    }

    static let binarizer: OperatorMaker = { node in
        let threshold = Double(try node.float("threshold", or: 0))
        return { arguments in
            [try rows(arguments(0), arguments.budget) { row in row.map { $0 > threshold ? 1 : 0 } }]
        }
    }

    /// What is missing, replaced by a value of each column.
    static let imputer: OperatorMaker = { node in
        let floats = try node.floats("imputed_value_floats")?.map { Double($0) }
        let ints = try node.ints("imputed_value_int64s")?.map { Double($0) }
        let missing =
            ints == nil
            ? Double(try node.float("replaced_value_float", or: 0))
            : Double(try node.int("replaced_value_int64", or: 0))
        guard let values = floats ?? ints, !values.isEmpty else {
            throw DescentError(.badData, "a missing attribute", expected: "'imputed_value_floats'")
        }
        return { arguments in
            let x = try arguments(0)
            guard values.count == 1 || values.count == x.shape.last else {
                throw DescentError(
                    .badData, "another number of columns than of values", expected: "\(values.count)",
                    got: "\(x.shape)")
            }
            let y = try rows(x, arguments.budget) { row in
                row.enumerated().map { column, value in
                    value == missing || (missing.isNaN && value.isNaN)
                        ? values[values.count == 1 ? 0 : column] : value
                }
            }
            return [
                try y.cast(to: x.type.isFloating || x.type == .int64 ? x.type : .float32, arguments.budget)
            ]
        }
    }

    /// A column for each category.
    static let oneHot: OperatorMaker = { node in
        let numbers = try node.ints("cats_int64s")
        let texts = try node.texts("cats_strings")
        let allowsOthers = try node.flag("zeros", or: true)
        let count = numbers?.count ?? texts?.count ?? 0
        guard count > 0, numbers == nil || texts == nil else {
            throw DescentError(.badData, "categories that are none")
        }
        let placesOfNumbers = Dictionary(
            (numbers ?? []).enumerated().map { (Double($1), $0) }, uniquingKeysWith: { first, _ in first })
        let placesOfTexts = Dictionary(
            (texts ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return { arguments in
            let x = try arguments(0)
            guard (x.type == .string) == (texts != nil) else { throw typeMisfit(x.type) }
            let y = try arguments.tensor(.float32, x.shape + [count])
            let view = y.view(as: Float.self)
            view.update(repeating: 0)
            // A fraction is cut off.
            let places =
                texts != nil
                ? x.texts.map { placesOfTexts[$0] }
                : try x.doubles(arguments.budget).map { placesOfNumbers[$0.rounded(.towardZero)] }
            for (index, place) in places.enumerated() {
                guard let place else {
                    guard allowsOthers else {
                        throw DescentError(.badData, "a category that is not known", got: "element \(index)")
                    }
                    continue
                }
                view[index * count + place] = 1
            }
            return [y]
        }
    }

    /// Columns, or elements of the last axis, by their numbers.
    static let extractor: OperatorMaker = { _ in
        { arguments in
            let x = try arguments(0)
            let indices = try arguments(1)
            try x.expectRank(1, orMore: true)
            let y = try IndexingKernels.gather(
                x, indices.reshaped([indices.count]), axis: x.rank - 1, arguments.budget)
            return [x.rank == 1 ? y.reshaped([1, indices.count]) : y]
        }
    }

    /// Tensors side by side as float32.
    static let vectorizer: OperatorMaker = { node in
        let widths = try node.ints("inputdimensions") ?? []
        return { arguments in
            let parts = try arguments.inputs.indices.map { index -> ONNXTensor in
                let x = try arguments(index).cast(to: .float32, arguments.budget)
                let rows = x.rank < 2 ? 1 : x.shape[0]
                let width = rows > 0 ? x.count / rows : 0
                guard widths.isEmpty || index < widths.count && widths[index] == width else {
                    throw DescentError(
                        .badData, "rows of another length", expected: "\(widths)", got: "\(x.shape)")
                }
                return x.reshaped([rows, width])
            }
            return [try JoiningKernels.concatenate(parts, axis: 1, arguments.budget)]
        }
    }
}

/// A table of names: of each key its value.
enum LabelKernels {
    private enum Key: Hashable {
        case text(String)
        case number(UInt64)

        /// A number by its bits; all that are no number are one.
        init(_ number: Double) { self = .number(number.isNaN ? UInt64.max : (number + 0).bitPattern) }
    }

    /// The attribute of one of several types as a tensor of one axis.
    private static func list(_ node: Node, _ name: String) throws -> ONNXTensor? {
        if let tensor = try node.tensor(name + "_tensor") { return tensor.reshaped([tensor.count]) }
        if let texts = try node.texts(name + "_strings") {
            return try ONNXTensor(strings: texts, shape: [texts.count])
        }
        if let ints = try node.ints(name + "_int64s") {
            return try ONNXTensor(ints.map { Int64($0) }, shape: [ints.count])
        }
        if let floats = try node.floats(name + "_floats") {
            return try ONNXTensor(floats, shape: [floats.count])
        }
        return nil
    }

    private static func keys(_ tensor: ONNXTensor, _ budget: MemoryBudget) throws -> [Key] {
        tensor.type == .string
            ? tensor.texts.map { .text($0) } : try tensor.doubles(budget).map { Key($0) }
    }

    private static func standard(_ node: Node, _ type: ONNXElementType) throws -> ONNXTensor {
        if let tensor = try node.tensor("default_tensor"), tensor.count == 1, tensor.type == type {
            return tensor.reshaped([1])
        }
        if type == .string {
            return try ONNXTensor(strings: [node.text("default_string", or: "_Unused")], shape: [1])
        }
        let number =
            type.isFloating
            ? Double(try node.float("default_float", or: 0)) : Double(try node.int("default_int64", or: -1))
        return try ONNXTensor([number], shape: [1]).cast(to: type, MemoryBudget(limit: 1 << 20))
    }

    private static func table(
        _ keys: ONNXTensor, _ values: ONNXTensor, _ standard: ONNXTensor
    ) throws -> Operator {
        let own = MemoryBudget(limit: 1 << 32, keeps: true)
        let names = try self.keys(keys, own)
        guard names.count == values.count else {
            throw DescentError(
                .badData, "another number of keys than of values", expected: "\(names.count)",
                got: "\(values.count)")
        }
        let places = Dictionary(
            names.enumerated().map { ($1, Int64($0)) }, uniquingKeysWith: { first, _ in first })
        let all = try JoiningKernels.concatenate([values, standard], axis: 0, own)
        own.endStep()
        let isText = keys.type == .string
        return { arguments in
            let x = try arguments(0)
            guard (x.type == .string) == isText else { throw typeMisfit(x.type) }
            let found = try self.keys(x, arguments.budget).map { places[$0] ?? Int64(names.count) }
            let indices = try ONNXTensor(found, shape: x.shape, arguments.budget)
            return [try IndexingKernels.gather(all, indices, axis: 0, arguments.budget)]
        }
    }

    static let encoder: OperatorMaker = { node in
        guard let keys = try list(node, "keys"), let values = try list(node, "values") else {
            throw DescentError(.badData, "a missing attribute", expected: "keys and values of one type each")
        }
        return try table(keys, values, standard(node, values.type))
    }

    /// Texts to their places in a list, and the other way.
    static func ofPlaces(_ texts: String, numbers: String?) -> OperatorMaker {
        { node in
            guard let names = try node.texts(texts) else {
                throw DescentError(.badData, "a missing attribute", expected: "'\(texts)'")
            }
            let ids = try numbers.flatMap { try node.ints($0) } ?? Array(names.indices)
            let strings = try ONNXTensor(strings: names, shape: [names.count])
            let places = try ONNXTensor(ids.map { Int64($0) }, shape: [ids.count])
            let forward = try table(strings, places, standard(node, .int64))
            let back = try table(places, strings, standard(node, .string))
            return { try $0(0).type == .string ? forward($0) : back($0) }
        }
    }
}

extension OperatorRegistry {
    static var preparationOperators: Family {
        [
            ("ai.onnx.ml.Scaler", 1, PreparationKernels.scaler),
            ("ai.onnx.ml.Normalizer", 1, PreparationKernels.normalizer),
            ("ai.onnx.ml.Binarizer", 1, PreparationKernels.binarizer),
            ("ai.onnx.ml.Imputer", 1, PreparationKernels.imputer),
            ("ai.onnx.ml.OneHotEncoder", 1, PreparationKernels.oneHot),
            ("ai.onnx.ml.ArrayFeatureExtractor", 1, PreparationKernels.extractor),
            ("ai.onnx.ml.FeatureVectorizer", 1, PreparationKernels.vectorizer),
            ("ai.onnx.ml.LabelEncoder", 1, LabelKernels.ofPlaces("classes_strings", numbers: nil)),
            ("ai.onnx.ml.LabelEncoder", 2, LabelKernels.encoder),
            ("ai.onnx.ml.CategoryMapper", 1, LabelKernels.ofPlaces("cats_strings", numbers: "cats_int64s")),
            // What others hand on as a list of dictionaries stays a tensor: a column for each class, in their order.
            ("ai.onnx.ml.ZipMap", 1, { _ in { [try $0(0)] } }),
        ]
    }
}
