import Arrays
import TestSupport
import Testing

@testable import Datasets

/// Points of the plane by their formulas.
@Suite struct PlanePointsTests {
    @Test(arguments: PlanePoints.Shape.allCases)
    func oneSeedGivesTheSamePoints(shape: PlanePoints.Shape) {
        let points = PlanePoints(shape, count: 60, noise: 0.1, seed: 7)
        #expect(points.points.shape == [60, 2])
        #expect(points.classes == (0..<60).map { Int32($0 % shape.classCount) })
        #expect(points.classNames.count == shape.classCount)
        #expect(points.points == PlanePoints(shape, count: 60, noise: 0.1, seed: 7).points)
        #expect(points.points != PlanePoints(shape, count: 60, noise: 0.1, seed: 8).points)
    }

    /// Without noise: circles of radius 1 and 0.45; half circles of radius 1 about (-0.5, -0.25) and (0.5, 0.25).
    @Test func placesLieOnTheirCurves() {
        func radii(_ shape: PlanePoints.Shape, _ centre: (Int32) -> (Float, Float)) -> [Float] {
            let points = PlanePoints(shape, count: 40, noise: 0, seed: 3)
            let rows = points.points.elements
            return points.classes.enumerated().map { index, number in
                let (x, y) = (rows[2 * index] - centre(number).0, rows[2 * index + 1] - centre(number).1)
                return (x * x + y * y).squareRoot()
            }
        }
        let circles = radii(.circles) { _ in (0, 0) }
        for (index, radius) in circles.enumerated() {
            #expect(abs(radius - (index % 2 == 0 ? 1 : 0.45)) < 1e-6)
        }
        let moons = radii(.moons) { $0 == 0 ? (-0.5, -0.25) : (0.5, 0.25) }
        #expect(notEmpty(moons).allSatisfy { abs($0 - 1) < 1e-6 })
        let xor = PlanePoints(.xor, count: 40, noise: 0, seed: 3)
        let rows = xor.points.elements
        #expect(xor.classes.enumerated().allSatisfy { (rows[2 * $0] * rows[2 * $0 + 1] > 0) == ($1 == 0) })
    }
}
