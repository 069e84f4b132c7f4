import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Networks

@Suite struct ScheduleTests {
    /// A rule and a loss of one's own, also after a warm-up; bounds of settings that `Double` has and no rule of ours.
    @Test func registriesTakeMore() throws {
        struct Inverse: ScheduleRule {
            static let kind = "inverse"
            let decay: Double
            init(from settings: inout SettingText) throws {
                decay =
                    try settings.number("decay", main: true, in: Double.leastNonzeroMagnitude...(.infinity))
                    ?? 1
            }
            var settingsText: String { "\(decay)" }
            func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double {
                rate / (1 + decay * Double(moment.epoch))
            }
        }
        var registry = ScheduleRegistry.standard
        registry.register(Inverse.self)
        let schedule = try Schedule(parsing: "inverse:0.5", in: registry)
        #expect(schedule.description == "inverse:0.5" && schedule != .constant)
        #expect(try schedule == Schedule(parsing: schedule.description, in: registry))
        #expect([0, 1, 2].map { schedule.learningRate(3, step: $0, of: 9) } == [3, 2, 1.5])
        let warm = try Schedule(parsing: "warm-up:2+inverse:1", in: registry)
        #expect([0, 1, 2, 3].map { warm.learningRate(4, step: $0, of: 9) } == [2, 4, 4, 2])
        #expect(throws: DescentError.self) { try Schedule(parsing: "inverse:0.5") }
        let error = #expect(throws: DescentError.self) { try Schedule(parsing: "inverse:-1", in: registry) }
        #expect(error?.description.contains("inf") == true, "\(error?.description ?? "")")
    }

    @Test func ratesFollowPyTorch() throws {
        let vectors = try TrainingVectors.load()
        #expect(vectors.schedules.count == 12)
        for (name, expected) in vectors.schedules {
            let schedule = try Schedule(parsing: name)
            for (step, wanted) in expected.enumerated() {
                let rate = schedule.learningRate(vectors.rate, step: step, of: vectors.total)
                #expect(abs(rate - wanted) < 1e-12, "\(name), step \(step): \(rate), PyTorch \(wanted)")
            }
        }
    }

