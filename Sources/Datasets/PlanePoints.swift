import Arrays
import ExampleData
import Support

/// Points of the plane in classes, to see how a classifier decides.
///
/// ```swift
/// let moons = PlanePoints(.moons, count: 200, noise: 0.15, seed: 1)
/// moons.points.shape   // [200, 2]
/// ```
public struct PlanePoints: Sendable {
    /// The arrangement of the points.
    public enum Shape: String, Sendable, CaseIterable {
        /// Two half circles that reach into each other.
        case moons
        /// A circle within a circle.
        case circles
        /// Four clouds.
        case blobs
        /// Three arms.
        case spirals
        /// Four clouds, those across from each other alike.
        case xor

        /// The number of classes.
        package var classCount: Int {
            switch self {
            case .moons, .circles, .xor: 2
            case .spirals: 3
            case .blobs: 4
            }
        }
    }

    /// The points: [N, 2].
    package let points: NDArray<Float>
    /// The class of each, 0..<K, in turn.
    package let classes: [Int32]
    /// `class 0` and so on.
    package let classNames: [String]

    /// `count` points of a shape about two units large; each coordinate has normal noise of deviation `noise` added.
    ///
    /// - Precondition: `count` 1 or more, `noise` 0 or more, `seed` 0 to 4,294,967,295.
    /// - Complexity: O(N).
    public init(_ shape: Shape, count: Int, noise: Double, seed: Int) {
        require(count >= 1 && noise >= 0, "\(count) points with noise \(noise)")
        var random = RandomState(seed)
        var elements: [Float] = []
        classes = (0..<count).map { Int32($0 % shape.classCount) }
        for number in classes {
            let (x, y) = shape.place(of: Int(number), &random)
            elements.append(Float(x + noise * random.randn()))
            elements.append(Float(y + noise * random.randn()))
        }
        points = NDArray(shape: [count, 2], elements: elements)
        classNames = (0..<shape.classCount).map { "class \($0)" }
    }

    /// The points with their classes, to learn from.
    public var examples: LabeledExamples {
        LabeledExamples(.floats(points), classes: classes, classNames: classNames)
    }
}

extension PlanePoints.Shape {
    /// Returns a point of a class, without noise.
    fileprivate func place(of number: Int, _ random: inout RandomState) -> (x: Double, y: Double) {
        switch self {
        case .moons:
            let angle = Double.pi * random.rand()
            let (x, y) = (Mathematics.cosine(angle), Mathematics.sine(angle))
            return number == 0 ? (x - 0.5, y - 0.25) : (0.5 - x, 0.25 - y)
        case .circles:
            let (angle, radius) = (2 * Double.pi * random.rand(), number == 0 ? 1.0 : 0.45)
            return (radius * Mathematics.cosine(angle), radius * Mathematics.sine(angle))
        case .blobs:
            return [(-0.8, -0.7), (0.9, -0.8), (0.8, 0.9), (-0.9, 0.8)][number]
        case .spirals:
            let turn = random.rand().squareRoot()
            let angle = 2 * Double.pi * (Double(number) / 3 + 0.85 * turn)
            return (1.2 * turn * Mathematics.cosine(angle), 1.2 * turn * Mathematics.sine(angle))
        case .xor:
            let isRight = random.rand() < 0.5
            let isUp = isRight == (number == 0)
            return (isRight ? 0.7 : -0.7, isUp ? 0.7 : -0.7)
        }
    }
}
