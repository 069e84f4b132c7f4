import ArrayFiles
import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import DataSources

/// NumPy's arrays as examples of a model: with or without the axis N, colours, numbers for bytes.
@Suite struct ArrayFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { "\(directory.path)/\(name)" }

    private func bytes(_ shape: [Int]) -> NDArray<UInt8> {
        NDArray(shape: shape, elements: (0..<shape.reduce(1, *)).map { UInt8($0 % 251) })
    }

    private func pixels(_ features: FeatureMatrix) -> NDArray<UInt8>? {
        if case .bytes(let bytes) = features.storage { bytes } else { nil }
    }

    @Test func imagesHaveTheModelsForm() throws {
        for shape in [[3, 4, 5], [3, 4, 5, 1], [3, 20], [4, 5]] {
            try NPY.write(bytes(shape), to: path("a.npy"))
            let found = try ArrayFile.examples(in: path("a.npy"), for: [4, 5])
            let count = shape == [4, 5] ? 1 : 3
            #expect(pixels(found) == bytes([count, 4, 5]), "\(shape)")
        }
        for shape in [[2, 4, 5, 3], [2, 3, 4, 5], [4, 5, 3]] {
            try NPY.write(bytes(shape), to: path("a.npy"))
            let found = try ArrayFile.examples(in: path("a.npy"), for: [3, 4, 5])
            let wanted =
                shape.last == 3
                ? bytes(shape.count == 3 ? [1] + shape : shape).permuted([0, 3, 1, 2]).contiguousCopy()
                : bytes(shape)
            #expect(pixels(found) == wanted, "\(shape)")
        }
        let numbers = NDArray<Float>(shape: [1, 1, 3], elements: [0, 0.2, 1])
        try NPY.write(numbers, to: path("a.npy"))
        #expect(try pixels(ArrayFile.examples(in: path("a.npy"), for: [1, 3]))?.elements == [0, 51, 255])
        // Digits on paper have any size.
        try NPY.write(bytes([2, 9, 7]), to: path("a.npy"))
        #expect(try ArrayFile.examples(in: path("a.npy"), for: [4, 5], anySize: true).shape == [2, 9, 7])
        #expect(
            failure(in: directory.path) { _ = try ArrayFile.examples(in: path("a.npy"), for: [4, 5]) }
                == "badData: DIR/a.npy: an array of another shape than the model's examples (expected [N, 4, 5], got [2, 9, 7])"
        )
    }

    @Test func rowsAreNumbers() throws {
        let rows = NDArray<Double>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
        try NPY.write(rows, to: path("a.npy"))
        #expect(
            try ArrayFile.examples(in: path("a.npy"), for: [3]).unscaledFloats.elements == [1, 2, 3, 4, 5, 6])
        try NPY.write(rows[0].contiguousCopy(), to: path("a.npy"))
        #expect(try ArrayFile.examples(in: path("a.npy"), for: [3]).shape == [1, 3])
        #expect(failure { _ = try ArrayFile.examples(in: path("a.npy"), for: [2]) }.hasPrefix("badData"))
    }

    @Test func archivesNameTheirExamples() throws {
        #expect(!ArrayFile.recognizes(path("nowhere.npz")))
        func archive(_ names: [String: Int]) throws {
            var file = NPZ()
            for (name, count) in names { file.set(bytes([count, 2]), named: name) }
            try file.write(to: path("a.npz"))
        }
        func count() throws -> Int { try ArrayFile.examples(in: path("a.npz"), for: [2]).count }
        try archive(["x_test": 3, "x_train": 5])
        #expect(try ArrayFile.recognizes(path("a.npz")) && count() == 3)
        #expect(!ArrayFile.hasLabels(path("a.npz")))
        try archive(["frames": 4, "y": 4])
        #expect(try count() == 4 && ArrayFile.hasLabels(path("a.npz")))
        try archive(["frames": 4, "others": 4])
        #expect(
            failure(in: directory.path) { _ = try count() }.hasPrefix(
                "badData: DIR/a.npz: no array of the archive is known to be the examples"))
    }
}
