import Arrays
import Testing

@testable import Charts

@Suite struct HeatMapTests {
    @Test func aMatrixThatIsTooLargeKeepsItsLargest() {
        var elements = [Double](repeating: 1e-9, count: 3 * 2000)
        elements[1 * 2000 + 1701] = 7
        elements[0] = .nan
        let small = HeatMap.reduced(NDArray(shape: [3, 2000], elements: elements))
        #expect(small.shape == [3, 667])
        #expect(small[at: 1, 567] == 7 && small.elements.filter { $0 == 7 }.count == 1)
        #expect(small[at: 0, 0] == 1e-9)
        let tall = HeatMap.reduced(NDArray(shape: [1000, 2], elements: (0..<2000).map(Double.init)))
        #expect(tall.shape == [250, 2] && tall[at: 0, 0] == 6 && tall[at: 249, 1] == 1999)
        // A block without a number stays without.
        let empty = HeatMap.reduced(
            NDArray(shape: [1, 1640], elements: [Double](repeating: .nan, count: 1640)))
        #expect(empty.shape == [1, 820] && empty.elements.allSatisfy(\.isNaN))
        let same = NDArray<Double>(shape: [2, 2], elements: [1, 2, 3, 4])
        #expect(HeatMap.reduced(same) == same)
    }

    @Test func thePictureHasAPanelForEachMatrixAndAScale() throws {
        let values = NDArray<Double>(shape: [2, 3], elements: [0, 1e-9, 1e-5, 1, .nan, .infinity])
        let map = HeatMap(
            bound: 1e-5,
            panels: [.init(name: "w", note: "wrong", values: values), .init(name: "b", values: values)],
            title: "Title", label: "difference")
        let parsed = ParsedSVG(try map.svg())
        #expect(parsed.error == nil)
        #expect(parsed.all("image").count == 3)
        for text in ["Title", "w   wrong", "b", "1e\u{2212}5", "difference"] {
            #expect(parsed.texts.contains(text), "\(text) of \(parsed.texts)")
        }
        // Small matrices are drawn large: ten points a number.
        #expect(parsed.all("image").first?.attributes["width"] == "30")
    }
}
