import CoreMLMessages
import Tables

/// A table's preprocessing as models of Core ML: missing numbers filled, texts one-hot, numbers scaled, all in double precision.
extension CoreMLStages {
    /// Adds what makes the features of `entrance` of a table's columns.
    mutating func add(_ table: TablePreprocessing, for entrance: CoreMLEntrance) {
        let inputs = entrance.inputs
        var parts: [(feature: Feature, width: Int)] = []
        // Where each column's features begin in the parts beside each other: all numbers first.
        var places = [Int](repeating: 0, count: table.columns.count)
        let numbers = table.columns.indices.filter {
            if case .number = table.columns[$0] { true } else { false }
        }
        if !numbers.isEmpty {
            let raw = CoreMLEntrance.array("descent numbers", [numbers.count], "", isDouble: true)
            join(numbers.map { (inputs[$0], 1) }, as: raw)
            let filled = CoreMLEntrance.array("descent filled", [numbers.count], "", isDouble: true)
            var imputer = CoreML_Specification_Imputer()
            imputer.replaceDoubleValue = .nan
            imputer.imputedDoubleArray.vector = table.numbers.map(\.fill)
            add("fill", [raw], to: [filled], .imputer(imputer))
            for (place, column) in numbers.enumerated() { places[column] = place }
            parts.append((filled, numbers.count))
        }
        for (index, column) in table.columns.enumerated() {
            guard case .category(let texts) = column else { continue }
            places[index] = parts.reduce(0) { $0 + $1.width }
            parts.append((add(texts, input: inputs[index], number: index), column.featureCount))
        }
        let width = table.featureCount
        let joined = CoreMLEntrance.array("descent joined", [width], "", isDouble: true)
        join(parts, as: joined)
        // The features in the order of the columns.
        let order = zip(table.columns, places).flatMap { column, place in
            (0..<column.featureCount).map { UInt64(place + $0) }
        }
        var last = joined
        if order != Array(0..<UInt64(width)) {
            last = CoreMLEntrance.array("descent ordered", [width], "", isDouble: true)
            var extractor = CoreML_Specification_ArrayFeatureExtractor()
            extractor.extractIndex = order
            add("order", [joined], to: [last], .arrayFeatureExtractor(extractor))
        }
        var scaler = CoreML_Specification_Scaler()
        for column in table.columns {
            switch column {
            case .number(let number):
                scaler.shiftValue.append(-number.offset)
                scaler.scaleValue.append(1 / number.divisor)
            case .category:
                scaler.shiftValue += [Double](repeating: 0, count: column.featureCount)
                scaler.scaleValue += [Double](repeating: 1, count: column.featureCount)
            }
        }
        add("scale", [last], to: [entrance.description], .scaler(scaler))
    }

    private mutating func join(_ parts: [(feature: Feature, width: Int)], as output: Feature) {
        var vectorizer = CoreML_Specification_FeatureVectorizer()
        vectorizer.inputList = parts.map { part in
            var column = CoreML_Specification_FeatureVectorizer.InputColumn()
            (column.inputColumn, column.inputDimensions) = (part.feature.name, UInt64(part.width))
            return column
        }
        add("join \(models.count)", parts.map(\.feature), to: [output], .featureVectorizer(vectorizer))
    }

    /// Adds a feature for each known text of a column, and one for all others; a missing text is the commonest.
    private mutating func add(
        _ column: TablePreprocessing.CategoryColumn, input: Feature, number: Int
    ) -> Feature {
        var map = CoreML_Specification_CategoricalMapping()
        for (code, text) in column.categories.enumerated() { map.stringToInt64Map.map[text] = Int64(code) }
        if map.stringToInt64Map.map[""] == nil {
            map.stringToInt64Map.map[""] = Int64(column.categories.firstIndex(of: column.fill) ?? 0)
        }
        map.int64Value = Int64(column.categories.count)
        var code = Feature()
        (code.name, code.type.int64Type) = ("descent code \(number)", .init())
        add("text \(number)", [input], to: [code], .categoricalMapping(map))
        let width = column.categories.count + 1
        let result = CoreMLEntrance.array("descent one-hot \(number)", [width], "", isDouble: true)
        var encoder = CoreML_Specification_OneHotEncoder()
        encoder.int64Categories.vector = (0..<width).map { Int64($0) }
        add("one-hot \(number)", [code], to: [result], .oneHotEncoder(encoder))
        return result
    }
}
