import Descent
import Foundation
import Images
import Tables

/// `POST /predict`: a picture, a form with one, or rows in JSON; the answer is a label with its probability.
struct PlainPrediction: Sendable {
    let store: ModelStore
    let metrics: ServingMetrics
    let limits: ServingLimits

    func answer(_ question: HTTPQuestion) async throws -> HTTPAnswer {
        let begin = ContinuousClock.now
        let entry = try store.entry(named: question.query["model"])
        do {
            let (top, showsImage) = (try Self.top(question), try Self.showsImage(question))
            let examples = try examples(question, entry.model)
            let (predictions, timing) = try await entry.batcher.predictions(for: examples)
            let body = try Self.json(predictions, entry.model, top: top, seen: showsImage ? examples : nil)
            metrics.inferred(
                entry.model.name, timing, took: ContinuousClock.now - begin,
                classes: predictions.map(\.className))
            return HTTPAnswer(body: body)
        } catch {
            metrics.failed(entry.model.name)
            throw error
        }
    }

    private static func top(_ question: HTTPQuestion) throws(ServingError) -> Int {
        guard let text = question.query["top"] else { return 3 }
        guard let top = Int(text), (1...1_000).contains(top) else {
            throw ServingError(400, "top is '\(text)', expected a whole number from 1 to 1000")
        }
        return top
    }

    private static func showsImage(_ question: HTTPQuestion) throws(ServingError) -> Bool {
        switch question.query["seen"] {
        case nil, "0", "false": return false
        case "1", "true": return true
        case let text?: throw ServingError(400, "seen is '\(text)', expected 1 or 0")
        }
    }

    private func examples(_ question: HTTPQuestion, _ model: ServedModel) throws -> FeatureMatrix {
        guard !question.body.isEmpty else { throw ServingError(400, "the request has no body") }
        let type = question.fields["content-type"] ?? ""
        if type.lowercased().hasPrefix("multipart/form-data") {
            let form = try MultipartForm(question.body, contentType: type)
            return try pictures(form.files, model)
        }
        // The first byte tells: no picture begins with a bracket.
        let first = question.body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return try rows(question.body, model) }
        return try pictures([question.body], model)
    }

    private func pictures(_ files: [[UInt8]], _ model: ServedModel) throws -> FeatureMatrix {
        guard !files.isEmpty else { throw ServingError(400, "the form has no file") }
        guard let input = model.pictureInput else {
            throw ServingError(415, "the model takes rows of features, not pictures")
        }
        if case .table = input { throw ServingError(415, "the model takes rows of a table, not pictures") }
        return try input.examples(
            ofEncodedImages: files, decoder: ImageDecoder(maximumPixels: limits.imagePixels))
    }

    /// The rows of a table: an object of columns by name, or an array of such.
    private func rows(_ body: [UInt8], _ model: ServedModel) throws -> FeatureMatrix {
        let parsed = body.withUnsafeBufferPointer {
            bytes -> Result<[[String: TablePreprocessing.Value]], ServingError> in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Fault) {
                return .success(try Self.rows(&scanner))
            } catch {
                return .failure(ServingError(400, "the body is not the JSON of rows: \(error.message)"))
            }
        }
        let rows = try parsed.get()
        guard !rows.isEmpty else { throw ServingError(400, "there are no rows") }
        guard case .table(let table)? = model.model.input else {
            throw ServingError(415, "the model takes no rows with named columns")
        }
        let ordered = try rows.enumerated().map { number, row in
            try table.valueColumns.map { column in
                guard let value = row[column.name] else {
                    throw ServingError(
                        400,
                        "row \(number + 1): the column '\(column.name)' is missing (null where it has no value)"
                    )
                }
                return value
            }
        }
        return .floats(try table.features(of: ordered))
    }

    private static func rows(
        _ scanner: inout JSONScanner
    ) throws(JSONScanner.Fault) -> [[String: TablePreprocessing.Value]] {
        var rows: [[String: TablePreprocessing.Value]] = []
        func row(_ scanner: inout JSONScanner) throws(JSONScanner.Fault) {
            var values: [String: TablePreprocessing.Value] = [:]
            try scanner.object { (scanner, name) throws(JSONScanner.Fault) in
                switch scanner.peek() {
                case UInt8(ascii: "\""): values[name] = .text(try scanner.string())
                case UInt8(ascii: "n"):
                    try scanner.word("null")
                    values[name] = .missing
                case UInt8(ascii: "t"), UInt8(ascii: "f"):
                    values[name] = .text(try scanner.boolean() ? "true" : "false")
                default: values[name] = .number(try scanner.number())
                }
            }
            rows.append(values)
        }
        if scanner.peek() == UInt8(ascii: "[") {
            try scanner.array { (scanner) throws(JSONScanner.Fault) in try row(&scanner) }
        } else {
            try row(&scanner)
        }
        try scanner.end()
        return rows
    }

    /// One object for one example, an array of them for several.
    private static func json(
        _ predictions: [Prediction], _ model: ServedModel, top: Int, seen: FeatureMatrix?
    ) throws -> [UInt8] {
        var writer = JSONWriter()
        if predictions.count != 1 { writer.raw("[") }
        for (index, prediction) in predictions.enumerated() {
            writer.raw(index == 0 ? "{\"label\":" : ",{\"label\":")
            writer.string(prediction.className)
            writer.raw(",\"probability\":")
            writer.elements(.floats([prediction.probability]))
            writer.raw(",\"top\":[")
            for (place, best) in prediction.top(top).enumerated() {
                writer.raw(place == 0 ? "{\"label\":" : ",{\"label\":")
                writer.string(best.className)
                writer.raw(",\"probability\":")
                writer.elements(.floats([best.probability]))
                writer.raw("}")
            }
            writer.raw("]")
            if let seen, seen.exampleShape.count > 1 {
                let (shape, width) = (seen.exampleShape, seen.featureCount)
                let pixels = seen.unscaledFloats.elements[index * width..<(index + 1) * width].map {
                    UInt8($0)
                }
                writer.raw(
                    ",\"seen\":{\"shape\":[\(shape.map(String.init).joined(separator: ","))],\"pixels\":\"")
                writer.raw(Data(pixels).base64EncodedString())
                writer.raw("\"}")
            }
            writer.raw("}")
        }
        if predictions.count != 1 { writer.raw("]") }
        return writer.bytes
    }
}
