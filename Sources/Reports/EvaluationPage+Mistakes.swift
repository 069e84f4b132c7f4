import Arrays
import EvaluationMetrics
import Foundation
import Images
import Support

/// The surest mistakes, as pictures where there are some.
extension EvaluationPage {
    /// The longest side of a picture in the page; larger ones are averaged down.
    static let longestSide = 256

    func mistakeSection() throws -> String {
        guard !report.worstMistakes.isEmpty else { return "" }
        let lead = "<p>\(word(ReportWords.mistakesLead))</p>\n"
        let shown = report.worstMistakes.filter { pictures[$0.index] != nil }
        guard !shown.isEmpty else { return section(ReportWords.mistakes, lead + mistakeTable) }
        let figures = try shown.map { mistake in
            try pictures[mistake.index].map { try figure(mistake, $0) } ?? ""
        }
        return section(ReportWords.mistakes, lead + "<div class=\"gallery\">\(figures.joined())</div>\n")
    }

    private func score(_ mistake: Mistake) -> String {
        report.reliability == nil ? Numerals.fixed(mistake.confidence, 3) : percent(mistake.confidence)
    }

    private func figure(_ mistake: Mistake, _ image: NDArray<UInt8>) throws -> String {
        let png = Data(try PNG.encode(Self.shrunk(image, of: mistake.index))).base64EncodedString()
        let (actual, predicted) = (escaped(mistake.actual), escaped(mistake.predicted))
        let name = "\(word(ReportWords.example)) \(mistake.index)"
        let isSmall = image.shape[0] <= 64 && image.shape[1] <= 64
        return """
            <figure><img\(isSmall ? " class=\"pixels\"" : "") alt="\(name): \(word(ReportWords.trueLabel)) \(actual), \
            \(word(ReportWords.predictedLabel)) \(predicted)" src="data:image/png;base64,\(png)"/>
            <figcaption><span>\(word(ReportWords.trueLabel)) <b>\(actual)</b></span>\
            <span class="miss">\(word(ReportWords.predictedLabel)) <b>\(predicted)</b></span>\
            <small>\(score(mistake)) · \(name)</small></figcaption></figure>

            """
    }

    private var mistakeTable: String {
        let heads = [
            ReportWords.example, ReportWords.trueClass, ReportWords.predictedClass,
            report.reliability == nil ? ReportWords.score : ReportWords.confidence,
        ]
        return "<table class=\"pairs\">\(head(heads))<tbody>\n"
            + report.worstMistakes.map { mistake in
                "<tr><th scope=\"row\">\(mistake.index)</th><td class=\"text\">\(name(mistake.actual))</td>"
                    + "<td class=\"text\">\(name(mistake.predicted))</td><td>\(score(mistake))</td></tr>\n"
            }.joined() + "</tbody></table>\n"
    }

    /// A picture no longer than `longestSide`: means of whole blocks.
    ///
    /// - Throws: `badData` for another shape than [H, W], [H, W, 1] or [H, W, 3].
    static func shrunk(_ image: NDArray<UInt8>, of example: Int) throws(DescentError) -> NDArray<UInt8> {
        let shape = image.shape
        guard shape.count == 2 || (shape.count == 3 && [1, 3].contains(shape[2])), shape[0] > 0, shape[1] > 0
        else {
            throw DescentError(
                .badData, "not a picture", at: "example \(example)",
                expected: "[H, W], [H, W, 1] or [H, W, 3]",
                got: "\(shape)")
        }
        let block = (max(shape[0], shape[1]) + longestSide - 1) / longestSide
        guard block > 1 else { return image }
        let channels = shape.count == 3 ? shape[2] : 1
        let (height, width) = (max(1, shape[0] / block), max(1, shape[1] / block))
        return image.withUnsafeElements { source in
            NDArray(shape: [height, width] + shape.dropFirst(2)) { target in
                for place in 0..<height * width * channels {
                    let (channel, column) = (place % channels, place / channels % width)
                    let row = place / channels / width
                    var (sum, count) = (0, 0)
                    for y in row * block..<min(shape[0], (row + 1) * block) {
                        for x in column * block..<min(shape[1], (column + 1) * block) {
                            sum += Int(source[(y * shape[1] + x) * channels + channel])
                            count += 1
                        }
                    }
                    target.initializeElement(at: place, to: UInt8((sum + count / 2) / count))
                }
            }
        }
    }
}
