import Arrays
import ExampleData
import Support
import Testing

/// Rows of features in their three forms.
@Suite struct FeatureMatrixTests {
    private let images = NDArray<UInt8>(shape: [3, 2, 2], elements: Array(1...12))
    private let sparse = CompressedRows(
        width: 4, starts: [0, 1, 1, 3], columns: [2, 0, 3], values: [5, -1, 0.5])

    @Test("a part of the examples is the same rows, as bytes and as floats")
    func parts() {
        let examples = FeatureMatrix.bytes(images)
        #expect(examples.count == 3 && examples.featureCount == 4 && examples.exampleShape == [2, 2])
        let part = examples[1..<3].unscaledFloats
        #expect(part.shape == [2, 4])
        #expect(part.elements == [5, 6, 7, 8, 9, 10, 11, 12])
        #expect(FeatureMatrix.floats(images.asType())[1..<3].unscaledFloats == part)
    }

    @Test func aPartOfBytesSharesTheirMemory() {
        func address(_ features: FeatureMatrix) -> UnsafePointer<UInt8>? {
            guard case .bytes(let array) = features.storage else { return nil }
            return array.withUnsafeElements(\.baseAddress)
        }
        let examples = FeatureMatrix.bytes(images)
        #expect(address(examples) != nil && address(examples[1..<3]) == address(examples).map { $0 + 4 })
    }

    @Test func rowsAreGatheredInTheirOrderInEveryForm() {
        let rows: [Int32] = [2, 0, 2]
        let bytes = FeatureMatrix.bytes(images, scale: 0.5).gathered(rows)
        #expect(bytes.shape == [3, 2, 2] && bytes.scale == 0.5)
        #expect(bytes.unscaledFloats.elements == [9, 10, 11, 12, 1, 2, 3, 4, 9, 10, 11, 12])
        #expect(FeatureMatrix.floats(images.asType()).gathered(rows).unscaledFloats == bytes.unscaledFloats)
        let gathered = FeatureMatrix.sparse(sparse).gathered(rows)
        #expect(gathered.shape == [3, 4])
        #expect(gathered.unscaledFloats.elements == [-1, 0, 0, 0.5, 0, 0, 5, 0, -1, 0, 0, 0.5])
        #expect(FeatureMatrix.sparse(sparse)[1..<3].unscaledFloats.elements == [0, 0, 0, 0, -1, 0, 0, 0.5])
    }

    @Test func channelsComeFirst() {
        // One picture of 1 x 2 pixels with three channels.
        let colours = NDArray<UInt8>(shape: [1, 1, 2, 3], elements: [1, 2, 3, 4, 5, 6])
        let features = FeatureMatrix.interleaved(colours)
        #expect(features.exampleShape == [3, 1, 2])
        #expect(features.unscaledFloats.elements == [1, 4, 2, 5, 3, 6])
    }

    @Test func zerosAreCounted() {
        let full = NDArray<UInt8>(shape: [4, 10], repeating: 1)
        #expect(!FeatureMatrix.bytes(full).isMostlyZero && !FeatureMatrix.floats(full.asType()).isMostlyZero)
        let empty = NDArray<UInt8>(shape: [4, 10], repeating: 0)
        #expect(FeatureMatrix.bytes(empty).isMostlyZero && FeatureMatrix.floats(empty.asType()).isMostlyZero)
        #expect(FeatureMatrix.sparse(sparse).isMostlyZero)
    }

    @Test func examplesFromOutsideAreRefusedByATypedError() {
        let table = FeatureMatrix.floats(NDArray(shape: [2, 2], elements: [1, 2, 3, 4]))
        func refusal(_ features: FeatureMatrix, _ targets: Targets) -> String? {
            let error = #expect(throws: DescentError.self) {
                try LabeledExamples(validating: features, targets, classNames: ["a", "b"])
            }
            return error?.description
        }
        #expect(refusal(table, .classes([0]))?.contains("differ in number") == true)
        #expect(refusal(table, .classes([0, 2]))?.contains("row 1") == true)
        #expect(refusal(table, .classes([-1, 0]))?.contains("row 0") == true)
        #expect(refusal(table, .values(NDArray([1, .nan])))?.contains("row 1") == true)
        let broken = FeatureMatrix.floats(NDArray(shape: [2, 2], elements: [1, 2, .infinity, 4]))
        #expect(refusal(broken, .classes([0, 1]))?.contains("row 1, column 0") == true)
        let rows = CompressedRows(width: 3, starts: [0, 0, 1], columns: [2], values: [.nan])
        #expect(refusal(.sparse(rows), .classes([0, 1]))?.contains("row 1, column 2") == true)
    }

    @Test func numbersAreColumnsAndHaveNoClasses() throws {
        let examples = try LabeledExamples(
            validating: .floats(NDArray(shape: [3, 1], elements: [0, 1, 2])), .values(NDArray([5, 6, 7])))
        #expect(examples.targets == .values(NDArray(shape: [3, 1], elements: [5, 6, 7])))
        #expect(examples.classes.isEmpty && examples.classNames.isEmpty)
        let part = examples.gathered([2, 0])
        #expect(part.targets == .values(NDArray(shape: [2, 1], elements: [7, 5])))
        #expect(examples.prefix(2).targets == .values(NDArray(shape: [2, 1], elements: [5, 6])))
        #expect(examples.contentChecksum != examples.gathered([0, 2, 1]).contentChecksum)
    }
}
