import Support
import TestSupport
import Testing

@Suite struct SettingTextTests {
    private func number(
        _ text: String, in range: some RangeExpression<Double>, main: Bool = true
    ) throws -> Double? {
        var settings = SettingText(text, of: "loss")
        let number = try settings.number("delta", main: main, in: range)
        try settings.finish()
        return number
    }

    @Test func nameAndSettingsAreTakenApart() throws {
        var settings = SettingText("step:every=5,factor=0.1,note=a=b", of: "schedule")
        #expect(settings.name == "step")
        #expect(try settings.whole("every", from: 1) == 5)
        #expect(try settings.number("factor", in: 0...1) == 0.1)
        #expect(settings.text("note") == "a=b")
        #expect(settings.text("note") == nil)
        try settings.finish()
        var bare = SettingText("step", of: "schedule")
        #expect(try bare.name == "step" && bare.whole("every", from: 1) == nil)
        try bare.finish()
    }

    @Test func theMainSettingNeedsNoName() throws {
        #expect(try number("huber:0.5", in: 0...1) == 0.5 && number("huber:delta=0.5", in: 0...1) == 0.5)
        #expect(try number("huber", in: 0...1) == nil)
        #expect(
            failure { _ = try number("huber:0.5", in: 0...1, main: false) }
                == "usage: loss 'huber:0.5': huber has no setting '0.5'")
    }

    @Test(arguments: ["x", "", "nan", "inf", "-1", "2", "0.5 "])
    func whatIsNotInTheRangeIsRefused(value: String) {
        #expect(
            failure { _ = try number("huber:\(value)", in: 0...1.0) }
                == "usage: loss 'huber:\(value)': impossible delta (expected a number from 0 to 1, got '\(value)')"
        )
    }

    @Test func rangesAreSaid() {
        #expect(
            failure { _ = try number("huber:-1", in: 0.5...) }.contains("expected a number, 0.5 or more"))
        #expect(
            failure { _ = try number("huber:-1", in: 0..<20.0) }.contains(
                "expected a number, at least 0 and below 20"))
        // A bound that is told is one that is taken.
        #expect(failure { _ = try number("huber:0", in: SettingText.aboveZero) }.contains("from 1.2e-38"))
        #expect(throws: Never.self) { _ = try number("huber:0", in: SettingText.fromZero) }
    }

    @Test(arguments: ["1.5", "0", "-3", "many", "300000000000000"])
    func wholeNumbersAreWholeAndBounded(value: String) {
        var settings = SettingText("step:every=\(value)", of: "schedule")
        #expect(
            failure { _ = try settings.whole("every", from: 1) }
                == "usage: schedule 'step:every=\(value)': impossible every "
                + "(expected a whole number, 1 or more, got '\(value)')")
    }

    @Test func whatNobodyAskedForIsRefused() {
        let settings = SettingText("step:every=5,speed=1", of: "schedule")
        #expect(
            failure { try settings.finish() }
                == "usage: schedule 'step:every=5,speed=1': step has no setting 'every'")
        #expect(
            settings.unknownName(known: ["constant", "cosine"]).description
                == "unknown schedule (expected constant, cosine, got 'step')")
    }
}

@Suite struct ComponentRegistryTests {
    private struct Shift: NamedBySettings {
        static let kind = "shift"
        static let usage = "shift:1"
        var by = 1.0
        init(from settings: inout SettingText) throws {
            by = try settings.number("by", main: true, in: 0...9) ?? 1
        }
        var settingsText: String { "by=\(by)" }
    }
    private struct Nothing: NamedBySettings {
        static let kind = "nothing"
        init(from settings: inout SettingText) {}
    }

    private var registry: ComponentRegistry<any NamedBySettings.Type> {
        var registry = ComponentRegistry<any NamedBySettings.Type>(of: "move")
        registry.register(Shift.self, named: Shift.kind)
        registry.register(Nothing.self, named: Nothing.kind)
        return registry
    }

    private func make(_ text: String) throws -> any NamedBySettings {
        try registry.component(parsing: text, usage: { $0.usage }, make: { try $0.init(from: &$1) })
    }

    @Test func kindsKeepTheirOrderAndAreReplaced() throws {
        var registry = registry
        #expect(registry.component == "move" && registry.names == ["shift", "nothing"])
        registry.register(Nothing.self, named: "shift")
        #expect(registry.names == ["shift", "nothing"] && registry.kinds.count == 2)
        #expect(registry["shift"] == Nothing.self && registry["other"] == nil)
        // A registry is a value: the other one has what it had.
        #expect(try self.registry.kind(named: "shift") == Shift.self)
    }

    @Test func namesThatTextsWouldCutAreRefused() async {
        for name in ["", "a,b", "a:b"] {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                [name = name as String] in
                var registry = ComponentRegistry<Int>(of: "move")
                registry.register(1, named: name)
            }
            let words = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
            #expect(words.contains("a kind of move is named '\(name)'"), "\(words)")
        }
    }

    @Test func anUnknownNameSaysWhichThereAre() {
        #expect(
            failure { _ = try registry.kind(named: "turn") }
                == "usage: unknown move (expected shift, nothing, got 'turn'); register what is your own before its name "
                + "is read")
        #expect(
            failure { _ = try make("turn:3") }
                == "usage: unknown move (expected shift:1, nothing, got 'turn')")
    }

    @Test func textsAreReadAndWritten() throws {
        let shift = try #require(try make("shift:2.5") as? Shift)
        #expect(shift.by == 2.5 && shift.text == "shift:by=2.5")
        #expect(try make(shift.text) as? Shift == shift)
        #expect(try make("nothing").text == "nothing")
        #expect(
            failure { _ = try make("nothing:1") } == "usage: move 'nothing:1': nothing has no setting '1'")
        #expect(failure { _ = try make("shift:10") }.hasPrefix("usage: move 'shift:10': impossible by"))
    }
}
