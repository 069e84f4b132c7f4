import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Tables

/// Filling, scaling and one-hot features, fitted once and applied by name.
@Suite struct PreprocessingTests {
    private let people: Table

    init() throws { people = try Table(Fixture.path("people.csv")) }

    @Test(arguments: TablePreprocessing.Scaling.allCases)
    func featuresAreThoseOfScikitLearn(scaling: TablePreprocessing.Scaling) throws {
        let expected = try Fixture.expected().people
        let wanted =
            [.standard: expected.standard, .minmax: expected.minmax, .none: expected.none][scaling] ?? []
        let preprocessing = try TablePreprocessing(fittedTo: people, scaling: scaling)
        let prepared = try preprocessing.applied(to: people)
        #expect(
            prepared.featureNames == [
                "height", "weight", "colour=blue", "colour=green", "colour=red", "colour=(other)",
            ])
        #expect(prepared.features.shape == [8, 6] && !wanted.isEmpty)
        expectClose(prepared.features.elements, wanted.flatMap { $0 }, absolute: 1e-6)
        #expect(
            prepared.notes == [
                "column \"height\": 2 missing values filled with the mean, 175.6250",
                "column \"weight\": 2 missing values filled with the mean, 71.7917",
                "column \"colour\": 1 missing value filled with the commonest, \"red\"",
            ])
        #expect(
            preprocessing.leftOut.map { "\($0.name): \($0.reason)" } == [
                "id: names the row", "born: dates", "constant: all values are the same",
            ])
    }

    @Test func onlyTrainingRowsAreFitted() throws {
        let table = try table("v,c,label\n1,a,x\n3,b,y\n100,c,x\n7,a,y\n")
        let preprocessing = try TablePreprocessing(fittedTo: table.gathered([0, 1]), scaling: .minmax)
        let prepared = try preprocessing.applied(to: table.gathered([2]))
        #expect(prepared.features.elements == [49.5, 0, 0, 1])
        #expect(prepared.notes == ["column \"c\": 1 text not seen in training: \"c\""])
    }

    @Test func columnsAreFoundByName() throws {
        let preprocessing = try TablePreprocessing(fittedTo: people)
        let text = "extra,colour,weight,height\n5,green,72,170\n6,violet,,\n"
        let new = try Table(TableText(bytes: Array(text.utf8), path: "new.csv"), for: preprocessing)
        let prepared = try preprocessing.applied(to: new)
        #expect(prepared.features.shape == [2, 6])
        #expect(prepared.features.elements.suffix(6) == [0, 0, 0, 0, 0, 1])
        #expect(
            prepared.notes.suffix(2) == [
                "column \"colour\": 1 text not seen in training: \"violet\"",
                "1 column that the model does not know: \"extra\"",
            ])
        let less = try Table(
            TableText(bytes: Array("weight,colour\n1,red\n".utf8), path: "new.csv"), for: preprocessing)
        #expect(
            failure { _ = try preprocessing.applied(to: less) }
                == "badData: new.csv: a column is missing (expected \"height\", got the columns \"weight\", \"colour\"); give a table with the columns that the model was trained with"
        )
        let wrong = try Table(
            TableText(bytes: Array("weight,colour,height\n1,red,tall\n".utf8), path: "new.csv"),
            for: preprocessing)
        #expect(
            failure { _ = try preprocessing.applied(to: wrong) }
                == "badData: new.csv, row 2, column 3 \"height\": texts in a column of numbers (expected a number, got \"tall\"); \"height\" held numbers in training"
        )
    }

    /// A column of codes stays one of texts where a new file has digits alone.
    @Test func textsThatLookLikeNumbers() throws {
        let train = try table("zip,v,label\n01,1,a\nA2,2,b\n01,3,a\n03,4,b\n")
        let preprocessing = try TablePreprocessing(fittedTo: train, scaling: .none)
        let new = try Table(TableText(bytes: Array("zip,v\n01,1\n03,1\n3,1\n,1\n".utf8)), for: preprocessing)
        let features = try preprocessing.applied(to: new).features
        #expect(features.elements == [1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1])
    }

    @Test func missingValuesMayBeRefused() throws {
        #expect(
            failure { _ = try TablePreprocessing(fittedTo: people, missing: .refuse) }
                == "badData: \(Fixture.path("people.csv")), row 3, column 2 \"height\": a missing value (expected a value in every row, got 2 missing values in this column)"
        )
        let whole = try TablePreprocessing(fittedTo: table("v,label\n1,a\n2,b\n"), missing: .refuse)
        let new = try Table(TableText(bytes: Array("v,w\nNA,1\n".utf8), path: "new.csv"), for: whole)
        #expect(
            failure { _ = try whole.applied(to: new) }.hasPrefix(
                "badData: new.csv, row 2, column 1 \"v\": a missing value"))
    }

    @Test func numbersThatAreNotFinite() throws {
        #expect(
            failure { _ = try TablePreprocessing(fittedTo: table("v,label\n1,a\ninf,b\n")) }
                == "badData: t.csv, row 3, column 1 \"v\": a number that is not finite (got inf); leave the field empty if the value is missing"
        )
        let large = try table("v,label\n1,a\n1e300,b\n")
        #expect(
            failure { _ = try TablePreprocessing(fittedTo: large, scaling: .none).applied(to: large) }
                .hasPrefix(
                    "badData: t.csv, row 3, column 1 \"v\": a number that is not finite, or too large"))
        #expect(
            try TablePreprocessing(fittedTo: large).applied(to: large).features.elements.allSatisfy(
                \.isFinite))
    }

    @Test func itIsStoredAsJSON() throws {
        let preprocessing = try TablePreprocessing(fittedTo: people)
        let data = try JSONEncoder().encode(preprocessing)
        #expect(try JSONDecoder().decode(TablePreprocessing.self, from: data) == preprocessing)
    }

    @Test func examplesHaveTheModelsClasses() throws {
        let train = try table("v,label\n1,b\n2,a\n3,b\n")
        let preprocessing = try TablePreprocessing(fittedTo: train, scaling: .none)
        let examples = try train.examples(preprocessing)
        #expect(
            examples.classes == [1, 0, 1] && examples.classNames == ["a", "b"] && examples.exampleShape == [1]
        )
        func new(_ text: String) throws -> Table {
            try Table(TableText(bytes: Array(text.utf8), path: "new.csv"), for: preprocessing)
        }
        let test = try new("label,v\nb,1\nb,2\n").examples(preprocessing)
        #expect(test.classes == [1, 1] && test.classNames == ["a", "b"])
        #expect(
            failure { _ = try new("label,v\nb,1\nc,2\n").examples(preprocessing) }
                == "badData: new.csv, row 3, column 1 \"label\": a class that was not learned (expected one of \"a\", \"b\", got \"c\")"
        )
        #expect(
            failure { _ = try new("w,v\nb,1\n").examples(preprocessing) }.hasPrefix(
                "badData: new.csv: no label"))
        let numbers = try table("v,y\n1,0.5\n2,1.5\n3,4\n")
        let values = try numbers.examples(TablePreprocessing(fittedTo: numbers)).targets
        #expect(values == .values(NDArray(shape: [3, 1], elements: [0.5, 1.5, 4])))
    }

    @Test func noColumnIsLeft() throws {
        #expect(
            failure { _ = try TablePreprocessing(fittedTo: table("v,label\n1,a\n1,b\n")) }
                == "badData: t.csv: no column is a feature (expected a column of numbers or of texts, got \"v\": all values are the same)"
        )
    }
}
