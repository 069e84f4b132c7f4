import Arrays
import Autodiff
import Networks
import Support
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

    /// What stands behind a window comes in any order; what is kept has one.
    @Test(arguments: [
        ("conv:4@3n/2", "conv:4@3/2n"), ("conv:4@3/2n", "conv:4@3/2n"), ("conv:8@3s2p1", "conv:8@3p1s2"),
        ("conv:8@5n/2s2p2,pool,dropout0.50,064", "conv:8@5p2s2/2n,pool,dropout0.5,64"),
        ("conv:8@3p0s1", "conv:8@3"), ("mlp:064,32", "mlp:64,32"),
    ])
    func suffixesComeInAnyOrder(name: String, canonical: String) throws {
        let one = try Architecture(named: name, inputs: 784, classes: 10)
        let other = try Architecture(named: canonical, inputs: 784, classes: 10)
        #expect(one.name == canonical && other.name == canonical && one.layers == other.layers)
        #expect(Architecture.canonicalName(name) == canonical)
        // What cannot be read stays for who refuses it.
        for bad in ["conv:8@3x", "mlp:1,,2", "mlp:pool", "nothing", "conv:"] {
            #expect(Architecture.canonicalName(bad) == bad)
        }
    }

    /// Which part is wrong, and in what.
    @Test(arguments: [
        ("mlp:1,,2", "hidden layer 2 has no size", "nothing there in 'mlp:1,,2'"),
        ("mlp:1,x", "hidden layer 2 has an impossible size", "'x' in 'mlp:1,x'"),
        ("mlp:0", "the hidden layer has an impossible size", "'0' in 'mlp:0'"),
        ("conv:8@3/2/2", "'/' is given twice", "conv:8@3/2/2"), ("conv:8@3p3", "not a padding", "conv:8@3p3"),
        ("conv:8@3,,8", "nothing stands between two commas", "conv:8@3,,8"),
    ])
    func theWrongPartIsNamed(name: String, what: String, got: String) {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: name, inputs: 784, classes: 10)
        }
        #expect(error?.description.contains(what) == true, "\(String(describing: error))")
        #expect(error?.description.contains(got) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "conv:", "conv:8@", "conv:8@3p3", "conv:@3", "conv:64,8@3", "conv:64,pool", "conv:8@29", "conv:0@3",
        "conv:dropout1", "conv:8@3@3", "conv:8@3s0", "conv:8@3s", "conv:8@3nn", "conv:8@3s2p1s2",
        "conv:8@28/2", "conv:8@/2", "conv:8@3/3", "conv:8@3/", "conv:8@3x", "conv:8@3,,8", "conv:8@3p",
        "conv:8@+3",
    ])
    func impossibleOnesAreRefused(name: String) throws {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: name, inputs: 784, classes: 10)
        }
        #expect(error?.kind == .usage && error?.place == "`named`", "\(String(describing: error))")
    }
}
