import Arrays
import Autodiff
import Networks
import Testing

@testable import Learning

/// Names that spell out their layers.
@Suite struct SpelledArchitectureTests {
    @Test func layersAreThoseOfTheName() throws {
        let architecture = try Architecture(
            named: "conv:6@5p2,pool,16@5,pool,120,84", inputs: 784, classes: 10)
        let lenet = try Architecture(named: "lenet", inputs: 784, classes: 10)
        #expect(architecture.layers == lenet.layers)
        let other = try Architecture(named: "conv:8@3n,pool,dropout0.25", inputs: 784, classes: 10)
        #expect(
            try other.shapes() == [
                [1, 28, 28], [8, 26, 26], [8, 26, 26], [8, 26, 26], [8, 13, 13], [8, 13, 13], [1352], [10],
            ])
        // 8 x 9 weights, 2 x 8 of the normalisation, 1352 x 10 + 10.
        #expect(other.parameterCount == 72 + 16 + 13_530)
        let shrinking = try Architecture(named: "conv:8@5p2s2,6@3/2n,4@2/2", inputs: 784, classes: 10)
        #expect(
            try shrinking.shapes() == [
                [1, 28, 28], [8, 14, 14], [6, 12, 12], [6, 6, 6], [6, 6, 6], [6, 6, 6], [4, 5, 5], [4, 2, 2],
                [4, 2, 2], [16], [10],
            ])
        // 8 x 25 + 8, 6 x 8 x 9 + 2 x 6, 4 x 6 x 4 + 4, 16 x 10 + 10.
        #expect(shrinking.parameterCount == 208 + 444 + 100 + 170)
    }

    @Test(arguments: [
        "conv:", "conv:8@", "conv:8@3p3", "conv:@3", "conv:64,8@3", "conv:64,pool", "conv:8@29", "conv:0@3",
        "conv:dropout1", "conv:8@3@3", "conv:8@3s0", "conv:8@3s", "conv:8@3n/2", "conv:8@3s2p1",
        "conv:8@28/2", "conv:8@/2",
    ])
    func impossibleOnesAreRefused(name: String) throws {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: name, inputs: 784, classes: 10)
        }
        #expect(error?.kind == .usage && error?.place == "--model", "\(String(describing: error))")
    }
}
