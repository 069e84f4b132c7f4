import ArrayFiles
import Arrays
import ExampleData
import Support
import Tables
import TestSupport
import Testing

@testable import DataSources

/// Files of features with numbers as labels, where a regression is asked for.
@Suite struct NumberTargetTests {
    private func load(_ path: String, testFile: String? = nil, testShare: Double = 0) async throws
        -> LoadedData
    {
        var request = DataRequest(testFile: testFile, testShare: testShare)
        request.table.task = .regression
        return try await DataSource(named: path).load(request)
    }

    private func values(_ examples: any ExampleSource) throws -> [Float]? {
        if case .values(let values) = try examples.labeledExamples().targets { values.elements } else { nil }
    }

    @Test func libsvmsLabels() async throws {
        try await withTemporaryDirectory { directory in
            let (path, other) = ("\(directory)/a.svm", "\(directory)/b.svm")
            try AtomicFile.write("2.5 1:1 2:3\n-1e2 2:4\n2.5 1:7\n", to: path)
            try AtomicFile.write("9 2:1\n", to: other)
            // Labels that the training file has not are no unknown classes.
            let data = try await load(path, testFile: other)
            #expect(try values(data.split.train) == [2.5, -100, 2.5])
            #expect(try values(data.split.test) == [9])
            let rows = try data.split.train.labeledExamples().features
            #expect(rows.shape == [3, 2] && rows.unscaledFloats.elements == [1, 3, 0, 4, 7, 0])
            // Without that task they are classes.
            let classes = try await DataSource(named: path).load(DataRequest(testShare: 0))
            #expect(classes.split.train.classNames == ["2.5", "-100"])
        }
    }

    @Test func archives() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/a.npz"
            var file = NPZ()
            file.set(NDArray<Double>(shape: [10, 2], elements: (0..<20).map(Double.init)), named: "x")
            file.set(NDArray<Double>(shape: [10], elements: (0..<10).map { Double($0) / 4 }), named: "y")
            try file.write(to: path)
            let data = try await load(path, testShare: 0.2)
            #expect(data.split.train.count == 8 && data.split.test.count == 2)
            let all = try #require(try values(data.split.train)) + #require(try values(data.split.test))
            let expected: [Float] = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25]
            #expect(all.sorted() == expected)
            #expect(
                data.notes == [
                    "a.npz has no test file: 2 of 10 examples are held out for the test (20 %, seed 1)"
                ])
            file.set(NDArray<Double>(shape: [10], elements: [Double](repeating: .nan, count: 10)), named: "y")
            try file.write(to: path)
            let error = await #expect(throws: DescentError.self) { try await load(path) }
            #expect(error?.kind == .badData && error?.place == "\(path), y[0]")
        }
    }
}
