import Charts
import EvaluationMetrics
import Foundation
import Images
import Support

/// Methods side by side as one HTML page: no script, nothing from elsewhere, light and dark.
///
/// ```swift
/// try AtomicFile.write(ComparisonPage(comparison).html(), to: "compare.html")
/// ```
public struct ComparisonPage {
    private let comparison: MethodComparison
    /// Methods, best first.
    private let order: [Int]

    /// Creates a page of `comparison`.
    public init(_ comparison: MethodComparison) {
        self.comparison = comparison
        order = comparison.rows.indices.sorted {
            (comparison.rows[$1].evaluation.correct, $0) < (comparison.rows[$0].evaluation.correct, $1)
        }
    }

    /// Returns the page's text.
    public func html() -> String {
        let title = "How a machine can know a digit"
        let count = Numerals.grouped(comparison.actual.count)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta name="generator" content="Descent"/>
            <title>\(title)</title>
            <style>\(Self.styleSheet)</style>
            </head>
            <body>
            <header><h1>\(title)</h1>
            <p>Features that people designed, with classifiers that learn; and networks, which learn the features too. \
            All of them were trained on the same \(Numerals.grouped(comparison.trainCount)) images of \
            <em>\(escaped(comparison.dataName))</em> and tested on the same \(count) others.</p></header>
            <main>
            \(accuracies())\(costs())\(differences())\(confusion())\(mistakes())\(hardest())</main>
            </body>
            </html>

            """
    }

    // MARK: Accuracy

    /// Returns each method's accuracy as a point, its interval as a bar.
    private func accuracies() -> String {
        let rows = order.map { comparison.rows[$0] }
        guard let least = rows.map(\.interval.lower).min() else { return "" }
        // From a round number below the worst to 100 %.
        let step = least > 0.9 ? 0.02 : least > 0.5 ? 0.1 : 0.2
        let start = min(0.98, (least / step).rounded(.down) * step)
        // Names are on the left; no character of common fonts is wider on average than 8 of 13 pixels.
        let left = max(120, 8 * Double(rows.map(\.name.count).max() ?? 0) + 14)
        let (width, line) = (760 - left - 26, 28.0)
        let height = Double(rows.count) * line + 46
        func x(_ accuracy: Double) -> Double { left + (accuracy - start) / (1 - start) * width }
        var svg = SVGElement(
            "svg",
            [
                "viewBox": "0 0 760 \(SVGElement.number(height))", "role": "img",
                "aria-label": "The accuracy of each method with its 95 % interval",
            ])
        var tick = start
        while tick <= 1.0001 {
            let place = x(min(1, tick))
            svg.add(
                SVGElement("line", ["x1": place, "y1": 8.0, "x2": place, "y2": height - 34, "class": "grid"]))
            svg.add(text(Numerals.fixed(100 * tick, 0) + " %", place, height - 16, "tick", anchor: "middle"))
            tick += step
        }
        for (index, row) in rows.enumerated() {
            let y = Double(index) * line + 22
            svg.add(text(row.name, left - 10, y + 4, "label", anchor: "end"))
            svg.add(
                SVGElement(
                    "line",
                    [
                        "x1": x(row.interval.lower), "y1": y, "x2": x(row.interval.upper), "y2": y,
                        "class": "reach",
                    ]))
            svg.add(SVGElement("circle", ["cx": x(row.accuracy), "cy": y, "r": 5.0, "class": "point"]))
        }
        var markup = ""
        svg.write(into: &markup)
        return """
            <section><h2>Accuracy</h2>
            <figure><div class="wide chart">\(markup)</div><figcaption>Points: the share of test images classified \
            correctly. Bars: where the true share lies in 95 of 100 such samples of images.</figcaption></figure></section>

            """
    }

    private func text(_ words: String, _ x: Double, _ y: Double, _ kind: String, anchor: String) -> SVGElement
    {
        var element = SVGElement("text", ["x": x, "y": y, "class": kind, "text-anchor": anchor])
        element.add(text: words)
        return element
    }

    // MARK: Costs

    private func costs() -> String {
        var text = """
            <section><h2>What each one costs</h2><div class="wide"><table>
            <thead><tr><th>method</th><th>accuracy</th><th>95 % interval</th><th>mistakes</th><th>training time</th>\
            <th>prediction time per image</th><th>model</th></tr></thead><tbody>

            """
        for index in order {
            let row = comparison.rows[index]
            let wrong = row.evaluation.count - row.evaluation.correct
            let interval =
                "\(Numerals.percent(row.interval.lower)) to \(Numerals.percent(row.interval.upper))"
            text += "<tr><th scope=\"row\">\(escaped(row.name))<small>\(escaped(row.summary))"
            text += row.remark.map { "; \(escaped($0))" } ?? ""
            text += "</small></th><td>\(Numerals.percent(row.accuracy))</td><td>\(interval)</td>"
            text += "<td>\(Numerals.grouped(wrong))</td><td>\(Numerals.duration(row.trainSeconds))</td>"
            text += "<td>\(Numerals.fixed(row.predictMicroseconds, 1)) us</td>"
            text += "<td>\(Numerals.bytes(row.modelBytes))</td></tr>\n"
        }
        text += "</tbody></table></div>"
        for failure in comparison.failures {
            text += "<p>\(escaped(failure.name)) was left out: \(escaped(failure.reason.description)).</p>"
        }
        return text + "</section>\n"
    }

    // MARK: Differences

    /// Lists which methods are better than which others, beyond chance.
    private func differences() -> String {
        guard order.count > 1 else { return "" }
        var text = """
            <section><h2>Which differences are real</h2>
            <p>Two methods read the same images, so only the images on which they disagree tell them apart (McNemar's exact \
            test; Holm's correction for all pairs together, 5 %). Filled: the method of the row is better than that of the \
            column. Empty: chance would do.</p><div class="wide"><table class="pairs"><thead><tr><th></th>

            """
        for (place, _) in order.enumerated() { text += "<th>\(place + 1)</th>" }
        text += "</tr></thead><tbody>\n"
        for (place, row) in order.enumerated() {
            text += "<tr><th scope=\"row\">\(place + 1). \(escaped(comparison.rows[row].name))</th>"
            for column in order { text += cell(row, column) }
            text += "</tr>\n"
        }
        return text + "</tbody></table></div></section>\n"
    }

    private func cell(_ row: Int, _ column: Int) -> String {
        guard row != column,
            let pair = comparison.pairs.first(where: {
                ($0.first, $0.second) == (min(row, column), max(row, column))
            })
        else { return "<td class=\"self\"></td>" }
        let (own, others) =
            pair.first == row ? (pair.onlyFirst, pair.onlySecond) : (pair.onlySecond, pair.onlyFirst)
        let isBetter = pair.isSignificant && own > others
        let note =
            "\(own) only by this, \(others) only by the other, p = \(Numerals.twoDigits(pair.probability))"
        return "<td class=\"\(isBetter ? "better" : "")\" title=\"\(note)\">\(isBetter ? "&#9679;" : "")</td>"
    }

    // MARK: Mistakes

    /// Returns the confusion matrix of the best method.
    private func confusion() -> String {
        guard let best = order.first else { return "" }
        let row = comparison.rows[best]
        let chart = ConfusionMatrixChart(
            counts: row.evaluation.confusion, classNames: row.evaluation.classes.map(\.label))
        // As a picture: the rules of its style sheet are not those of this page.
        let picture = Data(chart.svg().utf8).base64EncodedString()
        return """
            <section><h2>What the best one confuses with what</h2>
            <p>\(escaped(row.name)): rows are the true classes, columns the predicted ones.</p><div class="wide chart">\
            <img class="matrix" alt="Confusion matrix of \(escaped(row.name))" \
            src="data:image/svg+xml;base64,\(picture)"/></div></section>

            """
    }

    private func mistakes() -> String {
        var text = "<section><h2>The mistakes of each one</h2>\n"
        for index in order {
            let row = comparison.rows[index]
            let wrong = comparison.actual.indices.filter { row.predicted[$0] != comparison.actual[$0] }
            let usual = row.evaluation.topConfusions(3).map {
                "true \($0.actual) predicted as \($0.predicted) (\($0.count))"
            }
            text += "<article><h3>\(escaped(row.name))</h3><p>"
            text +=
                usual.isEmpty
                ? "No mistakes." : "Most frequent mistakes: \(escaped(usual.joined(separator: ", ")))."
            text += "</p><div class=\"digits\">"
            for image in spread(wrong, over: 16) {
                let (right, read) = (Int(comparison.actual[image]), Int(row.predicted[image]))
                text += picture(
                    image, "true \(comparison.classNames[right]) predicted as \(comparison.classNames[read])")
            }
            text += "</div></article>\n"
        }
        return text + "</section>\n"
    }

    private func hardest() -> String {
        let pictures = comparison.hardest(32).filter { $0.readBy < comparison.rows.count }
        guard !pictures.isEmpty, comparison.images.shape[0] > 0 else { return "" }
        return "<section><h2>The hardest images of all</h2><div class=\"digits\">"
            + pictures.map { image, readBy in
                let name = comparison.classNames[Int(comparison.actual[image])]
                return picture(
                    image, "true \(name), classified correctly by \(readBy) of \(comparison.rows.count)")
            }.joined() + "</div></section>\n"
    }

    /// So many of the indices, evenly from all of them.
    private func spread(_ indices: [Int], over count: Int) -> [Int] {
        guard indices.count > count else { return indices }
        return (0..<count).map { indices[$0 * indices.count / count] }
    }

    private func picture(_ image: Int, _ caption: String) -> String {
        // Rows of features have no pictures.
        guard image < comparison.images.shape[0] else { return "" }
        guard let png = try? PNG.encode(comparison.images[image]) else { return "" }
        let words = escaped(caption)
        return
            "<figure><img alt=\"\(words)\" src=\"data:image/png;base64,\(Data(png).base64EncodedString())\"/>"
            + "<figcaption>\(words)</figcaption></figure>"
    }

    private func escaped(_ text: String) -> String { SVGElement.escaped(text) }

    private static let styleSheet = """
        :root{--page:#fff;--ink:#1f2328;--muted:#57606a;--grid:#e6e9ed;--mark:#0072b2;--soft:#f5f7f9;--shade:#0004}
        @media (prefers-color-scheme:dark){:root{--page:#14181e;--ink:#e6eaef;--muted:#9da7b3;--grid:#2b323b;\
        --mark:#56b4e9;--soft:#1e242c;--shade:#fff5}}
        body{margin:0 auto;max-width:900px;padding:24px 16px 64px;background:var(--page);color:var(--ink);\
        font:16px/1.55 system-ui,sans-serif}
        h1{font-size:30px;line-height:1.2}h2{margin-top:40px;font-size:21px}h3{margin:24px 0 4px;font-size:16px}
        p,figcaption,small{color:var(--muted)}article p{margin:0 0 8px}
        figure{margin:0}svg{width:100%;height:auto}
        .grid{stroke:var(--grid)}.reach{stroke:var(--mark);stroke-width:8;stroke-linecap:round;opacity:.35}
        .point{fill:var(--mark)}.label{fill:var(--ink);font-size:13px}.tick{fill:var(--muted);font-size:12px}
        .matrix{display:block;max-width:100%}
        .wide{overflow-x:auto;background:linear-gradient(to right,var(--page) 30%,transparent) 0 0/40px 100% no-repeat local,\
        linear-gradient(to left,var(--page) 30%,transparent) 100% 0/40px 100% no-repeat local,\
        linear-gradient(to right,var(--shade),transparent) 0 0/12px 100% no-repeat scroll,\
        linear-gradient(to left,var(--shade),transparent) 100% 0/12px 100% no-repeat scroll}
        @media (max-width:640px){.chart svg,.chart .matrix{width:640px;max-width:none}}
        table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
        td,th{padding:6px 10px;border-bottom:1px solid var(--grid);text-align:right;vertical-align:top;white-space:nowrap}
        tbody th,thead th:first-child{text-align:left;font-weight:600;white-space:normal}
        thead th{white-space:normal}tbody th{min-width:9rem}th small{display:block;font-weight:400}
        .pairs td,.pairs thead th{text-align:center;padding:4px 2px;width:30px}.pairs thead th:first-child{width:auto}.better{color:var(--mark)}.self{background:var(--soft)}
        .digits{display:flex;flex-wrap:wrap;gap:10px}.digits figure{width:84px}
        .digits img{width:84px;height:84px;image-rendering:pixelated;border-radius:4px;display:block;background:#000;outline:1px solid var(--grid)}
        .digits figcaption{font-size:12px;line-height:1.3;margin-top:3px}
        """
}
