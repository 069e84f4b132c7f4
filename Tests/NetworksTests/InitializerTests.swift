import Arrays
import Support
import Testing

@testable import Networks

@Suite struct InitializerTests {
    private struct Ramp: InitializationRule {
        static let kind = "ramp"
        static let usage = "ramp:1"
        let slope: Double

        init(from settings: inout SettingText) throws {
            slope = try settings.number("slope", main: true, in: -10...10) ?? 1
        }
        var settingsText: String { "\(slope)" }
        func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
            NDArray(shape: shape, elements: (0..<shape.reduce(1, *)).map { Float(slope * Double($0)) })
        }
    }

    @Test func textsAreReadAndWritten() throws {
        for (text, initializer) in [
            ("zeros", Initializer.zeros), ("constant:1.0", .constant(1)), ("constant:-2.5", .constant(-2.5)),
            ("normal:0.01", .normal(standardDeviation: 0.01)), ("xavier", .xavier), ("he", .he),
        ] {
            #expect(try Initializer(parsing: text) == initializer && initializer.description == text)
        }
        #expect(try Initializer(parsing: "normal:deviation=0.5") == .normal(standardDeviation: 0.5))
        #expect(try Initializer(parsing: "normal") == .normal(standardDeviation: 0.01))
        #expect(Initializer.zeros != .constant(0) && Initializer.he != .xavier)
        #expect(
            InitializerRegistry.standard.kinds.map { $0.usage } == [
                "zeros", "constant:1", "normal:0.01", "xavier", "he",
            ])
    }

    @Test func impossibleOnesAreRefused() {
        for (text, what) in [
            ("uniform", "unknown initializer"), ("normal:-1", "impossible deviation"),
            ("normal:nan", "impossible deviation"), ("he:2", "he has no setting '2'"),
            ("constant:1e60", "impossible value"), ("", "unknown initializer"),
        ] {
            let error = #expect(throws: DescentError.self) { try Initializer(parsing: text) }
            #expect(error?.kind == .usage && error?.what == what, "\(error?.description ?? "")")
        }
    }

    /// Gives one value, whatever it is asked for.
    private struct Single: InitializationRule {
        static let kind = "single"
        init() {}
        init(from settings: inout SettingText) throws {}
        func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> { NDArray([1]) }
    }

    @Test func valuesOfAnotherShapeEndTheProgram() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Dense(2, 3, initializer: Initializer(Single())).weight.value
        }
        let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(words.contains("a parameter of shape [2, 3] cannot become [1]"))
    }

    @Test func oneOfOnesOwnIsFoundByItsName() throws {
        var registry = InitializerRegistry.standard
        registry.register(Ramp.self)
        let ramp = try Initializer(parsing: "ramp:0.5", in: registry)
        #expect(ramp.description == "ramp:0.5" && ramp != .zeros)
        #expect(throws: DescentError.self) { try Initializer(parsing: "ramp:0.5") }
        var random = RandomState(1)
        let layer = Dense(2, 2, initializer: ramp)
        layer.initialize(using: &random)
        #expect(layer.weight.value.elements == [0, 0.5, 1, 1.5] && layer.bias.value.elements == [0, 0])
    }

    /// NumPy's generator is the oracle: `RandomState(1).randn(2)` = 1.62434536, -0.61175641.
    @Test func deviationsFollowTheFanIn() {
        for (initializer, shape, deviation) in [
            (Initializer.xavier, [4, 1], 0.5), (.he, [8, 1], 0.5), (.he, [1, 2, 2, 1], 0.5.squareRoot()),
            (.xavier, [1, 1, 2, 2], 0.5), (.normal(standardDeviation: 3), [4, 1], 3), (.xavier, [], 1),
        ] {
            var random = RandomState(1)
            let values = initializer.values(shape: shape, using: &random)
            #expect(values.shape == shape)
            #expect(
                abs(Double(values.elements[0]) - 1.62434536 * deviation) < 1e-6, "\(initializer) \(shape)")
        }
        #expect(Initializer.he.rule.numPyDeviation(inputs: 784) == "(2 / 784) ** 0.5")
        #expect(Initializer.constant(1).rule.numPyDeviation(inputs: 784) == nil)
    }
}
