import Arrays
import ExampleData
import Testing

/// Parts of labelled examples: which ones they are, and that nothing is lost or seen twice.
@Suite struct LabeledExamplesPartsTests {
    /// Five images of one pixel each, whose pixel says which one it is.
    private let images = LabeledExamples(
        .bytes(NDArray(shape: [5, 1, 1], elements: [10, 11, 12, 13, 14])),
        classes: [0, 1, 0, 1, 1], classNames: ["a", "b"])

    private func pixels(_ part: LabeledExamples) -> [UInt8] { part.images.elements }

    @Test func aPrefixIsTheFirstOnes() {
        let two = images.prefix(2)
        #expect(two.images.shape == [2, 1, 1] && pixels(two) == [10, 11])
        #expect(two.classes == [0, 1] && two.classNames == ["a", "b"])
        #expect(pixels(images.prefix(9)) == pixels(images) && images.prefix(0).count == 0)
    }

    @Test func pickedRowsComeInTheirOrder() {
        let picked = images.gathered([4, 0, 4])
        #expect(picked.images.shape == [3, 1, 1] && pixels(picked) == [14, 10, 14])
        #expect(picked.classes == [1, 0, 1])
    }

    @Test func aSplitHoldsEachImageOnce() {
        let (learning, held) = images.split(holding: 2, seed: 3)
        #expect(learning.count == 3 && held.count == 2)
        #expect((pixels(learning) + pixels(held)).sorted() == pixels(images))
        #expect(pixels(held) == pixels(images.split(holding: 2, seed: 3).1))
    }

    @Test func countsOfClasses() {
        let examples = LabeledExamples(
            .floats(NDArray(shape: [3, 1], elements: [0, 1, 2])), classes: [2, 0, 2],
            classNames: ["x", "y", "z"])
        #expect(examples.countsByClass == [1, 0, 2])
    }
}
