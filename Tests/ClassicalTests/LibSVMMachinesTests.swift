import ArrayFiles
import Arrays
import Classification
import ExampleData
import Foundation
import Regression
import Support
import TestSupport
import Testing

@testable import Classical

/// libsvm's model files of the machines without classes, and its text with numbers for labels.
@Suite struct LibSVMMachinesTests {
    private func machine(_ text: String) throws -> LibSVMMachine {
        try withTemporaryFile { path in
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return try LibSVMMachine(ofModel: path)
        }
    }

    @Test func libSVMsModelsDecideAsInLibSVM() throws {
        let file = try RegressionVectors.load()
        let queries = file.examples("narrow").queries
        for item in file.machines where !item.coefficients.isEmpty {
            try withTemporaryFile { path in
                try Data(item.model.utf8).write(to: URL(fileURLWithPath: path))
                let kind = try LibSVMMachine(ofModel: path)
                let values: [Double]
                let written = path + ".again"
                if item.isOneClass {
                    #expect(kind == .oneClass)
                    let model = try OneClassClassifier(libSVMModel: path)
                    values = try model.decisionValues(of: queries)
                    try model.writeLibSVMModel(to: written)
                    #expect(
                        try OneClassClassifier(libSVMModel: written).decisionValues(of: queries) == values)
                } else {
                    #expect(kind == (item.value("-s") == 4 ? .nuSVR : .epsilonSVR))
                    let model = try SupportVectorRegressor(libSVMModel: path)
                    #expect(model.isNu == (kind == .nuSVR) && model.tubeWidth == nil)
                    values = try model.decisionValues(of: queries)
                    try model.writeLibSVMModel(to: written)
                    #expect(
                        try SupportVectorRegressor(libSVMModel: written).decisionValues(of: queries) == values
                    )
                }
                #expect(try LibSVMMachine(ofModel: written) == kind)
                for (got, expected) in paired(values, item.decisions) {
                    #expect(abs(got - expected) < 1e-5, "\(item.options): \(got), not \(expected)")
                }
            }
        }
    }

    /// What Descent writes is line for line libsvm's form: the header's keys in its order, then one line a support vector.
    @Test func modelsAreWrittenInLibSVMsForm() throws {
        let file = try RegressionVectors.load()
        let item = file.machines[4]
        let model = try item.regression.fit(file.examples("narrow").examples)
        try withTemporaryFile { path in
            try model.writeLibSVMModel(to: path)
            let keys: (String) -> [String] = { text in
                text.split(separator: "\n").prefix { $0 != "SV" }.map { String($0.split(separator: " ")[0]) }
            }
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(keys(text) == keys(item.model))
            #expect(text.split(separator: "\n").count == item.model.split(separator: "\n").count)
        }
    }

    @Test func aModelOfAnotherMachineNamesItsReader() throws {
        let file = try RegressionVectors.load()
        try withTemporaryFile { path in
            try Data(file.machines[0].model.utf8).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: DescentError.self) { try SupportVectorClassifier(libSVMModel: path) }
            #expect(error?.got == "epsilon_svr" && error?.advice == "SupportVectorRegressor reads it")
            #expect(throws: DescentError.self) { try OneClassClassifier(libSVMModel: path) }
        }
    }

    @Test func damagedModelsAreRefusedWithTheirLine() throws {
        let head = "svm_type epsilon_svr\nkernel_type linear\nnr_class 2\ntotal_sv 1\nrho 0.5\nSV\n"
        #expect(try machine(head) == .epsilonSVR)
        #expect(try machine(head.replacing("rho 0.5", with: "rho 0.5\nprobA 0.2")) == .epsilonSVR)
        for (text, line) in [
            (head, 6), (head + "1 1:1\n1 1:2\n", 8), (head + "x 1:1\n", 7),
            (head.replacing("rho 0.5", with: "rho 0.5 0.6") + "1 1:1\n", 5),
            (head.replacing("nr_class 2", with: "nr_class 3") + "1 1:1\n", 3),
            (head.replacing("epsilon_svr", with: "zeta_svr") + "1 1:1\n", 1),
        ] {
            try withTemporaryFile { path in
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                let error = #expect(throws: DescentError.self) {
                    try SupportVectorRegressor(libSVMModel: path)
                }
                #expect(error?.kind == .badData && error?.place == "\(path), line \(line)", "\(text)")
            }
        }
    }

    /// One name that is no number numbers all classes, and the numbers are said.
    @Test func classesWithoutNumbersForNamesAreNumbered() throws {
        let features = FeatureMatrix.floats([[0.5, 0], [0, 2], [1, 0]])
        try withTemporaryFile { path in
            let named = LabeledExamples(features, classes: [2, 0, 1], classNames: ["7", "cat", "inf"])
            let notes = try LibSVMText.write(named, to: path)
            #expect(notes == ["libsvm's labels are numbers: the classes are 0 7, 1 cat, 2 inf"])
            #expect(
                try String(contentsOfFile: path, encoding: .utf8) == "2 1:0.5\n0 2:2.0\n1 1:1.0\n")
            let names = (0..<25).map { "class \($0)" }
            let many = LabeledExamples(features, classes: [24, 0, 1], classNames: names)
            #expect(try LibSVMText.write(many, to: path).first?.hasSuffix("19 class 19, and so on") == true)
            let numbered = LabeledExamples(features, classes: [1, 0, 1], classNames: ["-1", "2.5"])
            #expect(try LibSVMText.write(numbered, to: path) == [])
            #expect(
                try String(contentsOfFile: path, encoding: .utf8) == "2.5 1:0.5\n-1 2:2.0\n2.5 1:1.0\n")
        }
    }

    @Test func labelsMayBeNumbersToPredict() throws {
        var lines = LibSVMLines(Array("-1.5 1:0.5 3:2\n# none\n1e2 2:1\n".utf8), path: "data")
        let examples = try LibSVMText.readValues(&lines, nil, nil)
        #expect(examples.targets == .values([[-1.5], [100]]) && examples.classNames.isEmpty)
        #expect(examples.features.unscaledFloats == [[0.5, 0, 2], [0, 1, 0]])
        try withTemporaryFile { path in
            try LibSVMText.write(examples, to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "-1.5 1:0.5 3:2.0\n100.0 2:1.0\n")
            let again = try LibSVMText.readValues(contentsOf: path)
            #expect(again.targets == examples.targets)
            #expect(again.features.unscaledFloats == examples.features.unscaledFloats)
            let two = LabeledExamples(examples.features, values: [[1, 2], [3, 4]])
            #expect(throws: DescentError.self) { try LibSVMText.write(two, to: path) }
        }
        for text in ["x 1:1", "1e60 1:1", "nan 1:1"] {
            var lines = LibSVMLines(Array(text.utf8), path: "data")
            let error = #expect(throws: DescentError.self) { try LibSVMText.readValues(&lines, nil, nil) }
            #expect(error?.what == "not a target" && error?.place == "data, line 1")
        }
    }
}
