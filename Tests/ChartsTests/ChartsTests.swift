import Foundation
import FoundationXML
import Testing

@testable import Charts

/// What XMLParser (libxml2) finds in a file: elements with attributes, and their text.
final class ParsedSVG: NSObject, XMLParserDelegate {
    struct Element {
        var name: String
        var attributes: [String: String]
        var text = ""
    }

    private(set) var elements: [Element] = []
    private(set) var error: String?
    private var open: [Int] = []

    init(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        if !parser.parse() { error = "\(parser.lineNumber): \(String(describing: parser.parserError))" }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes))
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if let last = open.last { elements[last].text += text }
    }

    func all(_ name: String, class: String? = nil) -> [Element] {
        elements.filter { $0.name == name && (`class` == nil || $0.attributes["class"] == `class`) }
    }

    var texts: [String] { all("text").map(\.text) }
}

@Suite struct GalleryTests {
    @Test(arguments: ChartAppearance.allCases)
    func everyChartIsAWholeFileOfItsOwn(appearance: ChartAppearance) throws {
        for (name, svg) in try Gallery.all(appearance) {
            let parsed = ParsedSVG(svg)
            #expect(parsed.error == nil, "\(name)")
            #expect(parsed.elements.first?.name == "svg")
            #expect(parsed.elements.dropFirst().first?.name == "title")
            // Pictures are base64, where any letters may meet.
            let coordinates = parsed.elements.filter { $0.name != "image" }
                .flatMap { Array($0.attributes) }
            #expect(
                coordinates.allSatisfy { !$0.value.contains("nan") && !$0.value.contains("inf") }, "\(name)")
            for forbidden in ["<script", "http://", "https://", " id="] {
                let rest = svg.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
                #expect(!rest.contains(forbidden), "\(name) contains \(forbidden)")
            }
            #expect(svg.contains("prefers-color-scheme") == (appearance == .automatic))
            if let folder = ProcessInfo.processInfo.environment["DESCENT_GALLERY"] {
                try svg.write(
                    toFile: "\(folder)/\(name)-\(appearance).svg", atomically: true, encoding: .utf8)
            }
        }
    }

    @Test func theSameDataGiveTheSameFile() throws {
        let (once, again) = (try Gallery.all(.automatic), try Gallery.all(.automatic))
        for (one, other) in zip(once, again) { #expect(one.svg == other.svg) }
    }
}
