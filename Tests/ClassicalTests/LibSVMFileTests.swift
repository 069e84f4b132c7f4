import ArrayFiles
import Arrays
import ExampleData
import Foundation
import Support
import TestSupport
import Testing

@testable import Classical

/// libsvm's text and model files, to and fro, and damaged.
@Suite struct LibSVMFileTests {
    private func read(_ text: String, features: Int? = nil, names: [String]? = nil) throws -> LabeledExamples
    {
        var lines = LibSVMLines(Array(text.utf8), path: "data")
        return try LibSVMText.read(&lines, features, names, 1 << 20)
    }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing was thrown"
        } catch let error as DescentError where error.kind == .badData || error.kind == .usage {
            return "\(error)"
        } catch {
            return "another error: \(error)"
        }
    }

    @Test func textIsReadAsLibSVMReadsIt() throws {
        let examples = try read("+1 1:0.5 3:-2e1\r\n\n-1\t2:1  \n1.0 3:.25\n")
        #expect(examples.classNames == ["1", "-1"] && examples.classes == [0, 1, 0])
        #expect(examples.features.shape == [3, 3])
        #expect(examples.features.unscaledFloats.elements == [0.5, 0, -20, 0, 1, 0, 0, 0, 0.25])
        // With -1 and +1 only, +1 comes first.
        let swapped = try read("-1 1:1\n+1 1:2\n-1 1:3")
        #expect(swapped.classNames == ["1", "-1"] && swapped.classes == [1, 0, 1])
        let wide = try read("2 1:1\n", features: 3, names: ["1", "2"])
        #expect(wide.features.shape == [1, 3] && wide.classes == [1])
        #expect(try read("2.5 1:1\n0 1:1").classNames == ["2.5", "0"])
        #expect(try read("").count == 0)
    }

    /// What libsvm 3.24's svm-train (its model shows the numbers) or scikit-learn 1.9.1's load_svmlight_file (SVMlight's
    /// form) take: spaces behind the colon only the former, comments and queries only the latter. The byte order mark is
    /// for neither.
    @Test func theManyFormsOfALine() throws {
        for (text, expected) in [
            // libsvm's own "protein" has spaces behind the colon.
            ("1 1: .50 2:  1\n", [0.5, 1]), ("1 1:\t.5\n", [0.5]), ("+1\t1:1 \t 2:2\t\n", [1, 2]),
            // SVMlight's comments and queries.
            ("1 1:1 # a comment: 2:3\n", [1]), ("1 1:1# x\n", [1]), ("# only: this\n1 1:1\n#\n", [1]),
            ("1 qid:3 1:1 2:2\n", [1, 2]), ("1 qid:0\t1:4 # 1:5\n", [4]), ("1 #\n1 1:1", [0, 1]),
            // Line ends, blank lines, no line feed at the end, a byte order mark.
            ("1 1:1\r\n1 1:2\r\n\r\n", [1, 2]), ("\n  \n\t\n1 1:1", [1]), ("\u{FEFF}1 1:1\n", [1]),
            // Numbers.
            ("1e0 1:1e2 2:+1.5E-1 3:-.5 4:5.\n", [100, 0.15, -0.5, 5]), ("-0 1:1\n", [1]), ("1 +1:1\n", [1]),
            ("1 01:1 002:2\n", [1, 2]), ("1 1:0 3:1\n", [0, 0, 1]),
            // Counted from 0.
            ("1 0:5 1:6\n1 1:7\n", [5, 6, 0, 7]), ("1 1:7\n1 0:5\n", [0, 7, 5, 0]),
        ] as [(String, [Float])] {
            let examples = try read(text)
            #expect(examples.features.unscaledFloats.elements == expected, "\(text)")
        }
        for (text, what) in [
            ("1 1: \n", "not a number"), ("1 1: 2:3\n", "not a number"), ("1 1:.5:7", "not a number"),
            ("1 1 :2", "not a feature"), ("1 qid:x 1:1", "not a number of a query"),
            ("1 1:1 qid:3", "an impossible index"),
            ("1 sid:1 1:1", "an impossible index"), ("1 1:0x10", "not a number"), ("1 0:1 0:2", "ascend"),
            ("1,2 1:1", "not a label"), ("1 1:1 word", "not a feature"), ("1 1:#5", "not a number"),
        ] {
            let found = message { _ = try read(text) }
            #expect(found.hasPrefix("data, line 1: ") && found.contains(what), "\(text): \(found)")
        }
    }

    /// Nineteen bytes that ask for gigabytes: refused as a matrix with its zeros, read without them.
    @Test func hugeIndices() throws {
        let text = "1 1000000000:1\n-1 5:2\n1\n"
        for features in [nil, 1_000_000_000] {
            var lines = LibSVMLines(Array(text.utf8), path: "data")
            #expect(
                message { _ = try LibSVMText.read(&lines, features, nil, nil) }
                    == "data: the examples take too much memory (expected at most 268435456 bytes for a file of 24, got 3 x "
                    + "1000000000 numbers of 4 bytes); raise the limit, take fewer features, or read them without their zeros"
            )
        }
        try withTemporaryFile { path in
            try AtomicFile.write(text, to: path)
            let sparse = try LibSVMText.readSparse(contentsOf: path)
            #expect(sparse.features.shape == [3, 1_000_000_000])
            guard case .sparse(let rows) = sparse.features.storage else {
                Issue.record("rows with their zeros")
                return
            }
            #expect(rows.nonZeroCount == 2)
            #expect(sparse.classes == [0, 1, 0] && sparse.classNames == ["1", "-1"])
            #expect(
                message { _ = try LibSVMText.readSparse(contentsOf: path, featureCount: 9) }.contains(
                    "line 1: an index beyond"))
            try AtomicFile.write("1 0:1 2:3\n1 1:5\n", to: path)
            #expect(try LibSVMText.readSparse(contentsOf: path).features.shape == [2, 3])
        }
        // A model of some hundred bytes.
        let whole = try SupportVectorFile.load().cases[0].model
        let model = String(whole.reversed().drop { $0.isWhitespace }.reversed()) + " 100000000:1\n"
        var lines = LibSVMLines(Array(model.utf8), path: "model")
        #expect(message { _ = try SupportVectorClassifier(&lines, nil, 1) }.contains("too much memory"))
    }

    /// A test file in which feature 0 never occurs does not show that its training file counts from 0.
    @Test func theFirstIndexMayBeSaid() throws {
        func read(_ text: String, from first: Int?) throws -> [Float] {
            var lines = LibSVMLines(Array(text.utf8), path: "data")
            let examples = try LibSVMText.read(&lines, 3, nil, 1 << 20, firstIndex: first)
            guard case .floats(let numbers) = examples.features.storage else { return [] }
            return numbers.elements
        }
        #expect(try read("1 0:7 2:9\n2 1:5\n", from: nil) == [7, 0, 9, 0, 5, 0])
        #expect(try read("1 1:5\n2 2:9\n", from: 0) == [0, 5, 0, 0, 0, 9])
        #expect(try read("1 1:5\n2 2:9\n", from: nil) == [5, 0, 0, 0, 9, 0])
        #expect(message { _ = try read("1 0:7\n", from: 1) }.contains("an index below the first"))
        #expect(message { _ = try read("1 1:7\n", from: 2) }.contains("impossible first index"))
    }

    /// Files that count from 0 make models that do.
    @Test func aModelThatCountsFromZero() throws {
        let model = try SupportVectorFile.load().cases[0].model
        let header = model.range(of: "SV\n").map { model[..<$0.upperBound] } ?? ""
        let body = model[header.endIndex...].split(separator: "\n").map { line in
            line.split(separator: " ").map { word in
                let parts = word.split(separator: ":")
                return parts.count == 2 ? "\((Int(parts[0]) ?? 0) - 1):\(parts[1])" : String(word)
            }.joined(separator: " ")
        }.joined(separator: "\n")
        var plain = LibSVMLines(Array(model.utf8), path: "model")
        var shifted = LibSVMLines(Array((header + body).utf8), path: "model")
        let one = try SupportVectorClassifier(&plain, nil, 1)
        let other = try SupportVectorClassifier(&shifted, nil, 1)
        #expect(one.supportVectors.unscaledFloats.elements == other.supportVectors.unscaledFloats.elements)
    }

    @Test func noMutationOfTextGetsPastTheReader() throws {
        var random = SplitMix64(state: 77)
        let seeds = [
            "+1 1:0.5 3:-2e1 # c\r\n-1 qid:2 2: 1\n1.0 3:.25\n", "1 0:1 7:2\n2 3:4\n", "1 1:1\n",
        ].map { Array($0.utf8) }
        var (accepted, refused) = (0, 0)
        for round in 0..<3000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] = Array("0123456789:.#-+e \n\t".utf8).randomElement(using: &random) ?? 0
                case 2: bytes.remove(at: place)
                default: bytes.insert(bytes[place], at: place)
                }
            }
            var lines = LibSVMLines(bytes, path: "data")
            do {
                let examples = try LibSVMText.read(&lines, nil, nil, 1 << 20)
                #expect(examples.features.shape.reduce(4, *) <= 1 << 20)
                accepted += 1
            } catch is DescentError {
                refused += 1
            }
        }
        #expect(accepted > 300 && refused > 300)
    }

    @Test func numbersAreRoundedAsTheLibraryRoundsThem() {
        for text in [
            "0", "-0.0", "1", "123456789012345", "0.1", "-2.2250738585072014e-308", "1e22",
            "3.14159265358979323846",
            "0.000000000000001", "99999999999999.9", "+7.25", "1E-5", ".5", "5.",
        ] {
            let expected = Double(text.hasSuffix(".") ? text + "0" : text)
            #expect(LibSVMLines.number(Array(text.utf8)[...]) == expected, "\(text)")
        }
        for text in ["", "-", ".", "nan", "inf", "0x10", "1e", "1.2.3", "--1", "1 "] {
            #expect(LibSVMLines.number(Array(text.utf8)[...]) == nil, "\(text)")
        }
    }

    @Test func damagedTextIsRefusedWithItsLine() {
        for (text, place, what) in [
            ("1 1:1\nx 1:1", "data, line 2", "not a label"),
            ("1 1:1\n\n1 a:1", "data, line 3", "index"),
            ("1 2147483647:1", "data, line 1", "0..<2147483647"),
            ("1 -1:1", "data, line 1", "impossible index"),
            ("1 2:1 2:1", "data, line 1", "ascend"),
            ("1 3:1 2:1", "data, line 1", "ascend"),
            ("1 1", "data, line 1", "not a feature"),
            ("1 1:", "data, line 1", "not a number"),
            ("1 1:nan", "data, line 1", "not a number"),
            ("1 1:1e39", "data, line 1", "not finite"),
            ("nan 1:1", "data, line 1", "not a label"),
            ("1 99999999999:1", "data, line 1", "impossible index"),
            ("1 2000000000:1", "data", "memory"),
        ] {
            let found = message { _ = try read(text) }
            #expect(found.hasPrefix(place) && found.contains(what), "\(text): \(found)")
        }
        #expect(message { _ = try read("1 4:1", features: 3) }.contains("beyond the features"))
        #expect(message { _ = try read("3 1:1", names: ["1", "2"]) }.contains("not known"))
        #expect(throws: DescentError.self) { try LibSVMText.read(contentsOf: "/nowhere/at/all") }
    }

    @Test func textGoesOutAndComesBack() throws {
        let plain = clouds(30, classes: 3, features: 5, seed: 3)
        let examples = LabeledExamples(
            plain.features, classes: plain.classes, classNames: ["3", "-1", "2.5"])
        try withTemporaryFile { path in
            try LibSVMText.write(examples, to: path)
            let again = try LibSVMText.read(
                contentsOf: path, featureCount: 5, classNames: examples.classNames)
            #expect(again.classes == examples.classes && again.features.shape == [30, 5])
            #expect(again.features.unscaledFloats.elements == examples.features.unscaledFloats.elements)
            let bytes = asBytes(examples)
            try LibSVMText.write(bytes, to: path, byteScale: 1 / 255)
            let scaled = try LibSVMText.read(
                contentsOf: path, featureCount: 5, classNames: examples.classNames)
            #expect(
                scaled.features.unscaledFloats.elements
                    == bytes.features.unscaledFloats.elements.map { $0 * (1 / 255) })
        }
    }

    @Test func modelsGoOutAndComeBack() throws {
        let plain = clouds(60, classes: 3, features: 5, seed: 3)
        let examples = LabeledExamples(plain.features, classes: plain.classes, classNames: ["3", "-1", "2"])
        for kernel: KernelFunction in [
            .linear, .rbf(), .polynomial(degree: 2, gamma: 0.1, constant: 1), .sigmoid(gamma: 0.01),
        ] {
            for examples in [examples, asBytes(examples)] {
                var machine = SupportVectorMachine(kernel: kernel)
                machine.fitsProbabilities = true
                let classifier = try machine.fit(examples)
                try withTemporaryFile { path in
                    try classifier.writeLibSVMModel(to: path)
                    let again = try SupportVectorClassifier(
                        libSVMModel: path, featureCount: 5, byteScale: 1 / 255)
                    #expect(again.classNames == ["3", "-1", "2"] && again.sigmoids == classifier.sigmoids)
                    #expect(again.coefficients.elements == classifier.coefficients.elements)
                    let (a, b) = (
                        try classifier.decisionValues(of: examples.features).elements,
                        try again.decisionValues(of: examples.features).elements
                    )
                    #expect(paired(a, b).allSatisfy { abs($0 - $1) < 1e-5 }, "\(kernel)")
                }
            }
        }
        let named = try SupportVectorMachine().fit(plain)
        #expect(message { try named.writeLibSVMModel(to: "/tmp/never") }.contains("'class 0'"))
    }

    @Test func damagedModelsAreRefusedWithTheirLine() throws {
        let whole = try SupportVectorFile.load().cases[0].model
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func refuse(_ what: String, line: Int?, _ change: (inout [String]) -> Void) {
            var changed = lines
            change(&changed)
            let found = message {
                var input = LibSVMLines(Array(changed.joined(separator: "\n").utf8), path: "model")
                _ = try SupportVectorClassifier(&input, nil, 1)
            }
            let place = line.map { "model, line \($0):" } ?? "model"
            #expect(found.hasPrefix(place) && found.contains(what), "\(what): \(found)")
        }
        #expect(lines[0] == "svm_type c_svc" && lines[8] == "SV")
        refuse("epsilon_svr", line: 1) { $0[0] = "svm_type epsilon_svr" }
        refuse("precomputed", line: 2) { $0[1] = "kernel_type precomputed" }
        refuse("kernel", line: 2) { $0[2] = "gamma -1" }
        refuse("'gamma' is not a number", line: 3) { $0[2] = "gamma much" }
        refuse("classes", line: 4) { $0[3] = "nr_class 1" }
        refuse("add up", line: 8) { $0[4] = "total_sv 5" }
        refuse("another number of values", line: 6) { $0[5] = "rho 1 2" }
        refuse("label comes twice", line: 7) { $0[6] = "label 1 1 7" }
        refuse("count", line: 8) { $0[7] = "nr_sv 17 22 -10" }
        refuse("comes twice", line: 2) { $0[1] = $0[0] }
        refuse("header", line: 2) { $0[1] = "hello" }
        refuse("no line 'SV'", line: nil) { $0.removeSubrange(8...) }
        refuse("no 'rho'", line: nil) { $0.remove(at: 5) }
        refuse("too few coefficients", line: 10) { $0[9] = "10" }
        refuse("not a coefficient", line: 10) { $0[9] = "10 x 1:1" }
        refuse("ascend", line: 11) { $0[10] = "1 2 2:1 1:1" }
        refuse("fewer support vectors", line: nil) { $0.removeLast(3) }
        refuse("more support vectors", line: 59) { $0.insert($0[20], at: 20) }
        refuse("no line 'SV'", line: nil) { $0 = [""] }
    }
}