    @Test func plateausFollowPyTorch() throws {
        let vectors = try TrainingVectors.load()
        #expect(vectors.plateaus.count == 3)
        for (name, expected) in vectors.plateaus {
            let schedule = try Schedule(parsing: name)
            var state = PlateauState(try #require(schedule.plateau))
            var lowered = 0
            for (step, wanted) in expected.enumerated() {
                let rate = schedule.learningRate(
                    vectors.rate, step: step, of: expected.count, plateau: state)
                #expect(abs(rate - wanted) < 1e-12, "\(name), step \(step): \(rate), PyTorch \(wanted)")
                lowered += state.observe(vectors.losses[step]) ? 1 : 0
                // What was written half-way goes on as if nothing had happened.
                var restored = PlateauState(state.rule)
                try restored.restore(arrays: [], scalars: state.stateScalars)
                #expect(restored == state)
                state = restored
            }
            #expect(lowered > 0)
        }
    }

    /// Ten steps in an epoch: epochs count where PyTorch's schedules are stepped once an epoch.
    @Test func epochsAreCountedInSteps() {
        let schedule = Schedule.step(every: 2, factor: 0.5)
        #expect(
            [0, 19, 20, 39, 40].map { schedule.learningRate(1, step: $0, of: 100, stepsPerEpoch: 10) }
                == [1, 1, 0.5, 0.5, 0.25])
        // Steps beyond the last: a cosine reaches its end at the first of them, one cycle before.
        #expect(
            [100, 500].map { Schedule.cosine(end: 0.1).learningRate(1, step: $0, of: 100) } == [0.1, 0.1])
        #expect(Schedule.cosine(end: 0.1).learningRate(1, step: 99, of: 100) > 0.1)
        let last = Schedule.oneCycle.learningRate(1, step: 99, of: 100)
        #expect(Schedule.oneCycle.learningRate(1, step: 500, of: 100) == last)
        #expect(Schedule.exponential(factor: 0.5).learningRate(1, step: 3, of: 2) == 0.125)
        #expect(Schedule.oneCycle.learningRate(1, step: 0, of: 1).isFinite)
        #expect(Schedule.oneCycle.learningRate(1, step: 0, of: 0).isFinite)
        #expect(Schedule.warmUp(steps: 5, then: .cosine()).learningRate(1, step: 3, of: 2) == 0.8)
    }

    /// A warm-up as long as the run, or longer: the ramp goes to the rate, whatever would follow.
    @Test(arguments: [
        "cosine", "cosine:end=0.5", "constant", "step:every=1,factor=0.1", "exponential:0.5", "one-cycle",
        "plateau",
    ])
    func aWarmUpLongerThanTheRunClimbs(next: String) throws {
        let schedule = try Schedule(parsing: "warm-up:100+\(next)")
        for total in [1, 2, 50, 99, 100] {
            for step in 0..<total {
                let rate = schedule.learningRate(0.4, step: step, of: total, stepsPerEpoch: 7)
                #expect(
                    abs(rate - 0.4 * Double(step + 1) / 100) < 1e-15,
                    "\(next), step \(step) of \(total): \(rate)")
            }
            let warning = try #require(schedule.warning(steps: total))
            #expect(warning.contains("warm-up"), "\(warning)")
        }
        #expect(
            schedule.warning(steps: 50)
                == "the warm-up takes 100 steps and the run has 50: the learning rate ends at 50.0 % of where it would "
                + "rise to" + (next == "constant" ? "" : "; \(schedule.following) never begins"))
        #expect(schedule.warning(steps: 101) == nil)
    }

    /// One step is left after the warm-up: it is of the schedule's beginning, and not of its end.
    @Test func fewStepsAreLeft() throws {
        for (next, wanted) in [("cosine", 1.0), ("one-cycle", 1), ("step:every=1", 1), ("plateau", 1)] {
            let schedule = try Schedule(parsing: "warm-up:4+\(next)")
            let rates = (0..<5).map { schedule.learningRate(1, step: $0, of: 5) }
            #expect(rates == [0.25, 0.5, 0.75, 1, wanted], "\(next): \(rates)")
        }
        // A run of one step learns at the rate.
        for name in notEmpty(Schedule.names) where !name.hasPrefix("warm-up") {
            let schedule = try Schedule(parsing: name.replacingOccurrences(of: "max=RATE,", with: ""))
            #expect(schedule.learningRate(0.3, step: 0, of: 1) == 0.3, "\(name)")
            #expect(schedule.warning(steps: 1) == nil)
        }
        // Whatever the number of steps, a run learns something in one of them.
        for total in 1...12 {
            for name in ["cosine", "one-cycle", "warm-up:3+cosine", "warm-up:20+one-cycle"] {
                let schedule = try Schedule(parsing: name)
                let most = (0..<total).map { schedule.learningRate(1, step: $0, of: total) }.max() ?? 0
                #expect(most >= 0.05, "\(name) of \(total): \(most)")
            }
        }
    }

    /// Losses below zero and at it: better is what is below the best by a share of its size.
    @Test func plateausOfAnyLoss() {
        func scale(_ losses: [Double], patience: Int = 4) -> Double {
            var state = PlateauState(Plateau(factor: 0.5, patience: patience))
            for loss in losses { state.observe(loss) }
            return state.scale
        }
        // Six times the same: the first is the best, the fifth after it is one too many.
        for loss in [-1, 0, 1, -1e9, 1e-9] {
            #expect(scale(Array(repeating: loss, count: 6)) == 0.5, "\(loss)")
        }
        // Getting worse is no better.
        #expect(scale([-1, -0.99995, -0.9, -0.5, 0, 1]) == 0.5)
        // Lower by less than a ten-thousandth is not lower.
        #expect(scale([-1, -1.00005, -1.00006, -1.00007, -1.00008, -1.00009]) == 0.5)
        #expect(scale([-1, -1.1, -1.2, -1.3, -1.4, -1.5]) == 1)
        #expect(scale([0, -1e-9, -2e-9, -3e-9, -4e-9, -5e-9]) == 1)
        #expect(scale([1, 0.5, 0, -0.5, -1, -2]) == 1)
        // What is not a number is not better, and does not become the best.
        #expect(scale([.nan, .nan, .nan, .nan, .nan]) == 0.5)
        #expect(scale([1, .nan, .nan, .nan, .nan, 0.5]) == 1)
        #expect(scale([.infinity, 3, 2, 1], patience: 0) == 0.5)
    }

    @Test func textsAreReadAndWritten() throws {
        for name in [
            "constant", "step:every=5,factor=0.1", "exponential:0.95", "cosine", "cosine:end=0.001",
            "one-cycle",
            "one-cycle:max=0.01", "plateau", "plateau:0.5,patience=3", "warm-up:100+cosine",
            "warm-up:10+plateau:patience=1", "warm-up:5", "step", "exponential",
        ] {
            let schedule = try Schedule(parsing: name)
            #expect(try Schedule(parsing: schedule.description) == schedule, "\(name)")
            #expect(
                try JSONDecoder().decode([Schedule].self, from: JSONEncoder().encode([schedule])) == [
                    schedule
                ])
        }
        #expect(try Schedule(parsing: "warm-up:100+cosine") == .warmUp(steps: 100, then: .cosine()))
        #expect(Schedule("one-cycle") == .oneCycle)
        for wrong in [
            "", "cosinus", "step:every=0", "step:factor=2", "step:every=1.5", "exponential:0",
            "one-cycle:max=-1",
            "one-cycle:rise=2", "plateau:1", "plateau:threshold=1", "warm-up:0+cosine", "warm-up:5+",
            "warm-up:5+warm-up:5+cosine",
            "cosine+cosine", "constant:1",
        ] {
            #expect(Schedule(wrong) == nil, "\(wrong)")
        }
    }

    /// A checkpoint's arguments may hold any text.
    @Test func aHundredThousandWarmUpsAreRefusedAtOnce() throws {
        for first in ["warm-up+", "warm-up:3+"] {
            let text = String(repeating: first, count: 100_000) + "cosine"
            let error = #expect(throws: DescentError.self) { try Schedule(parsing: text) }
            #expect(error?.expected == "one warm-up")
            #expect(error?.description.count ?? .max < 300, "\(error?.description.count ?? 0)")
        }
    }
}

extension Schedule {
    /// What comes after the warm-up.
    fileprivate var following: Schedule {
        (rule as? WarmUp)?.next ?? self
    }
}
