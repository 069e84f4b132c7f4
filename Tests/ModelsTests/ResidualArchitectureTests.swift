import Arrays
import Networks
import Support
import Testing

@testable import Models

/// Residual networks by the sizes in their names.
@Suite struct ResidualArchitectureTests {
    @Test func theNameWithoutSizesIsThatOfThree() throws {
        let plain = try Architecture(named: "residual", inputs: 784, classes: 10)
        let spelled = try Architecture(named: "residual:16,32,64", inputs: 784, classes: 10)
        #expect(plain.layers == spelled.layers)
    }

    /// Shapes by hand: a stage from the second on halves, rounding up; the first convolution of s2 too; s4 pools besides.
    @Test(arguments: [
        ("residual:8", [3, 20, 30], [8, 20, 30]),
        ("residual:8,16", [3, 20, 30], [16, 10, 15]),
        ("residual:s2,8x2,16x3", [3, 21, 30], [16, 6, 8]),
        ("residual:s4,8,16,32", [1, 64, 96], [32, 4, 6]),
    ])
    func shapesAreThoseOfTheName(name: String, image: [Int], last: [Int]) throws {
        let architecture = try Architecture(
            named: name, inputs: image.reduce(1, *), imageShape: image, classes: 5)
        let shapes = try architecture.shapes()
        #expect(shapes.first == image)
        #expect(shapes[shapes.count - 3] == last)
        #expect(shapes[shapes.count - 2] == [last[0]])
        #expect(shapes.last == [5])
        #expect(architecture.name == name)
    }

    @Test(arguments: [
        "residual:", "residual:s2", "residual:s3,8", "residual:8x0", "residual:8x", "residual:0",
        "residual:8,,8",
        "residual:8,s2", "residual:a", "residual:1,2,3,4,5,6,7,8,9",
    ])
    func impossibleSizesAreRefused(name: String) {
        #expect(throws: DescentError.self) { try Architecture(named: name, inputs: 784, classes: 10) }
    }

    /// Whatever the picture, the network that is chosen can be made.
    @Test(arguments: [8, 28, 32, 48, 64, 97, 224], [100, 50_000])
    func theAutomaticNameFitsThePictures(side: Int, count: Int) throws {
        let name = Architecture.automaticName(height: side, width: side + 5, classes: 10, count: count)
        let architecture = try Architecture(
            named: name, inputs: 3 * side * (side + 5), imageShape: [3, side, side + 5], classes: 10)
        #expect(architecture.name == name)
        #expect(name.contains(count > 20_000 ? "32" : "16"))
    }
}
