import Arrays
import ExampleData

/// Images that are easy to tell apart: class k has a bright square in the k-th of a grid of places, over noise.
package enum ToyImages {
    package static let side = 12

    package static func make(_ count: Int, classes: Int = 4, seed: Int) -> LabeledExamples {
        var random = RandomState(seed)
        let labels = (0..<count).map { Int32($0 % classes) }
        var pixels = [UInt8](repeating: 0, count: count * side * side)
        for index in pixels.indices where random.nextUInt32() % 4 == 0 {
            pixels[index] = UInt8(random.nextUInt32() % 200)
        }
        for (image, label) in labels.enumerated() {
            let (row, column) = (4 * (Int(label) / 3), 4 * (Int(label) % 3))
            for y in row..<(row + 3) {
                for x in column..<(column + 3) { pixels[(image * side + y) * side + x] = 255 }
            }
        }
        return LabeledExamples(
            .bytes(NDArray(shape: [count, side, side], elements: pixels)),
            classes: labels, classNames: (0..<classes).map { "kind \($0)" })
    }
}
