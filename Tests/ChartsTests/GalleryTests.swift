import Foundation
import TestSupport
import Testing

@testable import Charts

@Suite struct GalleryTests {
    @Test(arguments: ChartAppearance.allCases)
    func everyChartIsAWholeFileOfItsOwn(appearance: ChartAppearance) throws {
        for (name, svg) in notEmpty(try Gallery.all(appearance)) {
            let parsed = ParsedSVG(svg)
            #expect(parsed.error == nil, "\(name)")
            #expect(parsed.elements.first?.name == "svg")
            #expect(parsed.elements.dropFirst().first?.name == "title")
            // Pictures are base64, where any letters may meet.
            let coordinates = parsed.elements.filter { $0.name != "image" }
                .flatMap { Array($0.attributes) }
            #expect(
                notEmpty(coordinates).allSatisfy { !$0.value.contains("nan") && !$0.value.contains("inf") },
                "\(name)")
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
        for (one, other) in paired(once, again) { #expect(one.svg == other.svg) }
    }
}
