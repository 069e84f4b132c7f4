import Arrays
import Support
import Testing

/// Against numpy.array2string and str (Vectors/printed.json).
@Suite struct PrintedFormTests {
    @Test func everyFormIsNumPys() throws {
        let cases = try VectorFile("printed.json").list("cases")
        #expect(cases.count > 400)
        for (number, item) in cases.enumerated() {
            let text = try #require(item["text"] as? String)
            let dtype = try #require(item["dtype"] as? String)
            let options = try #require(item["options"] as? [String: Any])
            var format = ArrayFormat()
            if let value = options["precision"] as? Int { format.precision = value }
            if let value = options["threshold"] as? Int { format.threshold = value }
            if let value = options["edgeitems"] as? Int { format.edgeItems = value }
            if let value = options["max_line_width"] as? Int { format.lineWidth = value }
            if options["suppress_small"] != nil { format.suppressingSmall = true }
            let printed =
                switch dtype {
                case "f8": try VectorFile.doubles(item).formatted(format)
                case "f4": try VectorFile.doubles(item).asType(Float.self).formatted(format)
                case "i8": try VectorFile.integers(item).formatted(format)
                case "i4": try VectorFile.integers(item).asType(Int32.self).formatted(format)
                case "u1": try VectorFile.integers(item).asType(UInt8.self).formatted(format)
                default: try VectorFile.integers(item).asType(Bool.self).formatted(format)
                }
            #expect(printed == text, "case \(number): \(dtype), options \(options)")
        }
    }

    @Test func descriptionIsTheDefaultForm() {
        let x: NDArray<Double> = [[1, 2.5], [3, 4]]
        #expect("\(x)" == "[[1.  2.5]\n [3.  4. ]]")
        #expect("\(x.T[0])" == "[1. 3.]")
    }
}
