import Foundation
import Support

/// All sections as one HTML page: no script, no file or address from elsewhere, light and dark.
package struct NotebookPage: Sendable {
    /// The language.
    package let language: Language

    /// Creates a page in `language`.
    package init(language: Language) { self.language = language }

    /// Returns the page's text.
    package func html(_ results: [SectionResult]) -> String {
        let failed = results.filter { $0.verdict == .failed }.count
        let conclusion = (failed == 0 ? Phrases.allHold : Phrases.failed(failed))[language]
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta name="generator" content="Descent"/>
            <title>\(escaped(Phrases.title[language]))</title>
            <style>\(PageStyle.sheet)</style>
            </head>
            <body>
            <header><h1>\(escaped(Phrases.title[language]))</h1>
            <p>\(escaped(Phrases.lead[language])) <strong>\(escaped(conclusion))</strong></p></header>
            <nav aria-label="\(escaped(Phrases.contents[language]))"><ol>\(results.map(entry).joined())</ol></nav>
            <main>
            \(results.map(section).joined())</main>
            </body>
            </html>

            """
    }

    private func entry(_ result: SectionResult) -> String {
        let section = result.section
        return
            "<li><a href=\"#s\(section.number)\">\(escaped(section.title[language]))</a> \(badge(result.verdict))</li>\n"
    }

    private func section(_ result: SectionResult) -> String {
        let section = result.section
        var text = "<section id=\"s\(section.number)\">\n"
        text += "<h2>\(section.number). \(escaped(section.title[language])) \(badge(result.verdict))</h2>\n"
        text += paragraphs(section.text[language])
        text += "<pre class=\"code\"><code>\(colored(result.code(in: language)))</code></pre>\n"
        text += "<p class=\"muted\">\(Phrases.aloneWith[language]) <code>swift run \(section.snippet)</code> "
        text += escaped(Phrases.firstBuild[language])
        text += result.dataName(language).map { " · \(Phrases.data[language]): \(escaped($0))" } ?? ""
        text += " · \(fixed(result.seconds, 2))\(Phrases.seconds[language])</p>\n"
        text += table(result)
        if let trouble = result.trouble {
            text += "<p class=\"failed\">\(Phrases.trouble[language]): \(escaped(trouble[language]))</p>\n"
        }
        for picture in section.pictures { text += figure(picture, result) }
        if let afterword = section.afterword { text += paragraphs(afterword[language]) }
        return text + "</section>\n"
    }

    private func table(_ result: SectionResult) -> String {
        let heads = [Phrases.figure, Phrases.printed, Phrases.notebook, Phrases.verdict]
        var text = "<div class=\"scroll\"><table><thead><tr>"
        text += heads.map { "<th scope=\"col\">\(escaped($0[language]))</th>" }.joined()
        text += "</tr></thead><tbody>\n"
        for figure in result.figures {
            let comments = [
                (figure.figure.slip ?? figure.figure.note)?[language],
                figure.verdict == .failed
                    ? figure.rule.expectation.map { "\(Phrases.expected[language]): \($0)" }
                    : figure.rule.tolerance(language),
            ].compactMap { $0 }
            text += "<tr><td>\(escaped(figure.figure.name(in: language)))</td>"
            for (head, value) in [
                (Phrases.printed, figure.value), (Phrases.notebook, figure.figure.notebook ?? ""),
            ] {
                // A narrow window shows a row as lines, each with its column's name.
                text +=
                    value.isEmpty
                    ? "<td></td>"
                    : "<td data-name=\"\(escaped(head[language]))\"><pre>\(escaped(value))</pre></td>"
            }
            text += "<td>\(badge(figure.verdict))"
            text += comments.map { "<p class=\"muted\">\(escaped($0))</p>" }.joined() + "</td></tr>\n"
        }
        return text + "</tbody></table></div>\n"
    }

    private func figure(_ picture: Section.Picture, _ result: SectionResult) -> String {
        guard let bytes = result.picture(picture.file, in: language) else { return "" }
        let caption = escaped(picture.caption[language])
        // A digit is 28 pixels wide and shown large; what is drawn over one is large already. A file of another kind has 0.
        let side = max(224, min(448, bytes.dropFirst(16).prefix(4).reduce(0) { $0 << 8 | Int($1) }))
        let content =
            picture.file.hasSuffix(".svg")
            ? String(decoding: bytes, as: UTF8.self)
            : "<img class=\"pixels\" alt=\"\(caption)\" width=\"\(side)\" height=\"\(side)\" "
                + "src=\"data:image/png;base64,\(Data(bytes).base64EncodedString())\"/>"
        return "<figure><div class=\"scroll\">\(content)</div><figcaption>\(caption)</figcaption></figure>\n"
    }

    private func paragraphs(_ text: String) -> String {
        text.split(separator: "\n").map { "<p>\(inline(String($0)))</p>\n" }.joined()
    }

    /// Escaped text with the words between backquotes as code.
    private func inline(_ text: String) -> String {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { place, part in
            place.isMultiple(of: 2) ? escaped(String(part)) : "<code>\(escaped(String(part)))</code>"
        }.joined()
    }

    /// Returns the code with its comments set apart.
    private func colored(_ code: String) -> String {
        code.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let start = line.range(of: "//")?.lowerBound else { return escaped(String(line)) }
            return escaped(String(line[..<start])) + "<i>\(escaped(String(line[start...])))</i>"
        }.joined(separator: "\n")
    }

    private func badge(_ verdict: Verdict) -> String {
        "<span class=\"badge \(verdict == .failed ? "failed" : verdict == .slip ? "slip" : verdict == .shown ? "plain" : "good")\">"
            + "\(escaped(verdict.words[language]))</span>"
    }

    private func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
    }
}

/// The page's style sheet.
enum PageStyle {
    static let sheet = """

        :root{--page:#fff;--ink:#1f2328;--muted:#57606a;--line:#d8dee4;--soft:#f5f7f9;--good:#116329;--slip:#7d4e00;\
        --bad:#a40e26;--link:#0057a8}
        @media (prefers-color-scheme:dark){:root{--page:#14181e;--ink:#e6eaef;--muted:#9da7b3;--line:#2f3742;\
        --soft:#1e242c;--good:#56d37c;--slip:#e8b04a;--bad:#ff8087;--link:#7cc0ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:64rem;background:var(--page);color:var(--ink);\
        font:1rem/1.6 system-ui,"Noto Sans KR","Nanum Gothic",NanumGothic,sans-serif}
        :lang(ko){word-break:keep-all}
        h1{font-size:1.9rem;line-height:1.25;margin:.5rem 0}
        h2{font-size:1.35rem;line-height:1.3;margin:0 0 .8rem}
        section{border-top:1px solid var(--line);padding-top:1.6rem;margin-top:2.2rem}
        a{color:var(--link)}
        pre,code{font-family:ui-monospace,"DejaVu Sans Mono",NanumGothicCoding,monospace;font-size:.875rem}
        pre{margin:0;white-space:pre;line-height:1.45}
        pre.code{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;overflow-x:auto}
        pre.code i{color:var(--muted);font-style:normal}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;margin:.6rem 0}
        th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line)}
        th{color:var(--muted);font-weight:600;font-size:.85rem}
        td{font-size:.9375rem}td pre{font-size:.78rem}
        .muted,figcaption{color:var(--muted);font-size:.875rem}
        td p.muted{margin:.2rem 0 0;font-size:.8125rem;min-width:8rem;overflow-wrap:anywhere}
        p code{white-space:nowrap}
        .badge{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .55rem;font-size:.78rem;\
        font-weight:600;white-space:nowrap;vertical-align:middle}
        .good{color:var(--good)}.slip{color:var(--slip)}.failed{color:var(--bad)}.plain{color:var(--muted)}
        figure{margin:1.2rem 0}
        figure svg{max-width:100%;height:auto}
        img.pixels{image-rendering:pixelated;border:1px solid var(--line)}
        nav li{margin:.15rem 0}
        @media (max-width:44rem){table,tbody,tr,td{display:block}thead{display:none}\
        tr{border-bottom:1px solid var(--line);padding:.35rem 0}td{border:0;padding:.1rem 0}td:first-child{font-weight:600}\
        td[data-name]{display:flex;gap:.6rem}td[data-name]::before{content:attr(data-name);color:var(--muted);\
        font-size:.8125rem;flex:0 0 6.5rem}td pre{overflow-x:auto;min-width:0}td:empty{display:none}\
        figure svg{max-width:none}}
        @media print{body{max-width:none}section{break-inside:avoid-page}}

        """
}
