import Arrays
import Foundation
import Testing

@testable import Networks

@Suite struct ScheduleTests {
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
        #expect(Schedule.warmUp(steps: 5, then: .cosine()).learningRate(1, step: 3, of: 2) == 0)
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
